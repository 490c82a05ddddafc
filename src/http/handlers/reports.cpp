#include <cmath>

#include <fmt/format.h>

#include "http/dispatch.h"
#include "http/encode_figure.h"
#include "http/figure_query.h"
#include "http/hazard_form.h"
#include "http/listing.h"
#include "service/hazard_report.h"

namespace gridward::http {
namespace {

Result<service::HazardReportAsked> read_report(const Input& p) {
  service::HazardReportAsked out;
  if (p.has("month") == p.has("quarter")) return fail(Error::field("month", "give month or quarter"));
  const std::int64_t year = p.integer("year");
  const auto period = parse_period(p.has("month") ? fmt::format("{:04}-{:02}", year, p.integer("month")) : fmt::format("{:04}-Q{}", year, p.integer("quarter")));
  if (!period) return fail(period.error());
  auto mode = read_mode(p);
  if (!mode) return fail(mode.error());
  out.figures = std::move(*mode);
  out.figures.period = *period;
  out.by_area = p.text("by") == "area";
  if (out.by_area == (out.figures.level == 0)) return fail(Error::field("level", "goes with by=area, and only with it"));
  if (!out.by_area) out.figures.level = 3;  // any will do: rows are not areas
  return out;
}

void encode_tally(Json& json, const char* key, const service::OfficialTally& tally) {
  json.Key(key);
  json.StartObject();
  for (const OfficialColumn& column : official_columns()) member(json, column.key, std::optional(column.value(tally)));
  json.EndObject();
}

/// Lists of what a row of areas, or the total, counts in a window.
void encode_records(Json& json, const service::HazardReport& report, std::int64_t cell) {
  const std::string base = "/api/v1/hazards?" + report.scopes.at(cell);
  json.Key("records");
  json.StartObject();
  for (const auto& [key, from] : {std::pair{"period", report.period.window.from}, std::pair{"cumulative", report.cumulative.from}}) {
    const std::string window = fmt::format("&from={}&to={}", to_string(from), to_string(report.period.window.to)), closed = "&closed_to=" + to_string(report.period.window.to);
    json.Key(key);
    json.StartObject();
    member(json, "general_found", base + window + "&grade=general");
    member(json, "general_rectified", base + window + closed + "&grade=general");
    member(json, "major_found", base + window + "&grade=major");
    member(json, "major_rectified", base + window + closed + "&grade=major");
    member(json, "in_plan", base + window + "&grade=major&in_plan=true");
    member(json, "five_in_place", base + window + "&grade=major&in_plan=true&five_in_place=true");
    const std::string listed = fmt::format("{}&listed_from={}&listed_to={}", base, to_string(from), to_string(report.period.window.to));
    member(json, "listed", listed);
    member(json, "listed_by_province", listed + "&listed_by=province");
    json.EndObject();
  }
  json.EndObject();
}

void encode_row(Json& json, const service::OfficialRow& row, const service::HazardReport& report, bool by_area) {
  json.StartObject();
  if (by_area) {
    encode_cell(json, row.cell);
    if (row.cell.id != 0) encode_records(json, report, row.cell.id);
  } else {
    member_or_null(json, "industry", row.industry.key);
    member(json, "zh", row.industry.zh);
    member(json, "en", row.industry.en);
  }
  encode_tally(json, "period", row.period);
  encode_tally(json, "cumulative", row.cumulative);
  json.EndObject();
}

void encode_definitions(Json& json) {
  json.Key("definitions");
  json.StartArray();
  for (const OfficialColumn& c : official_columns()) {
    json.StartObject();
    member(json, "column", c.key);
    member(json, "heading", *c.zh == '\0' ? std::string(c.group_zh) : fmt::format("{}·{}", c.group_zh, c.zh));
    member(json, "zh", c.definition_zh);
    member(json, "en", c.definition_en);
    json.EndObject();
  }
  json.EndArray();
}

Response report_json(const Call& call, const service::HazardReport& report, const service::HazardReportAsked& asked) {
  const std::string mode = call.parameters.text("mode");
  Json json;
  json.StartObject();
  encode_cell(json, report.within);
  member(json, "title", fmt::format("{}安全生产事故隐患排查治理情况统计表", report.within.name));
  member(json, "period_zh", period_zh(report, false));
  member(json, "cumulative_zh", period_zh(report, true));
  encode(json, "window", report.period);
  json.Key("cumulative_window");
  json.StartObject();
  member(json, "from", to_string(report.cumulative.from));
  member(json, "to", to_string(report.cumulative.to));
  json.EndObject();
  member(json, "mode", mode.empty() ? "as_was" : mode);
  member_or_null(json, "as_of", report.as_of);
  member_or_null(json, "known_at", asked.figures.known_at);
  member(json, "version", report.version);
  member_or_null(json, "data_until", report.data_until);
  json.Key("synthetic");
  json.Bool(report.synthetic);
  member_or_null(json, "data_note", report.synthetic ? kSynthetic : "");
  member(json, "by", asked.by_area ? "area" : "industry");
  encode_definitions(json);
  json.Key("total");
  json.StartObject();
  encode_records(json, report, report.within.id);
  encode_tally(json, "period", report.total.period);
  encode_tally(json, "cumulative", report.total.cumulative);
  json.EndObject();
  json.Key("rows");
  json.StartArray();
  for (const service::OfficialRow& row : report.rows) encode_row(json, row, report, asked.by_area);
  json.EndArray();
  json.EndObject();
  return json_response(200, json);
}

}  // namespace

Result<Response> get_hazard_report(const Call& call) {
  const auto asked = read_report(call.parameters);
  if (!asked) return fail(asked.error());
  const auto report = service::hazard_report(call.context.figures, call.who, *asked);
  if (!report) return fail(report.error());
  if (call.format == Format::csv) return sheet_response(call, hazard_table(*report, *asked));
  if (call.format == Format::json) return report_json(call, *report, *asked);
  auto bytes = geo::write_forms(hazard_forms(*report, *asked));
  if (!bytes) return fail(bytes.error());
  return file_response(call, "hazards.xlsx", std::move(*bytes));
}

}  // namespace gridward::http
