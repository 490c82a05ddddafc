#include "service/scope.h"

#include "service/auth.h"
#include "service/cells.h"

namespace gridward::service {

Result<Scope> settle(storage::Tx& tx, const Principal& who, const RecordsAsked& asked, const std::string& from, const std::string& to) {
  if (asked.mode == "as_of" && asked.as_of.empty()) return fail(Error::field("as_of", "is needed with mode=as_of"));
  if (!asked.as_of.empty() && !asked.mode.empty() && asked.mode != "as_of") return fail(Error::field("as_of", "goes with mode=as_of, and only with it"));
  Scope scope{asked.district, {}, asked.as_of};
  if (asked.cell.empty()) {
    if (asked.district == 0) return fail(Error::field("cell", "give cell or district"));
    if (!reaches(who, asked.district, {})) return fail(Errc::forbidden, "This district is outside your area: name a cell of it.");
    if (asked.direct) scope.cell = "0";
  } else {
    const bool own_days = asked.as_of.empty() && asked.mode != "as_is";
    const auto cell = own_days ? cell_in_window(tx, who, asked.cell, from, to) : visible_cell(tx, who, asked.cell, asked.as_of, false);
    if (!cell) return fail(cell.error());
    scope.district = cell->district;
    scope.cell = std::to_string(cell->id);
  }
  if (asked.mode == "as_is") scope.map_day = local_day(tx, scope.district, "");
  return scope;
}

}  // namespace gridward::service
