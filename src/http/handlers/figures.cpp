#include "service/figures.h"

#include <algorithm>

#include <fmt/format.h>

#include "http/dispatch.h"
#include "http/encode_figure.h"
#include "http/figure_query.h"
#include "http/figure_legend.h"
#include "http/figure_table.h"
#include "http/listing.h"
#include "service/measures.h"

namespace gridward::http {
namespace {

constexpr const char* kUsual = "hazard_density,open_hazard_density,hazards_per_enterprise,inspection_coverage,inspection_visits,patrol_coverage,patrol_visits";

std::vector<Comparison> parse_compare(const std::string& text) {
  std::vector<Comparison> out;
  for (const auto c : {Comparison::year_before, Comparison::previous}) {
    // The contract has seen to it that nothing else is in the list.
    if (text.find(comparison_name(c)) != std::string::npos) out.push_back(c);
  }
  return out;
}

Result<service::FiguresAsked> read_asked(const Input& p) {
  auto read = read_figures_asked(p);
  if (!read) return read;
  service::FiguresAsked& asked = *read;
  auto measures = read_measures(p.has("measures") ? p.text("measures") : kUsual);
  if (!measures) return fail(measures.error());
  asked.measures = std::move(*measures);
  asked.source = p.text("source");
  asked.grade = p.text("grade");
  asked.compare = parse_compare(p.text("compare"));
  const std::string smoothing = p.text("smoothing");
  asked.smoothing = smoothing == "global" ? service::Smoothing::global : smoothing == "local" ? service::Smoothing::local : service::Smoothing::none;
  return read;
}

}  // namespace

Result<Response> get_figure_legend(const Call& call) {
  auto measures = call.parameters.has("measures") ? read_measures(call.parameters.text("measures")) : Result<std::vector<std::string>>(service::measure_names());
  if (!measures) return fail(measures.error());
  Json json;
  json.StartObject();
  encode_legend(json, *measures);
  json.EndObject();
  return json_response(200, json);
}

Result<Response> get_figures(const Call& call) {
  const auto read = read_asked(call.parameters);
  if (!read) return fail(read.error());
  const service::FiguresAsked& asked = *read;
  const std::string mode = call.parameters.text("mode");
  const auto table = service::figures(call.context.figures, call.who, asked);
  if (!table) return fail(table.error());
  if (call.format != Format::json) {
    const auto district = district_of(call, *table);
    if (!district) return fail(district.error());
    return sheet_response(call, figure_table(asked, *table, *district));
  }
  Json json;
  json.StartObject();
  encode(json, "window", table->period);
  member(json, "mode", mode.empty() ? "as_was" : mode);
  member_or_null(json, "as_of", table->as_of);
  member_or_null(json, "known_at", asked.known_at);
  member(json, "version", table->version);
  if (!table->compared.empty()) encode(json, "compared", table->compared);
  for (const auto& [key, rows] : {std::pair{"rows", &table->rows}, std::pair{"direct", &table->direct}}) {
    json.Key(key);
    json.StartArray();
    for (const FigureRow& row : *rows) encode(json, row);
    json.EndArray();
  }
  json.Key("unplaced");
  if (table->unplaced) encode(json, *table->unplaced);
  else json.Null();
  if (asked.smoothing != service::Smoothing::none) {
    json.Key("evidence");
    encode_evidence(json, *table);
  }
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
