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

Result<std::int64_t> cell_district(Tx& tx, const Principal& who, const std::string& cell, std::int64_t district) {
  if (cell.empty()) {
    if (district == 0) return fail(Error::field("district", "give district or cell"));
    if (!in_district(who, district)) return fail(Errc::forbidden, "This district is outside your area.");
    return district;
  }
  const auto found = visible_cell(tx, who, cell, "", false);
  if (!found) return fail(found.error());
  return found->district;
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
    const auto district = cell_district(tx, who, f.cell, f.district);
    if (!district) return fail(district.error());
    Param cell;
    if (!f.cell.empty()) cell = std::to_string(*resolve_cell(tx, f.cell, ""));
    return to_page(tx.run(sql::assignments_list, {std::to_string(*district), cell, or_null(f.person), or_null(f.at), std::to_string(f.after), std::to_string(f.limit)}), f.limit);
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
