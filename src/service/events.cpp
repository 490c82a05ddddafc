#include "service/events.h"

#include <cstring>

#include "service/auth.h"
#include "service/cells.h"
#include "service/object.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Rows;
using storage::Tx;

Rows run_list(Tx& tx, EventKind kind, const Scope& scope, const EventFilter& f, const std::string& id) {
  const RecordsAsked& r = f.records;
  const auto tilde = f.after.find('~');
  const std::string after_day = f.after.substr(0, tilde), after_id = tilde == std::string::npos ? "" : f.after.substr(tilde + 1);
  Object filter;
  for (const auto& [key, value] : f.conditions) filter.text(key.c_str(), value);
  filter.text("from", r.from);
  filter.text("to", r.to);
  filter.text("id", id);
  return tx.run(sql::events_list, {kind, std::to_string(scope.district), scope.cell, r.direct ? "true" : "false", or_null(scope.map_day), or_null(r.known_at), filter.finish(),
                                   or_null(after_day), or_null(after_id), std::to_string(f.limit)});
}

bool reaches_event(Tx& tx, const Principal& who, EventKind kind, std::int64_t district, const std::string& id) {
  const auto rows = tx.run(sql::events_way, {kind, std::to_string(district), id});
  std::vector<std::int64_t> way;
  for (std::size_t i = 0; i < rows.size(); ++i) way.push_back(rows.integer(i, "id"));
  return reaches(who, district, way);
}

Result<void> check_certificate(Tx& tx, EventKind kind, const Principal& who, std::int64_t district, const std::string& id) {
  if (std::strcmp(kind, "inspection") != 0) return {};
  if (tx.run(sql::events_certified, {std::to_string(who.account), std::to_string(district), id}).boolean(0, "certified")) return {};
  return fail(Errc::forbidden, "An inspection needs an enforcement certificate that is valid on its day; record a patrol instead.");
}

}  // namespace

std::string event_document(Tx& tx, EventKind kind, std::int64_t district, const std::string& id) {
  const auto rows = run_list(tx, kind, {.district = district}, {.limit = 1}, id);
  return rows.size() == 0 ? "" : rows.text(0, "doc");
}

Result<std::int64_t> reachable_event(Tx& tx, const Principal& who, EventKind kind, const std::string& id) {
  const auto districts = tx.run(sql::events_district, {kind, id});
  for (std::size_t i = 0; i < districts.size(); ++i)
    if (reaches_event(tx, who, kind, districts.integer(i, "district_id"), id)) return districts.integer(i, "district_id");
  if (districts.size() > 0) return fail(Errc::forbidden, "This event is outside your area.");
  return fail(Errc::not_found, std::string("There is no such ") + kind + ".");
}

Result<Page> list_events(storage::Pool& pool, const Principal& who, EventKind kind, const EventFilter& f) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    const auto scope = settle(tx, who, f.records, f.records.from, f.records.to);
    if (!scope) return fail(scope.error());
    const auto rows = run_list(tx, kind, *scope, f, "");
    Page page;
    for (std::size_t i = 0; i < rows.size(); ++i) page.items.push_back(rows.text(i, "doc"));
    if (static_cast<int>(rows.size()) == f.limit) page.next = rows.text(rows.size() - 1, "day") + "~" + rows.text(rows.size() - 1, "id");
    return page;
  });
}

Result<std::string> get_event(storage::Pool& pool, const Principal& who, EventKind kind, const std::string& id) {
  return pool.read<std::string>([&](Tx& tx) -> Result<std::string> {
    const auto district = reachable_event(tx, who, kind, id);
    if (!district) return fail(district.error());
    std::string doc = event_document(tx, kind, *district, id);
    if (doc.empty()) return fail(Errc::not_found, std::string("This ") + kind + " was withdrawn.");
    return doc;
  });
}

Result<Written> record_event(storage::Pool& pool, Stamps& stamps, const Deed& deed, const NewEvent& event) {
  const auto told = event.place ? stamps.find(pool, event.district, *event.place) : std::nullopt;
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const Stamp stamp = told.value_or(Stamp{});
    const auto done = tx.run(sql::events_record, {event.kind, std::to_string(event.district), event.body, deed.who.username, deed.request_id, told ? Param(std::to_string(stamp.map_version)) : Param{},
                                                  or_null(stamp.leaf), or_null(stamp.chain)});
    if (told && !done.boolean(0, "as_told")) stamps.forget(event.district);
    // The place is known once it is stamped: an event outside the area takes the whole transaction back.
    if (!reaches_event(tx, deed.who, event.kind, event.district, event.id)) return fail(Errc::forbidden, "This place is outside your area.");
    if (auto ok = check_certificate(tx, event.kind, deed.who, event.district, event.id); !ok) return fail(ok.error());
    return Written{201, event_document(tx, event.kind, event.district, event.id)};
  });
}

Result<Written> correct_event(storage::Pool& pool, const Deed& deed, EventKind kind, const std::string& id, const std::string& version, const std::string& body) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = reachable_event(tx, deed.who, kind, id);
    if (!district) return fail(district.error());
    const std::string in = std::to_string(*district);
    if (std::strcmp(kind, "hazard") == 0) tx.run(sql::hazards_correct, {in, id, version, body, deed.who.username, deed.request_id});
    else tx.run(sql::events_correct, {kind, in, id, version, body, deed.who.username, deed.request_id});
    if (!reaches_event(tx, deed.who, kind, *district, id)) return fail(Errc::forbidden, "The new place is outside your area.");
    if (auto ok = check_certificate(tx, kind, deed.who, *district, id); !ok) return fail(ok.error());
    return Written{200, event_document(tx, kind, *district, id)};
  });
}

Result<Written> withdraw_event(storage::Pool& pool, const Deed& deed, EventKind kind, const std::string& id, const std::string& version, const std::string& reason) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = reachable_event(tx, deed.who, kind, id);
    if (!district) return fail(district.error());
    tx.run(sql::events_withdraw, {kind, std::to_string(*district), id, version, deed.who.username, or_null(reason), deed.request_id});
    return Written{204, ""};
  });
}

}  // namespace gridward::service
