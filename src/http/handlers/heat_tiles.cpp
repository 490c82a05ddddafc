#include "service/heat_tiles.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/heat_legend.h"
#include "http/heat_query.h"
#include "http/tile_query.h"
#include "service/map_heat.h"

namespace gridward::http {
namespace {

void encode_masked(Json& json, const ColourScale& scale) {
  const Colour colour = scale.palette()[kMasked];
  json.Key("masked");
  json.StartObject();
  member(json, "colour", hex(colour));
  member(json, "opacity", std::optional(colour.opacity / 255.0));
  json.EndObject();
}

void encode_part(Json& json, const service::HeatAsked& asked, const service::HeatPart& part) {
  json.StartObject();
  json.Key("cell");
  encode(json, part.cell);
  member(json, "map_day", part.map_day);
  if (part.period) encode(json, "window", *part.period);
  encode(json, asked, part.bandwidth.get());
  member(json, "count", static_cast<std::int64_t>(part.count));
  if (part.bandwidth) member(json, "off_map", static_cast<std::int64_t>(part.off_map));
  if (part.second_count) member(json, asked.relative ? "base_count" : "versus_count", static_cast<std::int64_t>(*part.second_count));
  member(json, "weight", std::optional(part.weight));
  if (!part.nothing.empty()) member(json, "reason", part.nothing);
  json.EndObject();
}

void encode_addresses(Json& json, const char* key, const std::string& address, const Call& call) {
  json.Key(key);
  json.StartArray();
  json.String(with_sent_parameters(address, call.request).c_str());
  json.EndArray();
}

}  // namespace

Result<Response> get_heat_tile(const Call& call, std::size_t side) {
  const auto asked = read_heat_asked(call.parameters);
  if (!asked) return fail(asked.error());
  const auto scale = read_scale(call.parameters);
  if (!scale) return fail(scale.error());
  const auto tile = read_tile_id(call.parameters);
  if (!tile) return fail(tile.error());
  auto sources = heat_sources(call);
  auto png = service::make_heat_tile(sources, call.who, *asked, *scale, *tile, side, is_gcj02(call.route));
  if (!png) return fail(png.error());
  Response response;
  response.headers = {{"Content-Type", "image/png"}};
  response.body = std::make_shared<const std::string>(std::move(*png));
  return response;
}

Result<Response> get_heat_json(const Call& call) {
  const auto asked = read_heat_asked(call.parameters);
  if (!asked) return fail(asked.error());
  const auto scale = read_scale(call.parameters);
  if (!scale) return fail(scale.error());
  const auto base = call.context.address.required_base(call.request);
  if (!base) return fail(base.error());
  auto sources = heat_sources(call);
  const auto layer = service::describe_heat(sources, call.who, *asked);
  if (!layer) return fail(layer.error());
  Json json;
  json.StartObject();
  member(json, "tilejson", "3.0.0");
  member(json, "name", asked->kind);
  member(json, "scheme", "xyz");
  if (layer->synthetic) member(json, "attribution", kSynthetic);
  encode_addresses(json, "tiles", *base + "/heatmap/{z}/{x}/{y}.png", call);
  encode_addresses(json, "tiles_gcj02", *base + "/heatmap/gcj02/{z}/{x}/{y}.png", call);
  member(json, "minzoom", std::int64_t{0});
  member(json, "maxzoom", std::int64_t{map::kDeepestZoom});
  if (!layer->bounds.nowhere()) {
    json.Key("bounds");
    json.StartArray();
    for (const double edge : {layer->bounds.west, layer->bounds.south, layer->bounds.east, layer->bounds.north}) json.Double(edge);
    json.EndArray();
  }
  encode_asked(json, call.parameters, *asked);
  encode_scale(json, *scale);
  if (asked->relative) encode_masked(json, *scale);
  json.Key("parts");
  json.StartArray();
  for (const service::HeatPart& part : layer->parts) encode_part(json, *asked, part);
  json.EndArray();
  json.EndObject();
  return json_response(200, json);
}

Result<Response> get_heat_legend(const Call& call) {
  const auto scale = read_scale(call.parameters);
  if (!scale) return fail(scale.error());
  const Input& p = call.parameters;
  if (call.format == Format::svg) {
    Response response;
    response.headers = {{"Content-Type", media_type(Format::svg)}};
    response.body = std::make_shared<const std::string>(draw_legend(*scale, service::heat_name_zh(p.text("kind"), p.has("relative_to"), p.has("versus_from")), p.has("relative_to") ? "件/家" : "件/km²", p.has("relative_to") ? "企业过少" : ""));
    return response;
  }
  Json json;
  json.StartObject();
  member(json, "kind", p.text("kind"));
  member(json, "quantity", quantity_of(p));
  member(json, "unit", unit_of(p));
  encode_scale(json, *scale);
  if (p.has("relative_to")) encode_masked(json, *scale);
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
