#include "service/cells.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/listing.h"
#include "service/auth.h"
#include "service/snapshots.h"

namespace gridward::http {

Result<Response> list_districts(const Call& call) {
  const auto all = service::districts(call.context.reads);
  if (!all) return fail(all.error());
  service::Page page;
  for (const District& d : *all) {
    bool mine = false;
    for (const Grant& g : call.who.grants) mine = mine || (g.role != "admin" && (g.district == 0 || g.district == d.id));
    if (!mine) continue;
    Json json;
    json.StartObject();
    member(json, "id", d.id);
    member(json, "cell", d.cell);
    member(json, "scheme", d.scheme);
    member(json, "time_zone", d.time_zone);
    member(json, "holds_from", d.holds_from);
    json.Key("synthetic");
    json.Bool(d.synthetic);
    member(json, "today", d.today);
    member_or_null(json, "last_day", d.last_day);
    json.EndObject();
    page.items.push_back(json.text());
  }
  return list_response(call, page);
}

namespace {

Result<Response> cells_response(const Call& call, service::CellFilter filter) {
  const Input& p = call.parameters;
  filter.at = p.text("at");
  filter.q = p.text("q");
  filter.bbox = p.text("bbox");
  filter.after = p.integer("after");
  filter.limit = limit_of(call);
  filter.level = level_number(p.text("level"));
  filter.geometry = call.format == Format::geojson;
  const auto cells = service::list_cells(call.context.reads, call.who, filter);
  if (!cells) return fail(cells.error());
  service::Page page;
  for (const Cell& cell : *cells) {
    Json json;
    filter.geometry ? encode_feature(json, cell) : encode(json, cell);
    page.items.push_back(json.text());
  }
  if (static_cast<int>(cells->size()) == filter.limit) page.next = std::to_string(cells->back().id);
  if (filter.geometry) return features_response(call, page);
  return list_response(call, page);
}

Result<Response> chain_response(const Result<service::Chain>& chain) {
  if (!chain) return fail(chain.error());
  Json json;
  encode(json, *chain);
  return json_response(200, json);
}

/// Whole phone numbers are told to those who ask for them and need them, and that is noted.
Result<bool> phones_asked(const Call& call, const char* what) {
  if (!call.parameters.flag("phones")) return false;
  if (auto ok = service::note_phones(call.context.writes, call.deed(), 0, what); !ok) return fail(ok.error());
  return true;
}

}  // namespace

Result<Response> list_cells(const Call& call) {
  service::CellFilter filter;
  filter.within = call.parameters.text("within");
  filter.parent = call.parameters.text("parent");
  return cells_response(call, filter);
}

Result<Response> list_children(const Call& call) {
  service::CellFilter filter;
  filter.parent = call.parameters.text("cell");
  return cells_response(call, filter);
}

Result<Response> get_cell(const Call& call) {
  const bool geometry = call.format == Format::geojson;
  const auto cell = service::get_cell(call.context.reads, call.who, call.parameters.text("cell"), call.parameters.text("at"), geometry);
  if (!cell) return fail(cell.error());
  Json json;
  geometry ? encode_feature(json, *cell) : encode(json, *cell);
  return json_response(200, json, media_type(call.format));
}

Result<Response> create_cell(const Call& call) {
  const Input& b = call.body;
  if (auto whole = check_point(b); !whole) return fail(whole.error());
  return written_response(service::create_cell(call.context.writes, call.deed(), level_number(b.text("level")), b.text("parent"), b.text("from"), b.json()));
}

Result<Response> change_cell(const Call& call) {
  const Input& b = call.body;
  if (auto whole = check_point(b); !whole) return fail(whole.error());
  return written_response(service::change_cell(call.context.writes, call.deed(), call.parameters.text("cell"), b.text("parent"), b.text("from"), b.json()));
}

Result<Response> list_ancestors(const Call& call) {
  const auto phones = phones_asked(call, "ancestors");
  if (!phones) return fail(phones.error());
  return chain_response(service::cell_chain(call.context.reads, call.who, call.parameters.text("cell"), call.parameters.text("at"), *phones));
}

Result<Response> get_cell_history(const Call& call) {
  const auto doc = service::cell_history(call.context.reads, call.who, call.parameters.text("cell"), call.parameters.flag("superseded"), call.parameters.flag("geometry"));
  if (!doc) return fail(doc.error());
  return text_response(200, *doc);
}

Result<Response> locate(const Call& call) {
  const Input& p = call.parameters;
  const auto phones = phones_asked(call, "locate");
  if (!phones) return fail(phones.error());
  return chain_response(service::locate(call.context.reads, call.context.snapshots, call.who, *p.number("lon"), *p.number("lat"), p.text("at"), *phones));
}

}  // namespace gridward::http
