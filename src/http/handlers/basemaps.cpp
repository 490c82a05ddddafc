#include "http/dispatch.h"
#include "http/encode.h"

namespace gridward::http {
namespace {

void encode(Json& json, const Basemap& b) {
  json.StartObject();
  member(json, "name", b.name);
  member(json, "crs", b.gcj02 ? "GCJ-02" : "EPSG:3857");
  member(json, "url", b.url);
  member(json, "scheme", b.from_south ? "tms" : "xyz");
  member(json, "min_zoom", std::int64_t{b.min_zoom});
  member(json, "max_zoom", std::int64_t{b.max_zoom});
  member(json, "tile_pixels", std::int64_t{b.tile_pixels});
  member_or_null(json, "credit", b.credit);
  json.EndObject();
}

}  // namespace

Result<Response> list_basemaps(const Call& call) {
  Json json;
  json.StartObject();
  list(json, "items", call.context.basemaps, [&](const Basemap& b) { encode(json, b); });
  member_or_null(json, "next", "");
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
