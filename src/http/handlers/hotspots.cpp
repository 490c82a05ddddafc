#include "service/hotspots.h"

#include "http/dispatch.h"
#include "http/encode_hotspots.h"
#include "http/figure_query.h"
#include "http/figure_table.h"
#include "http/hotspot_query.h"
#include "http/listing.h"

namespace gridward::http {
namespace {

Result<service::HotspotsAsked> read_asked(const Call& call) {
  const Input& p = call.parameters;
  const auto measure = read_measure(p);
  if (!measure) return fail(measure.error());
  auto figures = read_figures_asked(p);
  if (!figures) return fail(figures.error());
  auto asked = read_hotspots_asked(p);
  if (!asked) return fail(asked.error());
  asked->figures = std::move(*figures);
  asked->figures.measures = {*measure};
  asked->figures.source = p.text("source");
  asked->figures.grade = p.text("grade");
  asked->drawn = call.format == Format::geojson;
  return asked;
}

}  // namespace

Result<Response> get_hotspots(const Call& call) {
  const auto asked = read_asked(call);
  if (!asked) return fail(asked.error());
  const auto found = service::hotspots(call.context.figures, call.who, *asked);
  if (!found) return fail(found.error());
  Json json;
  if (call.format == Format::json) {
    json.StartObject();
    encode_head(json, *asked, *found);
    json.Key("rows");
    encode_rows(json, *found);
    json.EndObject();
    return json_response(200, json);
  }
  const auto district = district_of(call, found->table);
  if (!district) return fail(district.error());
  if (call.format != Format::geojson) return sheet_response(call, hotspot_table(*asked, *found, *district));
  encode_features(json, *asked, *found, *district);
  return json_response(200, json, media_type(Format::geojson));
}

}  // namespace gridward::http
