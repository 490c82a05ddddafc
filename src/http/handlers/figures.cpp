#include "service/figures.h"

#include <algorithm>

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/params.h"

namespace gridward::http {
namespace {

std::vector<std::string> parse_measures(Params& p) {
  const std::string text = p.text("measures");
  const auto& known = service::measure_names();
  if (text.empty()) return known;
  std::vector<std::string> out;
  for (std::string_view rest = text; !rest.empty();) {
    const auto comma = rest.find(',');
    out.emplace_back(rest.substr(0, comma));
    if (std::ranges::find(known, out.back()) == known.end()) p.refuse("measures", "\"" + out.back() + "\" is not a measure");
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return out;
}

}  // namespace

Result<Response> get_figures(const Call& call) {
  Params p(call.request);
  service::FiguresAsked asked;
  asked.measures = parse_measures(p);
  asked.within = p.needed("within");
  asked.level = level_number(p.needed("level"));
  if (asked.level == 0 || asked.level > 3) p.refuse("level", "must be district, town or village");
  const auto from = p.needed_day("from");
  const auto to = p.needed_day("to");
  if (from && to && *from >= *to) p.refuse("to", "must be later than from (it is the first day after the window)");
  const std::string mode = p.text("mode");
  asked.as_of = p.day("as_of");
  if (mode == "as_is") asked.mode = service::Mode::as_is;
  else if (mode == "as_of") asked.mode = service::Mode::as_of;
  else if (!mode.empty() && mode != "as_was") p.refuse("mode", "must be as_was, as_is or as_of");
  if ((asked.mode == service::Mode::as_of) == asked.as_of.empty()) p.refuse("as_of", "goes with mode=as_of, and only with it");
  asked.source = p.text("source");
  asked.grade = p.text("grade");
  if (!asked.grade.empty() && asked.grade != "general" && asked.grade != "major") p.refuse("grade", "must be general or major");
  if (p.error()) return fail(*p.error());
  asked.from = *from;
  asked.to = *to;
  const auto table = service::figures(call.context.reads, call.who, asked);
  if (!table) return fail(table.error());
  Json json;
  json.StartObject();
  json.Key("window");
  json.StartObject();
  member(json, "from", to_string(asked.from));
  member(json, "to", to_string(asked.to));
  json.EndObject();
  member(json, "mode", mode.empty() ? "as_was" : mode);
  member_or_null(json, "as_of", table->as_of);
  member(json, "version", table->version);
  for (const auto& [key, rows] : {std::pair{"rows", &table->rows}, std::pair{"direct", &table->direct}}) {
    json.Key(key);
    json.StartArray();
    for (const FigureRow& row : *rows) encode(json, row);
    json.EndArray();
  }
  json.Key("unplaced");
  if (table->unplaced) encode(json, *table->unplaced);
  else json.Null();
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
