#include "service/cells.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "service/auth.h"
#include "service/overlays.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;

Cell to_cell(const storage::Rows& rows, std::size_t i) {
  Cell c;
  c.id = rows.integer(i, "id");
  c.district = rows.integer(i, "district_id");
  c.level = static_cast<int>(rows.integer(i, "level"));
  c.kind = rows.text(i, "kind");
  c.name = rows.text(i, "name");
  c.scheme = rows.text(i, "scheme");
  c.code = rows.text(i, "code");
  c.parent = rows.integer(i, "parent_id");
  c.valid_from = rows.text(i, "valid_from");
  c.valid_to = rows.text(i, "valid_to");
  if (!rows.null(i, "area_m2")) c.area_m2 = rows.real(i, "area_m2");
  c.geometry = rows.text(i, "geometry");
  return c;
}

std::vector<std::int64_t> way_up(storage::Tx& tx, std::int64_t cell, const std::string& day) {
  const auto rows = tx.run(sql::cells_ancestors, {std::to_string(cell), day});
  std::vector<std::int64_t> way;
  for (std::size_t i = 0; i < rows.size(); ++i) way.push_back(rows.integer(i, "id"));
  return way;
}

using Ways = std::map<std::int64_t, std::vector<std::int64_t>>;

/// The ways up of all cells that are listed, at once.
Ways ways_up(storage::Tx& tx, const storage::Rows& listed, const std::string& at) {
  std::string ids = "{";
  for (std::size_t i = 0; i < listed.size(); ++i) ids += (i == 0 ? "" : ",") + listed.text(i, "id");
  const auto rows = tx.run(sql::cells_ways, {ids + "}", or_null(at)});
  Ways ways;
  for (std::size_t i = 0; i < rows.size(); ++i) ways[rows.integer(i, "cell_id")].push_back(rows.integer(i, "id"));
  return ways;
}

Chain chain_of(storage::Tx& tx, const std::vector<std::int64_t>& way, const std::string& day, bool phones) {
  Chain chain;
  std::string ids;
  for (const std::int64_t id : way) {
    Link link{to_cell(tx.run(sql::cells_one, {std::to_string(id), day, "false"}), 0), {}};
    const auto people = tx.run(sql::cells_holders, {std::to_string(id), day, phones ? "true" : "false"});
    for (std::size_t p = 0; p < people.size(); ++p)
      link.holders.push_back({people.text(p, "post"), people.boolean(p, "acting"), people.integer(p, "id"), people.text(p, "name"), people.text(p, "phone")});
    chain.links.push_back(std::move(link));
    ids += (ids.empty() ? "{" : ",") + std::to_string(id);
  }
  const auto contacts = tx.run(sql::contact_points_of_chain, {ids + "}", day, phones ? "true" : "false"});
  for (std::size_t i = 0; i < contacts.size(); ++i)
    chain.contacts.push_back({contacts.integer(i, "cell_id"), contacts.integer(i, "id"), contacts.text(i, "name"), contacts.text(i, "phone"), contacts.null(i, "visit_days") ? 0 : contacts.integer(i, "visit_days")});
  return chain;
}

}  // namespace

std::string local_day(storage::Tx& tx, std::int64_t district, const std::string& at) {
  if (!at.empty()) return at;
  const auto rows = tx.run(sql::districts_list);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows.integer(i, "id") == district) return rows.text(i, "today");
  return "today";
}

std::vector<District> read_districts(storage::Tx& tx) {
  const auto rows = tx.run(sql::districts_list);
  std::vector<District> out;
  for (std::size_t i = 0; i < rows.size(); ++i)
    out.push_back({rows.integer(i, "id"), rows.integer(i, "cell_id"), rows.text(i, "scheme"), rows.text(i, "time_zone"),
                   rows.text(i, "holds_from"), rows.boolean(i, "synthetic"), rows.text(i, "today"),
                   rows.integer(i, "map_version"), rows.integer(i, "data_version"), rows.text(i, "last_day")});
  return out;
}

Result<std::vector<District>> districts(storage::Pool& pool) {
  return pool.read<std::vector<District>>([](storage::Tx& tx) -> Result<std::vector<District>> { return read_districts(tx); });
}

Result<District> district_of(storage::Tx& tx, std::int64_t id) {
  for (const District& district : read_districts(tx))
    if (district.id == id) return district;
  return fail(Errc::not_found, "There is no such district.");
}

Result<std::int64_t> resolve_cell(storage::Tx& tx, const std::string& text, const std::string& at) {
  std::int64_t id = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (ec == std::errc{} && end == text.data() + text.size() && id > 0) return id;
  const auto colon = text.find(':', 5);
  if (text.rfind("code:", 0) != 0 || colon == std::string::npos)
    return fail(Error::field("cell", "give an id, or code:{scheme}:{code}"));
  const auto rows = tx.run(sql::cells_by_code, {text.substr(5, colon - 5), text.substr(colon + 1), or_null(at)});
  if (rows.size() == 0) return fail(Errc::not_found, "No cell has the code " + text.substr(5) + " on that day.");
  return rows.integer(0, "cell_id");
}

Result<Cell> visible_cell(storage::Tx& tx, const Principal& who, const std::string& text, const std::string& at, bool geometry) {
  const auto id = resolve_cell(tx, text, at);
  if (!id) return fail(id.error());
  const auto rows = tx.run(sql::cells_one, {std::to_string(*id), or_null(at), geometry ? "true" : "false"});
  if (rows.size() == 0) return fail(Errc::not_found, "No such cell exists on that day.");
  Cell cell = to_cell(rows, 0);
  if (!reaches(who, cell.district, way_up(tx, cell.id, local_day(tx, cell.district, at))))
    return fail(Errc::forbidden, "This cell is outside your area.");
  return cell;
}

Result<SeenCell> find_seen_cell(storage::Tx& tx, const Principal& who, const std::string& text, const std::string& at) {
  auto within = visible_cell(tx, who, text, at, false);
  if (!within) return fail(within.error());
  auto district = district_of(tx, within->district);
  if (!district) return fail(district.error());
  SeenCell out{std::move(*within), std::move(*district), at};
  if (out.at.empty()) out.at = out.district.today;
  if (out.at < out.district.holds_from) return fail(Errc::rule_violated, "The map of this district begins on " + out.district.holds_from + ".");
  return out;
}

Result<Cell> cell_in_window(storage::Tx& tx, const Principal& who, const std::string& text, const std::string& from, const std::string& to) {
  const bool code = text.rfind("code:", 0) == 0;
  const auto known = code ? Result<std::int64_t>(0) : resolve_cell(tx, text, "");
  if (!known) return fail(known.error());
  const auto alive = tx.run(sql::cells_alive_in, {code ? Param{} : Param{std::to_string(*known)}, code ? text.substr(5) : "",
                                                  or_null(from).value_or("-infinity"), or_null(to).value_or("infinity")});
  if (alive.size() == 0) return fail(Errc::not_found, from.empty() && to.empty() ? "There is no such cell: /api/v1/cells lists them." : "No such cell exists in that time.");
  // Open at the end: its last day is today's, for one that still exists.
  const std::string day = alive.text(0, "day") == "infinity" ? "" : alive.text(0, "day");
  return visible_cell(tx, who, alive.text(0, "cell_id"), day, false);
}

Result<Cell> get_cell(storage::Pool& pool, const Principal& who, const std::string& cell, const std::string& at, bool geometry) {
  return pool.read<Cell>([&](storage::Tx& tx) { return visible_cell(tx, who, cell, at, geometry); });
}

Result<std::vector<Cell>> list_cells(storage::Pool& pool, const Principal& who, const CellFilter& filter) {
  return pool.read<std::vector<Cell>>([&](storage::Tx& tx) -> Result<std::vector<Cell>> {
    std::int64_t district = 0;
    std::int64_t within = 0;
    std::int64_t parent = 0;
    for (const auto& [text, id] : {std::pair{&filter.within, &within}, std::pair{&filter.parent, &parent}}) {
      if (text->empty()) continue;
      const auto cell = visible_cell(tx, who, *text, filter.at, false);
      if (!cell) return fail(cell.error());
      *id = cell->id;
      district = cell->district;
    }
    const bool everywhere = std::ranges::any_of(who.grants, [](const Grant& g) { return g.role != "admin" && g.district == 0 && g.cell == 0; });
    std::vector<Cell> out;
    std::int64_t after = filter.after;
    while (static_cast<int>(out.size()) < filter.limit) {
      const auto rows = tx.run(sql::cells_list, {or_null(district), filter.at.empty() ? local_day(tx, district, "") : filter.at,
                               or_null(filter.level), or_null(within), or_null(parent), or_null(filter.q), std::to_string(after),
                               std::to_string(filter.limit), filter.geometry ? "true" : "false", or_null(filter.bbox)});
      const bool all = everywhere || within != 0 || parent != 0;
      const auto ways = all ? Ways{} : ways_up(tx, rows, filter.at);
      for (std::size_t i = 0; i < rows.size() && static_cast<int>(out.size()) < filter.limit; ++i) {
        Cell cell = to_cell(rows, i);
        after = cell.id;
        if (all || reaches(who, cell.district, ways.at(cell.id))) out.push_back(std::move(cell));
      }
      if (static_cast<int>(rows.size()) < filter.limit) break;
    }
    return out;
  });
}

Result<Chain> locate(storage::Pool& pool, Snapshots& snapshots, const Principal& who, double lon, double lat, const std::string& at, bool phones) {
  return pool.read<Chain>([&](storage::Tx& tx) -> Result<Chain> {
    const auto near = tx.run(sql::shapes_near, {fmt::format("{:.17g}", lon), fmt::format("{:.17g}", lat), or_null(at)});
    bool hidden = false;
    for (std::size_t i = 0; i < near.size(); ++i) {
      if (near.null(i, "since")) continue;
      const std::int64_t district = near.integer(i, "district_id");
      const auto snapshot = snapshots.find(tx, {district, near.integer(i, "map_version"), near.text(i, "since")});
      const std::int64_t hit = snapshot->cell_at({lon, lat});
      if (hit == 0) continue;
      const std::string day = near.text(i, "day");
      const auto way = way_up(tx, hit, day);
      if (!reaches(who, district, way)) {
        hidden = true;
        continue;
      }
      Chain chain = chain_of(tx, way, day, phones);
      chain.overlays = overlays_at(tx, district, lon, lat, day, phones);
      return chain;
    }
    if (hidden) return fail(Errc::forbidden, "This point is outside your area.");
    return Chain{{}, {}, std::vector<OverlayPlace>{}};
  });
}

Result<Chain> cell_chain(storage::Pool& pool, const Principal& who, const std::string& cell, const std::string& at, bool phones) {
  return pool.read<Chain>([&](storage::Tx& tx) -> Result<Chain> {
    const auto found = visible_cell(tx, who, cell, at, false);
    if (!found) return fail(found.error());
    const std::string day = local_day(tx, found->district, at);
    return chain_of(tx, way_up(tx, found->id, day), day, phones);
  });
}

Result<std::string> cell_history(storage::Pool& pool, const Principal& who, const std::string& cell, bool superseded, bool geometry) {
  return pool.read<std::string>([&](storage::Tx& tx) -> Result<std::string> {
    const auto found = cell_in_window(tx, who, cell, "", "");
    if (!found) return fail(found.error());
    return tx.run(sql::cells_history, {std::to_string(found->district), std::to_string(found->id), superseded ? "true" : "false", geometry ? "true" : "false"}).text(0, "doc");
  });
}

Result<Written> create_cell(storage::Pool& pool, const Deed& deed, int level, const std::string& parent, const std::string& from, const std::string& body) {
  return write_once(pool, deed, [&](storage::Tx& tx) -> Result<Written> {
    const auto above = visible_cell(tx, deed.who, parent, from, false);
    if (!above) return fail(above.error());
    const auto made = tx.run(sql::cells_create, {std::to_string(above->district), std::to_string(level), std::to_string(above->id), body, deed.who.username, deed.request_id});
    return Written{201, fmt::format(R"({{"id": {}, "district": {}}})", made.integer(0, "id"), above->district)};
  });
}

Result<Written> change_cell(storage::Pool& pool, const Deed& deed, const std::string& cell, const std::string& parent, const std::string& from, const std::string& body) {
  return write_once(pool, deed, [&](storage::Tx& tx) -> Result<Written> {
    const auto found = visible_cell(tx, deed.who, cell, from, false);
    if (!found) return fail(found.error());
    Param above;
    if (!parent.empty()) {
      const auto to = visible_cell(tx, deed.who, parent, from, false);
      if (!to) return fail(to.error());
      above = std::to_string(to->id);
    }
    const auto done = tx.run(sql::cells_change, {std::to_string(found->district), std::to_string(found->id), above, body, deed.who.username, deed.request_id});
    // An enterprise may have gone to the village of its new point.
    if (const auto after = visible_cell(tx, deed.who, std::to_string(found->id), from, false); !after && after.error().code == Errc::forbidden)
      return fail(Errc::forbidden, "The new point lies outside your area: somebody who is responsible for both places must move it.");
    return Written{200, fmt::format(R"({{"id": {}, "changed": {}}})", found->id, done.boolean(0, "changed"))};
  });
}

}  // namespace gridward::service
