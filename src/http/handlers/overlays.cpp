#include "service/overlays.h"

#include "http/dispatch.h"
#include "http/encode_figure.h"
#include "http/figure_query.h"
#include "http/listing.h"
#include "service/event_points.h"
#include "service/overlay_figures.h"

namespace gridward::http {
namespace {

service::OverlayFilter filter_of(const Call& call) {
  const Input& p = call.parameters;
  service::OverlayFilter f;
  f.district = p.integer("district");
  f.at = p.text("at");
  f.known_at = p.text("known_at");
  f.drawn = call.format == Format::geojson;
  f.after = p.integer("after");
  f.limit = limit_of(call);
  return f;
}

void encode_row(Json& json, const service::OverlayFigureRow& row) {
  json.StartObject();
  if (row.area != 0) {
    json.Key("area");
    json.StartObject();
    member(json, "id", row.area);
    member(json, "code", row.code);
    member(json, "name", row.name);
    json.EndObject();
  }
  json.Key("figures");
  json.StartObject();
  for (const auto& [measure, figure] : row.figures) {
    json.Key(measure.c_str());
    encode(json, figure);
  }
  json.EndObject();
  json.EndObject();
}

}  // namespace

Result<Response> get_overlay_figures(const Call& call) {
  auto asked = read_figures_asked(call.parameters);
  if (!asked) return fail(asked.error());
  asked->level = 3;  // any that is not above the cell will do: rows are not cells
  const auto told = service::overlay_figures(call.context.reads, call.context.event_points, call.who, call.parameters.integer("id"), *asked);
  if (!told) return fail(told.error());
  Json json;
  json.StartObject();
  json.Key("overlay");
  encode(json, told->overlay);
  json.Key("within");
  encode(json, told->within);
  member(json, "at", told->at);
  encode(json, "window", told->period);
  list(json, "rows", told->rows, [&](const auto& row) { encode_row(json, row); });
  json.Key("outside");
  encode_row(json, told->outside);
  json.Key("total");
  encode_row(json, told->total);
  json.EndObject();
  return json_response(200, json);
}

Result<Response> list_overlays(const Call& call) {
  const auto page = service::list_overlays(call.context.reads, call.who, filter_of(call));
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> create_overlay(const Call& call) { return written_response(service::write_overlay(call.context.writes, call.deed(), call.body.integer("district"), 0, call.body.json())); }
Result<Response> correct_overlay(const Call& call) {
  return written_response(service::write_overlay(call.context.writes, call.deed(), call.body.integer("district"), call.parameters.integer("id"), call.body.json()));
}

Result<Response> list_overlay_areas(const Call& call) {
  auto filter = filter_of(call);
  filter.overlay = call.parameters.integer("id");
  const auto page = service::list_overlay_areas(call.context.reads, call.who, filter);
  if (!page) return fail(page.error());
  if (filter.drawn) return features_response(call, *page);
  return list_response(call, *page);
}

Result<Response> create_overlay_area(const Call& call) {
  const Input& b = call.body;
  return written_response(service::create_overlay_area(call.context.writes, call.deed(), b.integer("district"), call.parameters.integer("id"), b.text("from"), b.json()));
}

Result<Response> get_overlay_area(const Call& call) {
  auto filter = filter_of(call);
  filter.id = call.parameters.integer("id");
  const auto page = service::list_overlay_areas(call.context.reads, call.who, filter);
  if (!page) return fail(page.error());
  Response response = text_response(200, page->items.front());
  response.headers.front().second = media_type(call.format);
  return response;
}

Result<Response> change_overlay_area(const Call& call) {
  const auto version = call.wanted_version();
  if (!version) return fail(version.error());
  return written_response(service::change_overlay_area(call.context.writes, call.deed(), call.body.integer("district"), call.parameters.integer("id"), *version, call.body.json()));
}

Result<Response> get_overlay_area_history(const Call& call) {
  const Input& p = call.parameters;
  const auto doc = service::overlay_area_history(call.context.reads, call.who, p.integer("district"), p.integer("id"), p.flag("superseded"), p.flag("geometry"));
  if (!doc) return fail(doc.error());
  return text_response(200, *doc);
}

Result<Response> list_overlay_holders(const Call& call) {
  auto filter = filter_of(call);
  filter.area = call.parameters.integer("area");
  filter.person = call.parameters.integer("person");
  const auto page = service::list_overlay_holders(call.context.reads, call.who, filter);
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> create_overlay_holder(const Call& call) { return written_response(service::write_overlay_holder(call.context.writes, call.deed(), call.body.integer("district"), 0, call.body.json())); }
Result<Response> correct_overlay_holder(const Call& call) {
  return written_response(service::write_overlay_holder(call.context.writes, call.deed(), call.body.integer("district"), call.parameters.integer("id"), call.body.json()));
}
Result<Response> withdraw_overlay_holder(const Call& call) {
  const Input& p = call.parameters;
  return written_response(service::withdraw_overlay_holder(call.context.writes, call.deed(), p.integer("district"), p.integer("id"), p.text("reason")));
}

}  // namespace gridward::http
