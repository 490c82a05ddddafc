#include "service/enterprises.h"

#include "service/auth.h"
#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {

using storage::or_null;
using storage::Param;
using storage::Tx;

namespace {

/// The cell that is asked for and its district; a district as a whole only for those whose area it is.
struct Scope {
  std::int64_t district = 0, cell = 0;
};

Result<Scope> scope_of(Tx& tx, const Principal& who, const EnterpriseFilter& f, const std::string& map_day) {
  if (f.cell.empty()) {
    if (f.district == 0) return fail(Error::field("cell", "give cell or district"));
    if (!reaches(who, f.district, {})) return fail(Errc::forbidden, "This district is outside your area: name a cell of it.");
    return Scope{f.district, 0};
  }
  const auto cell = map_day.empty() ? cell_in_window(tx, who, f.cell, f.from, f.to) : visible_cell(tx, who, f.cell, map_day, false);
  if (!cell) return fail(cell.error());
  return Scope{cell->district, cell->id};
}

}  // namespace

Result<Page> list_enterprises(storage::Pool& pool, const Principal& who, const EnterpriseFilter& f) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    const bool window = !f.from.empty();
    std::string map_day = window ? f.as_of : f.at;
    auto scope = scope_of(tx, who, f, map_day);
    if (!scope) return fail(scope.error());
    if (window && f.mode == "as_is") map_day = local_day(tx, scope->district, "");
    const std::string district = std::to_string(scope->district), cell = std::to_string(scope->cell);
    const std::string phones = f.phones ? "true" : "false";
    const auto rows = window
        ? tx.run(sql::enterprises_counted, {district, cell, f.direct ? "true" : "false", f.from, f.to, or_null(map_day), or_null(f.known_at),
                                            f.counted.empty() ? "active" : f.counted, std::to_string(f.after), std::to_string(f.limit), phones})
        : tx.run(sql::enterprises_list, {district, or_null(scope->cell), local_day(tx, scope->district, f.at), or_null(f.q), or_null(f.industry),
                                         or_null(f.risk_grade), std::to_string(f.after), std::to_string(f.limit), phones, or_null(f.known_at)});
    return to_page(rows, f.limit);
  });
}

}  // namespace gridward::service
