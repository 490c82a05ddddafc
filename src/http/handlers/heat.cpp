#include "service/heat.h"

#include <cmath>

#include "geo/write_raster.h"
#include "http/dispatch.h"
#include "http/encode.h"
#include "http/heat_query.h"

namespace gridward::http {
namespace {

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
      const double value = heat.values[row * heat.raster.columns + column];
      if (std::isnan(value)) json.Null();
      else json.Double(value);
    }
    json.EndArray();
  }
  json.EndArray();
}

/// The same as a Cloud Optimized GeoTIFF.
Response geotiff(const Call& call, const service::HeatAsked& asked, const service::Heat& heat) {
  const std::vector<float> values(heat.values.begin(), heat.values.end());
  const geo::PlaneRaster raster{heat.raster.west, heat.raster.north, heat.raster.spacing, heat.raster.columns, heat.raster.rows, values};
  Json said;
  said.StartObject();
  encode_asked(said, call.parameters, asked);
  encode(said, asked, heat.bandwidth.get());
  said.EndObject();
  const std::string quantity = quantity_of(call.parameters), window = heat.period ? to_string(heat.period->window.from) + '/' + to_string(heat.period->window.to) : asked.open_at;
  Response response;
  response.headers = {{"Content-Type", media_type(Format::tiff)}};
  response.body = std::make_shared<const std::string>(
      geo::write_geotiff(raster, heat.plane, asked.kind + ' ' + quantity, unit_of(call.parameters), {{"cell", heat.cell.name}, {"window", window}, {"map_day", heat.map_day}, {"surface", said.text()}}));
  return response;
}

}  // namespace

Result<Response> get_heat_grid(const Call& call) {
  const auto asked = read_heat_asked(call.parameters);
  if (!asked) return fail(asked.error());
  auto sources = heat_sources(call);
  const auto heat = service::make_heat(sources, call.who, *asked, call.parameters.number("spacing"));
  if (!heat) return fail(heat.error());
  if (call.format == Format::tiff) return geotiff(call, *asked, *heat);
  Json json;
  json.StartObject();
  encode_asked(json, call.parameters, *asked);
  json.Key("cell");
  encode(json, heat->cell);
  member(json, "map_day", heat->map_day);
  if (heat->period) encode(json, "window", *heat->period);
  encode(json, *asked, heat->bandwidth.get());
  member(json, "count", static_cast<std::int64_t>(heat->count));
  member(json, "off_map", static_cast<std::int64_t>(heat->off_map));
  if (heat->second_count) member(json, asked->relative ? "base_count" : "versus_count", static_cast<std::int64_t>(*heat->second_count));
  member(json, "weight", std::optional(heat->weight));
  member(json, "integral", heat->integral);
  member(json, "area_km2", std::optional(heat->area_km2));
  encode_raster(json, *heat);
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
