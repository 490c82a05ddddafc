#include "service/tiles.h"

#include <algorithm>

#include <fmt/format.h>

#include "geo/gcj02.h"
#include "http/dispatch.h"
#include "http/encode.h"
#include "http/figure_legend.h"
#include "http/tile_query.h"
#include "service/event_points.h"
#include "service/known.h"
#include "service/tile_maps.h"

namespace gridward::http {
namespace {

service::TileSources sources_of(const Call& call) { return {call.context.figures, call.context.tile_maps, call.context.event_points, call.context.known}; }

/// The tiles' address with the parameters of this request as they were sent, as TileJSON has it. A token stays out: whoever has it adds it.
std::string tiles_template(const Call& call, const service::LayerAsked& asked, const std::string& target) {
  return with_sent_parameters(fmt::format("{}/tiles/{}{}/{{z}}/{{x}}/{{y}}.mvt", target, asked.gcj02 ? "gcj02/" : "", asked.layer), call.request);
}

void encode_vector_layer(Json& json, const service::LayerAsked& asked, const service::LayerDescription& layer) {
  json.Key("vector_layers");
  json.StartArray();
  json.StartObject();
  member(json, "id", asked.layer);
  json.Key("fields");
  json.StartObject();
  for (const auto& [name, type] : layer.fields) member(json, name.c_str(), type);
  json.EndObject();
  json.EndObject();
  json.EndArray();
}

/// Of which districts the layer is, and what is known of each.
void encode_districts(Json& json, const std::vector<service::LayerDistrict>& districts) {
  json.Key("districts");
  json.StartArray();
  for (const service::LayerDistrict& d : districts) {
    json.StartObject();
    member(json, "id", d.id);
    member(json, "scheme", d.scheme);
    member(json, "at", d.at);
    member_or_null(json, "data_until", d.data_until);
    json.Key("synthetic");
    json.Bool(d.synthetic);
    json.EndObject();
  }
  json.EndArray();
}

void encode_off_map(Json& json, const std::vector<service::OffMap>& off_map) {
  json.Key("off_map");
  json.StartArray();
  for (const service::OffMap& off : off_map) {
    json.StartObject();
    member(json, "district", off.district);
    member(json, "measure", off.measure);
    member(json, "on_map", std::optional(off.on_map));
    member(json, "off_map", std::optional(off.off_map));
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void encode_bounds(Json& json, map::DegreeBox box, bool gcj02) {
  if (box.nowhere()) return;
  if (gcj02) {
    const geo::LonLat low = geo::to_gcj02({box.west, box.south}), high = geo::to_gcj02({box.east, box.north});
    box = {low.lon, low.lat, high.lon, high.lat};
  }
  json.Key("bounds");
  json.StartArray();
  for (const double edge : {box.west, box.south, box.east, box.north}) json.Double(edge);
  json.EndArray();
}

Response tile_response(std::string bytes) {
  Response response;
  response.status = bytes.empty() ? 204 : 200;
  if (bytes.empty()) return response;
  response.headers = {{"Content-Type", "application/vnd.mapbox-vector-tile"}};
  response.body = std::make_shared<const std::string>(std::move(bytes));
  return response;
}

Result<Response> get_tile(const Call& call) {
  const auto asked = read_layer_asked(call.parameters, call.route);
  if (!asked) return fail(asked.error());
  const auto tile = read_tile_id(call.parameters);
  if (!tile) return fail(tile.error());
  auto sources = sources_of(call);
  auto bytes = service::make_tile(sources, call.who, *asked, *tile);
  if (!bytes) return fail(bytes.error());
  return tile_response(std::move(*bytes));
}

Result<Response> get_tile_json(const Call& call) {
  const auto asked = read_layer_asked(call.parameters, call.route);
  if (!asked) return fail(asked.error());
  const auto base = call.context.address.required_base(call.request);
  if (!base) return fail(base.error());
  auto sources = sources_of(call);
  const auto layer = service::describe_layer(sources, call.who, *asked);
  if (!layer) return fail(layer.error());
  Json json;
  json.StartObject();
  member(json, "tilejson", "3.0.0");
  member(json, "name", asked->layer);
  member(json, "scheme", "xyz");
  member(json, "version", "1.0.0");
  member(json, "generator", "Gridward " GRIDWARD_VERSION);
  if (std::ranges::any_of(layer->districts, &service::LayerDistrict::synthetic)) member(json, "attribution", kSynthetic);
  json.Key("tiles");
  json.StartArray();
  json.String(tiles_template(call, *asked, *base).c_str());
  json.EndArray();
  member(json, "minzoom", std::int64_t{0});
  member(json, "maxzoom", std::int64_t{map::kLastZoom});
  encode_bounds(json, layer->bounds, asked->gcj02);
  encode_vector_layer(json, *asked, *layer);
  if (asked->figures && !asked->figures->measures.empty()) encode_legend(json, asked->figures->measures);
  encode_districts(json, layer->districts);
  if (!layer->off_map.empty()) encode_off_map(json, layer->off_map);
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
