#include "service/overlays.h"

#include <functional>

#include <fmt/format.h>

#include "service/auth.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Tx;

storage::Rows overlay_rows(Tx& tx, const OverlayFilter& f) {
  return tx.run(sql::overlays_list, {std::to_string(f.district), or_null(f.at), or_null(f.known_at), std::to_string(f.after), std::to_string(f.limit), or_null(f.id)});
}

storage::Rows area_rows(Tx& tx, const OverlayFilter& f) {
  return tx.run(sql::overlays_areas, {std::to_string(f.district), or_null(f.overlay), local_day(tx, f.district, f.at), or_null(f.known_at), std::to_string(f.after), std::to_string(f.limit), or_null(f.id),
                                      f.drawn ? "true" : "false"});
}

storage::Rows holder_rows(Tx& tx, const OverlayFilter& f) {
  return tx.run(sql::overlays_holders, {std::to_string(f.district), or_null(f.area), or_null(f.at), or_null(f.person), or_null(f.known_at), std::to_string(f.after), std::to_string(f.limit), or_null(f.id)});
}

Result<Page> list(storage::Pool& pool, const Principal& who, const OverlayFilter& f, const std::function<Result<Page>(Tx&)>& read) {
  if (!in_district(who, f.district)) return fail(Errc::forbidden, "This district is outside your area.");
  return pool.read<Page>(read);
}

/// Those of some overlays that are there.
std::vector<NamedOverlay> named(const storage::Rows& rows) {
  std::vector<NamedOverlay> out;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows.boolean(i, "holds")) out.push_back({rows.integer(i, "id"), rows.text(i, "code"), rows.text(i, "name"), rows.text(i, "kind")});
  return out;
}

/// One of what was asked for by id.
Result<Written> told(int status, const storage::Rows& rows) {
  if (rows.size() == 0) return fail(Errc::not_found, "There is no such one on that day.");
  return Written{status, rows.text(0, "doc")};
}

/// A write by a coordinator of the whole district: areas cut across towns, so who keeps a part keeps none of them.
Result<Written> write_whole(storage::Pool& pool, const Deed& deed, std::int64_t district, const std::function<Result<Written>(Tx&)>& body) {
  if (!reaches(deed.who, district, {})) return fail(Errc::forbidden, "Overlays are kept by coordinators of the whole district.");
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    if (const auto known = district_of(tx, district); !known) return fail(known.error());
    return body(tx);
  });
}

}  // namespace

Result<Page> list_overlays(storage::Pool& pool, const Principal& who, const OverlayFilter& f) {
  return list(pool, who, f, [&](Tx& tx) -> Result<Page> { return to_page(overlay_rows(tx, f), f.limit); });
}

Result<Page> list_overlay_areas(storage::Pool& pool, const Principal& who, const OverlayFilter& f) {
  return list(pool, who, f, [&](Tx& tx) -> Result<Page> {
    if (f.overlay != 0 && tx.run(sql::overlays_one, {std::to_string(f.district), std::to_string(f.overlay), local_day(tx, f.district, f.at)}).size() == 0) return fail(Errc::not_found, "There is no such overlay.");
    const auto rows = area_rows(tx, f);
    if (f.id != 0 && rows.size() == 0) return fail(Errc::not_found, "There is no such area on that day.");
    return to_page(rows, f.limit);
  });
}

Result<Page> list_overlay_holders(storage::Pool& pool, const Principal& who, const OverlayFilter& f) {
  return list(pool, who, f, [&](Tx& tx) -> Result<Page> { return to_page(holder_rows(tx, f), f.limit); });
}

Result<std::string> overlay_area_history(storage::Pool& pool, const Principal& who, std::int64_t district, std::int64_t area, bool superseded, bool geometry) {
  if (!in_district(who, district)) return fail(Errc::forbidden, "This district is outside your area.");
  return pool.read<std::string>([&](Tx& tx) -> Result<std::string> {
    const auto rows = tx.run(sql::overlays_area_history, {std::to_string(district), std::to_string(area), superseded ? "true" : "false", geometry ? "true" : "false"});
    if (rows.integer(0, "rows") == 0) return fail(Errc::not_found, "There is no such area.");
    return rows.text(0, "doc");
  });
}

Result<Written> write_overlay(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& body) {
  return write_whole(pool, deed, district, [&](Tx& tx) {
    const auto done = tx.run(sql::overlays_write, {std::to_string(district), or_null(id), body, deed.who.username, deed.request_id});
    return told(id == 0 ? 201 : 200, overlay_rows(tx, {.district = district, .id = done.integer(0, "id")}));
  });
}

Result<Written> create_overlay_area(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t overlay, const std::string& from, const std::string& body) {
  return write_whole(pool, deed, district, [&](Tx& tx) {
    const auto made = tx.run(sql::overlays_area_create, {std::to_string(district), std::to_string(overlay), body, deed.who.username, deed.request_id});
    return told(201, area_rows(tx, {.district = district, .id = made.integer(0, "id"), .at = from}));
  });
}

Result<Written> change_overlay_area(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t area, const std::string& version, const std::string& body) {
  return write_whole(pool, deed, district, [&](Tx& tx) -> Result<Written> {
    const auto done = tx.run(sql::overlays_area_change, {std::to_string(district), std::to_string(area), version, body, deed.who.username, deed.request_id});
    const auto now = tx.run(sql::overlays_area_version, {std::to_string(district), std::to_string(area)});
    return Written{200, fmt::format(R"({{"id": {}, "changed": {}, "version": "{}"}})", area, done.boolean(0, "changed"), now.text(0, "version"))};
  });
}

Result<Written> write_overlay_holder(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& body) {
  return write_whole(pool, deed, district, [&](Tx& tx) {
    const auto done = tx.run(sql::overlays_holder_write, {std::to_string(district), or_null(id), body, deed.who.username, deed.request_id});
    return told(id == 0 ? 201 : 200, holder_rows(tx, {.district = district, .id = done.integer(0, "id")}));
  });
}

Result<Written> withdraw_overlay_holder(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& reason) {
  return write_whole(pool, deed, district, [&](Tx& tx) -> Result<Written> {
    tx.run(sql::overlays_holder_withdraw, {std::to_string(district), std::to_string(id), or_null(reason), deed.who.username, deed.request_id});
    return Written{204, ""};
  });
}

std::vector<NamedOverlay> overlays_on(storage::Tx& tx, std::int64_t district, const std::string& day) { return named(tx.run(sql::overlays_one, {std::to_string(district), Param{}, day})); }

Result<NamedOverlay> find_overlay(storage::Tx& tx, std::int64_t district, std::int64_t overlay, const std::string& day) {
  auto found = named(tx.run(sql::overlays_one, {std::to_string(district), std::to_string(overlay), day}));
  if (found.empty()) return fail(Errc::not_found, "There is no such overlay on that day.");
  return std::move(found.front());
}

std::vector<OverlayPlace> overlays_at(storage::Tx& tx, std::int64_t district, double lon, double lat, const std::string& day, bool phones) {
  const auto rows = tx.run(sql::overlays_at_point, {std::to_string(district), fmt::format("{:.17g}", lon), fmt::format("{:.17g}", lat), day, phones ? "true" : "false"});
  std::vector<OverlayPlace> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (out.empty() || out.back().area != rows.integer(i, "id"))
      out.push_back({{rows.integer(i, "overlay_id"), rows.text(i, "overlay_code"), rows.text(i, "overlay_name"), rows.text(i, "kind")}, rows.integer(i, "id"), rows.text(i, "code"), rows.text(i, "name"), {}});
    if (!rows.null(i, "person_id"))
      out.back().holders.push_back({rows.text(i, "post"), rows.boolean(i, "acting"), rows.integer(i, "person_id"), rows.text(i, "person_name"), rows.text(i, "phone")});
  }
  return out;
}

}  // namespace gridward::service
