#include "service/basemaps.h"

#include <fmt/format.h>

#include "geo/gcj02.h"
#include "http/dispatch.h"
#include "http/encode.h"
#include "http/tile_query.h"
#include "service/known.h"

namespace gridward::http {
namespace {

constexpr const char* kImportedName = "道路与水系";

void encode(Json& json, const Basemap& b) {
  json.StartObject();
  member(json, "name", b.name);
  member(json, "type", "raster");
  member(json, "crs", b.gcj02 ? "GCJ-02" : "EPSG:3857");
  member(json, "url", b.url);
  member(json, "scheme", b.from_south ? "tms" : "xyz");
  member(json, "min_zoom", std::int64_t{b.min_zoom});
  member(json, "max_zoom", std::int64_t{b.max_zoom});
  member(json, "tile_pixels", std::int64_t{b.tile_pixels});
  member_or_null(json, "credit", b.credit);
  json.EndObject();
}

/// What is to be shown with the imported basemap: how made-up data are marked, and whose it is.
std::string credit_of(const service::ImportedBasemap& imported) {
  return fmt::format("{}{}{}", imported.synthetic ? kSynthetic : "", imported.synthetic && !imported.credit.empty() ? "; " : "", imported.credit);
}

void encode(Json& json, const service::ImportedBasemap& imported) {
  json.StartObject();
  member(json, "name", kImportedName);
  member(json, "type", "vector");
  member(json, "crs", "EPSG:3857");
  member(json, "url", "/tiles/basemap/{z}/{x}/{y}.mvt");
  member(json, "scheme", "xyz");
  member(json, "min_zoom", std::int64_t{0});
  member(json, "max_zoom", std::int64_t{service::kBasemapZoom});
  member(json, "tile_pixels", std::int64_t{512});
  member_or_null(json, "credit", credit_of(imported));
  json.EndObject();
}

void encode_layers(Json& json) {
  json.Key("vector_layers");
  json.StartArray();
  for (const std::string& layer : service::basemap_layers()) {
    json.StartObject();
    member(json, "id", layer);
    json.Key("fields");
    json.StartObject();
    for (const auto& [name, type] : service::basemap_fields(layer)) member(json, name.c_str(), type);
    json.EndObject();
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

Result<Response> list_basemaps(const Call& call) {
  const auto state = call.context.known.versions();
  if (!state) return fail(state.error());
  const service::ImportedBasemap& imported = (*state)->basemap;
  Json json;
  json.StartObject();
  json.Key("items");
  json.StartArray();
  for (const Basemap& b : call.context.basemaps) encode(json, b);
  if (imported.there()) encode(json, imported);
  json.EndArray();
  member_or_null(json, "next", "");
  json.EndObject();
  return json_response(200, json);
}

Result<Response> get_basemap_tile(const Call& call) {
  const auto tile = read_tile_id(call.parameters);
  if (!tile) return fail(tile.error());
  auto bytes = service::make_basemap_tile(call.context.reads, *tile, is_gcj02(call.route));
  if (!bytes) return fail(bytes.error());
  return tile_response(std::move(*bytes));
}

Result<Response> get_basemap_tile_json(const Call& call) {
  const auto base = call.context.address.required_base(call.request);
  if (!base) return fail(base.error());
  const auto state = call.context.known.versions();
  if (!state) return fail(state.error());
  const service::ImportedBasemap& imported = (*state)->basemap;
  const bool gcj02 = is_gcj02(call.route);
  Json json;
  json.StartObject();
  member(json, "tilejson", "3.0.0");
  member(json, "name", "basemap");
  member(json, "scheme", "xyz");
  member(json, "version", "1.0.0");
  member(json, "generator", "Gridward " GRIDWARD_VERSION);
  if (const std::string credit = credit_of(imported); !credit.empty()) member(json, "attribution", credit);
  json.Key("tiles");
  json.StartArray();
  json.String(with_sent_parameters(fmt::format("{}/tiles/{}basemap/{{z}}/{{x}}/{{y}}.mvt", *base, gcj02 ? "gcj02/" : ""), call.request).c_str());
  json.EndArray();
  member(json, "minzoom", std::int64_t{0});
  member(json, "maxzoom", std::int64_t{service::kBasemapZoom});
  encode_bounds(json, imported.box, gcj02);
  encode_layers(json);
  json.Key("districts");
  json.StartArray();
  json.EndArray();
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
