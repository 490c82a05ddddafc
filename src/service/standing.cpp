#include "service/standing.h"

#include "service/auth.h"
#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Tx;

/// The statements of a kind.
struct Statements {
  const sql::Query &cell, &write, &withdraw;
  const char *name, *keepers;
};

const Statements& statements_of(Standing what) {
  static const Statements all[] = {{sql::contact_points_cell, sql::contact_points_write, sql::contact_points_withdraw, "contact point", ""},
                                   {sql::entrustments_cell, sql::entrustments_write, sql::entrustments_withdraw, "entrustment", "Entrustments are kept by coordinators of the whole district."}};
  return all[static_cast<int>(what)];
}

/// `district_day` is one of the map, for what lies within a cell.
storage::Rows run_list(Tx& tx, Standing what, std::int64_t district, const Param& cell, const std::string& district_day, const StandingFilter& f, const Param& id) {
  const std::string in = std::to_string(district), after = std::to_string(f.after), limit = std::to_string(f.limit);
  if (what == Standing::entrustment) return tx.run(sql::entrustments_list, {in, cell, or_null(f.at), or_null(f.known_at), after, limit, id});
  return tx.run(sql::contact_points_list, {in, cell, district_day, or_null(f.at), or_null(f.person), or_null(f.known_at), after, limit, id});
}

std::string document(Tx& tx, Standing what, std::int64_t district, const std::string& id) { return run_list(tx, what, district, {}, local_day(tx, district, ""), {}, id).text(0, "doc"); }

/// Whether the caller keeps those of a cell that they may see.
Result<void> may_keep(const Principal& who, Standing what, const Cell& cell) {
  const char* keepers = statements_of(what).keepers;
  if (*keepers != 0 && !reaches(who, cell.district, {})) return fail(Errc::forbidden, keepers);
  return {};
}

/// The cell of one that the caller may change.
Result<Cell> cell_of(Tx& tx, const Principal& who, Standing what, std::int64_t district, std::int64_t id) {
  const auto found = tx.run(statements_of(what).cell, {std::to_string(district), std::to_string(id)});
  if (found.size() == 0) return fail(Errc::not_found, std::string("There is no such ") + statements_of(what).name + ".");
  auto cell = cell_in_window(tx, who, found.text(0, "cell_id"), "", "");
  if (!cell) return cell;
  if (const auto ok = may_keep(who, what, *cell); !ok) return fail(ok.error());
  return cell;
}

}  // namespace

Result<Page> list_standing(storage::Pool& pool, const Principal& who, Standing what, const StandingFilter& f) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    std::int64_t district = f.district;
    Param within;
    if (!f.cell.empty()) {
      const auto cell = f.at.empty() ? cell_in_window(tx, who, f.cell, "", "") : visible_cell(tx, who, f.cell, f.at, false);
      if (!cell) return fail(cell.error());
      district = cell->district;
      within = std::to_string(cell->id);
    } else if (district == 0) {
      return fail(Error::field("district", "give it, or a cell"));
    } else if (!in_district(who, district)) {
      return fail(Errc::forbidden, "This district is outside your area.");
    }
    return to_page(run_list(tx, what, district, within, local_day(tx, district, f.at), f, {}), f.limit);
  });
}

Result<Written> create_standing(storage::Pool& pool, const Deed& deed, Standing what, const std::string& cell, const std::string& from, const std::string& body) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto found = visible_cell(tx, deed.who, cell, from, false);
    if (!found) return fail(found.error());
    if (const auto ok = may_keep(deed.who, what, *found); !ok) return fail(ok.error());
    const auto id = tx.run(statements_of(what).write, {std::to_string(found->district), Param{}, std::to_string(found->id), body, deed.who.username, deed.request_id});
    return Written{201, document(tx, what, found->district, id.text(0, "id"))};
  });
}

Result<Written> correct_standing(storage::Pool& pool, const Deed& deed, Standing what, std::int64_t district, std::int64_t id, const std::string& body) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto cell = cell_of(tx, deed.who, what, district, id);
    if (!cell) return fail(cell.error());
    tx.run(statements_of(what).write, {std::to_string(district), std::to_string(id), std::to_string(cell->id), body, deed.who.username, deed.request_id});
    return Written{200, document(tx, what, district, std::to_string(id))};
  });
}

Result<Written> withdraw_standing(storage::Pool& pool, const Deed& deed, Standing what, std::int64_t district, std::int64_t id, const std::string& reason) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    if (const auto cell = cell_of(tx, deed.who, what, district, id); !cell) return fail(cell.error());
    tx.run(statements_of(what).withdraw, {std::to_string(district), std::to_string(id), or_null(reason), deed.who.username, deed.request_id});
    return Written{204, ""};
  });
}

}  // namespace gridward::service
