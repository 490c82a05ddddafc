#include "service/people.h"

#include <fmt/format.h>

#include "service/auth.h"
#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Tx;

/// Whose assignments: a cell's, those of all within one, or a district's.
struct Whose {
  std::int64_t district = 0;
  Param cell, within;
};

Result<Whose> settle_whose(Tx& tx, const Principal& who, const AssignmentFilter& f) {
  if (!f.cell.empty() && !f.within.empty()) return fail(Error::field("within", "give cell or within, not both"));
  if (f.cell.empty() && f.within.empty()) {
    if (f.district == 0) return fail(Error::field("district", "give district, cell or within"));
    if (!in_district(who, f.district)) return fail(Errc::forbidden, "This district is outside your area.");
    return Whose{f.district, {}, {}};
  }
  const bool one = f.within.empty();
  const auto found = cell_in_window(tx, who, one ? f.cell : f.within, "", "");  // one that has ended had holders too
  if (!found) return fail(found.error());
  const Param id = std::to_string(found->id);
  return Whose{found->district, one ? id : Param{}, one ? Param{} : id};
}

}  // namespace

Result<Page> list_people(storage::Pool& pool, const Principal& who, std::int64_t district, const std::string& q, std::int64_t after, int limit, bool phones) {
  if (!in_district(who, district)) return fail(Errc::forbidden, "This district is outside your area.");
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    return to_page(tx.run(sql::people_list, {std::to_string(district), or_null(q), std::to_string(after), std::to_string(limit), phones ? "true" : "false", Param{}}), limit);
  });
}

Result<Written> write_person(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& body) {
  if (!reaches(deed.who, district, {})) return fail(Errc::forbidden, "People are kept by coordinators of the whole district.");
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto written = tx.run(sql::people_write, {std::to_string(district), or_null(id), body, deed.who.username, deed.request_id});
    const auto doc = tx.run(sql::people_list, {std::to_string(district), Param{}, "0", "1", "false", written.text(0, "id")});
    return Written{id == 0 ? 201 : 200, doc.text(0, "doc")};
  });
}

Result<Page> list_assignments(storage::Pool& pool, const Principal& who, const AssignmentFilter& f) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    const auto whose = settle_whose(tx, who, f);
    if (!whose) return fail(whose.error());
    const Param at = whose->within ? Param{local_day(tx, whose->district, f.at)} : or_null(f.at);
    const Param map_day = f.as_of.empty() ? at : Param{f.as_of};
    return to_page(tx.run(sql::assignments_list, {std::to_string(whose->district), whose->cell, or_null(f.person), at, std::to_string(f.after), std::to_string(f.limit), whose->within, map_day,
                                                  f.posts.empty() ? Param{} : Param{"{" + f.posts + "}"}, or_null(f.known_at)}), f.limit);
  });
}

Result<Written> create_assignment(storage::Pool& pool, const Deed& deed, const std::string& cell, const std::string& from, const std::string& body) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto found = visible_cell(tx, deed.who, cell, from, false);
    if (!found) return fail(found.error());
    const auto id = tx.run(sql::assignments_create, {std::to_string(found->district), std::to_string(found->id), body, deed.who.username, deed.request_id});
    return Written{201, fmt::format(R"({{"id": {}, "district": {}}})", id.integer(0, "id"), found->district)};
  });
}

Result<Written> end_assignment(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& to, const std::string& reason) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto cell = tx.run(sql::assignments_cell, {std::to_string(district), std::to_string(id)});
    if (cell.size() == 0) return fail(Errc::not_found, "There is no such assignment.");
    if (const auto mine = visible_cell(tx, deed.who, cell.text(0, "cell_id"), "", false); !mine) return fail(mine.error());
    tx.run(sql::assignments_end, {std::to_string(district), std::to_string(id), to, or_null(reason), deed.who.username, deed.request_id});
    return Written{204, ""};
  });
}

}  // namespace gridward::service
