#include "service/heat.h"

#include <cmath>

#include "http/dispatch.h"
#include "http/encode.h"

namespace gridward::http {
namespace {

constexpr std::pair<const char*, map::EdgeCorrection> kCorrections[] = {
    {"jones_diggle", map::EdgeCorrection::jones_diggle}, {"uniform", map::EdgeCorrection::uniform}, {"none", map::EdgeCorrection::none}};

Result<service::HeatAsked> read_asked(const Input& p) {
  service::HeatAsked asked;
  asked.cell = p.text("cell");
  asked.at = p.text("at");
  asked.kind = p.text("kind");
  asked.open_at = p.text("open_at");
  asked.source = p.text("source");
  asked.grade = p.text("grade");
  asked.category = p.text("category");
  if (asked.kind != "hazard")
    for (const char* name : {"open_at", "source", "grade", "category", "major_weight"})
      if (p.has(name)) return fail(Error::field(name, "is for kind=hazard"));
  if (!p.has("open_at")) {
    const auto period = read_period(p);
    if (!period) return fail(period.error());
    asked.period = *period;
  } else {
    for (const char* name : {"from", "to", "period"})
      if (p.has(name)) return fail(Error::field(name, "does not go with open_at: give one or the other"));
    const Day day = *parse_day(asked.open_at);
    asked.period.days = {day, day + std::chrono::days{1}};
  }
  asked.bandwidth = p.number("bandwidth");
  asked.spacing = p.number("spacing");
  asked.major_weight = p.number("major_weight").value_or(1);
  for (const auto& [name, correction] : kCorrections)
    if (p.text("edge_correction") == name) asked.correction = correction;
  return asked;
}

void encode_raster(Json& json, const service::Heat& heat) {
  member(json, "crs", heat.plane);
  json.Key("origin");
  json.StartArray();
  json.Double(heat.raster.west);
  json.Double(heat.raster.north);
  json.EndArray();
  member(json, "spacing_m", std::optional(heat.raster.spacing));
  member(json, "columns", static_cast<std::int64_t>(heat.raster.columns));
  member(json, "rows", static_cast<std::int64_t>(heat.raster.rows));
  json.Key("bounds");
  json.StartArray();
  for (const double edge : {heat.bounds.west, heat.bounds.south, heat.bounds.east, heat.bounds.north}) json.Double(edge);
  json.EndArray();
  json.Key("values");
  json.StartArray();
  for (std::size_t row = 0; row < heat.raster.rows; ++row) {
    json.StartArray();
    for (std::size_t column = 0; column < heat.raster.columns; ++column) {
      const double value = heat.density[row * heat.raster.columns + column];
      if (std::isnan(value)) json.Null();
      else json.Double(value);
    }
    json.EndArray();
  }
  json.EndArray();
}

}  // namespace

Result<Response> get_heat_grid(const Call& call) {
  const auto asked = read_asked(call.parameters);
  if (!asked) return fail(asked.error());
  const auto heat = service::make_heat(call.context.reads, call.who, *asked);
  if (!heat) return fail(heat.error());
  Json json;
  json.StartObject();
  member(json, "kind", asked->kind);
  json.Key("cell");
  encode(json, heat->cell);
  member(json, "map_day", heat->map_day);
  if (heat->period) encode(json, "window", *heat->period);
  member_or_null(json, "open_at", asked->open_at);
  member(json, "kernel", "gaussian");
  member(json, "bandwidth_m", std::optional(heat->bandwidth));
  member(json, "bandwidth_rule", heat->by_scott ? "scott" : "fixed");
  for (const auto& [name, correction] : kCorrections)
    if (asked->correction == correction) member(json, "edge_correction", name);
  member(json, "major_weight", std::optional(asked->major_weight));
  member(json, "unit", "1/km2");
  member(json, "count", static_cast<std::int64_t>(heat->count));
  member(json, "weight", std::optional(heat->weight));
  member(json, "integral", std::optional(heat->integral));
  member(json, "area_km2", std::optional(heat->area_km2));
  encode_raster(json, *heat);
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
