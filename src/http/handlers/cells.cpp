#include "service/cells.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/params.h"
#include "service/auth.h"

namespace gridward::http {
namespace {

bool wants_geojson(const Request& request) {
  const std::string* accept = request.header("accept");
  return accept != nullptr && accept->find("application/geo+json") != std::string::npos;
}

}  // namespace

Result<Response> list_districts(const Call& call) {
  const auto all = service::districts(call.context.reads);
  if (!all) return fail(all.error());
  Json json;
  json.StartObject();
  json.Key("items");
  json.StartArray();
  for (const District& d : *all) {
    bool mine = false;
    for (const Grant& g : call.who.grants) mine = mine || (g.role != "admin" && (g.district == 0 || g.district == d.id));
    if (!mine) continue;
    json.StartObject();
    member(json, "id", d.id);
    member(json, "cell", d.cell);
    member(json, "scheme", d.scheme);
    member(json, "time_zone", d.time_zone);
    member(json, "holds_from", d.holds_from);
    json.Key("synthetic");
    json.Bool(d.synthetic);
    member(json, "today", d.today);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json_response(200, json);
}

Result<Response> list_cells(const Call& call) {
  Params p(call.request);
  service::CellFilter filter;
  filter.at = p.day("at");
  filter.within = p.text("within");
  filter.parent = p.text("parent");
  filter.q = p.text("q");
  filter.after = p.integer("after", 0, 0, INT64_MAX);
  filter.limit = static_cast<int>(p.integer("limit", 100, 1, 1000));
  const std::string level = p.text("level");
  filter.level = level_number(level);
  if (!level.empty() && filter.level == 0) p.refuse("level", "must be district, town, village or enterprise");
  filter.geometry = wants_geojson(call.request);
  if (p.error()) return fail(*p.error());
  const auto cells = service::list_cells(call.context.reads, call.who, filter);
  if (!cells) return fail(cells.error());
  const bool more = static_cast<int>(cells->size()) == filter.limit;
  Json json;
  json.StartObject();
  if (filter.geometry) member(json, "type", "FeatureCollection");
  json.Key(filter.geometry ? "features" : "items");
  json.StartArray();
  for (const Cell& cell : *cells) filter.geometry ? encode_feature(json, cell) : encode(json, cell);
  json.EndArray();
  member_or_null(json, "next", more ? std::to_string(cells->back().id) : "");
  json.EndObject();
  return json_response(200, json, filter.geometry ? "application/geo+json" : "application/json");
}

Result<Response> get_cell(const Call& call) {
  Params p(call.request);
  const std::string at = p.day("at");
  if (p.error()) return fail(*p.error());
  const bool geometry = wants_geojson(call.request);
  const auto cell = service::get_cell(call.context.reads, call.who, call.path.at("cell"), at, geometry);
  if (!cell) return fail(cell.error());
  Json json;
  geometry ? encode_feature(json, *cell) : encode(json, *cell);
  return json_response(200, json, geometry ? "application/geo+json" : "application/json");
}

Result<Response> locate(const Call& call) {
  Params p(call.request);
  const auto lon = p.needed_number("lon", -180, 180);
  const auto lat = p.needed_number("lat", -90, 90);
  const std::string at = p.day("at");
  if (p.error()) return fail(*p.error());
  const auto chain = service::locate(call.context.reads, call.who, *lon, *lat, at);
  if (!chain) return fail(chain.error());
  Json json;
  json.StartObject();
  json.Key("chain");
  encode(json, *chain);
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
