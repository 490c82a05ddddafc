#include "service/hazards.h"

#include "service/auth.h"
#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;

/// A district as a whole may be listed only by one whose grant covers it.
Result<std::int64_t> allowed_district(storage::Tx& tx, const Principal& who, const HazardFilter& filter, std::int64_t& cell) {
  if (!filter.cell.empty()) {
    const auto found = visible_cell(tx, who, filter.cell, filter.open_at.empty() ? filter.from : "", false);
    if (!found) return fail(found.error());
    cell = found->id;
    return found->district;
  }
  if (filter.district == 0) return fail(Error::field("cell", "give cell or district"));
  if (!reaches(who, filter.district, {})) return fail(Errc::forbidden, "This district is outside your area: name a cell of it.");
  return filter.district;
}

}  // namespace

Result<std::vector<Hazard>> list_hazards(storage::Pool& pool, const Principal& who, const HazardFilter& f) {
  return pool.read<std::vector<Hazard>>([&](storage::Tx& tx) -> Result<std::vector<Hazard>> {
    std::int64_t cell = 0;
    const auto district = allowed_district(tx, who, f, cell);
    if (!district) return fail(district.error());
    const Param asked_cell = cell != 0 || f.direct ? Param{std::to_string(cell)} : Param{};
    const auto rows = tx.run(sql::hazards_list, {std::to_string(*district), asked_cell, or_null(f.from), or_null(f.to), or_null(f.open_at),
                                                 f.source, f.grade, or_null(f.after_day), or_null(f.after_id), std::to_string(f.limit),
                                                 f.direct ? "true" : "false"});
    std::vector<Hazard> out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Hazard h;
      h.id = rows.text(i, "id");
      h.found_on = rows.text(i, "day");
      h.enterprise = rows.integer(i, "enterprise_id");
      h.cell = rows.integer(i, "leaf");
      h.rule = rows.text(i, "rule");
      if (!rows.null(i, "lon")) h.lon = rows.real(i, "lon");
      if (!rows.null(i, "lat")) h.lat = rows.real(i, "lat");
      h.external_id = rows.text(i, "external_id");
      h.source = rows.text(i, "source");
      h.grade = rows.text(i, "grade");
      h.category = rows.text(i, "category");
      h.due_on = rows.text(i, "due_on");
      h.rectified_on = rows.text(i, "rectified_on");
      h.closed_on = rows.text(i, "closed_on");
      out.push_back(std::move(h));
    }
    return out;
  });
}

Result<void> record_hazard(storage::Pool& pool, const Principal& who, std::int64_t district, const Hazard& hazard, const std::string& row) {
  const auto done = pool.write<int>([&](storage::Tx& tx) -> Result<int> {
    if (!reaches(who, district, {})) {
      if (!hazard.lon || !hazard.lat) return fail(Errc::forbidden, "Give a position inside your area.");
      const auto hits = tx.run(sql::cells_at_point, {std::to_string(*hazard.lon), std::to_string(*hazard.lat), hazard.found_on});
      bool inside = false;
      for (std::size_t i = 0; i < hits.size(); ++i)
        inside = inside || (hits.integer(i, "district_id") == district && !hits.null(i, "cell_id") &&
                            visible_cell(tx, who, hits.text(i, "cell_id"), hazard.found_on, false).has_value());
      if (!inside) return fail(Errc::forbidden, "This position is outside your area.");
    }
    tx.run(sql::hazards_record, {std::to_string(district), row, who.username, Param{}});
    return 0;
  });
  if (!done) return fail(done.error());
  return {};
}

}  // namespace gridward::service
