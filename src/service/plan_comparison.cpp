#include "service/plan_comparison.h"

#include <map>
#include <set>

#include "service/cells.h"
#include "service/figure_rows.h"
#include "service/ground.h"
#include "service/plan_access.h"
#include "service/rollback.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::Tx;

/// The figures of a whole district as of the day of a plan.
Result<FigureTable> table_of(Tx& tx, FigureSources& sources, std::int64_t district, const FiguresAsked& asked) {
  const auto found = district_of(tx, district);
  if (!found) return fail(found.error());
  const auto ground = district_ground(*found, asked);
  if (!ground) return fail(ground.error());
  return table_on(tx, sources, *ground, asked);
}

/// What is kept for others must not be made of what is rolled back: the map and register of a plan are kept for itself alone.
Result<FigureTable> table_after(Tx& tx, FigureSources& shared, std::int64_t district, const FiguresAsked& asked) {
  MapCells cells;
  Rosters rosters;
  Neighbours neighbours;
  CourseBooks courses;
  FigureSources own{shared.reads, cells, rosters, neighbours, courses};
  return table_of(tx, own, district, asked);
}

/// Links would lead to the records of the map as it is.
FigureRow without_links(FigureRow row) {
  for (auto& [name, figure] : row.figures) figure.records = figure.base_records = "";
  return row;
}

std::vector<ComparedCell> pair_up(const FigureTable& before, const FigureTable& after, const std::set<std::int64_t>& touched) {
  std::map<std::int64_t, ComparedCell> paired;
  for (const FigureRow& row : before.rows)
    if (touched.contains(row.cell.id)) paired[row.cell.id].before = row;
  for (const FigureRow& row : after.rows)
    if (touched.contains(row.cell.id)) paired[row.cell.id].after = without_links(row);
  std::vector<ComparedCell> rows;
  for (auto& [id, row] : paired) rows.push_back(std::move(row));
  return rows;
}

}  // namespace

Result<PlanComparison> compare_reassignment(storage::Pool& writes, FigureSources& sources, const Principal& who, const std::string& id, FiguresAsked asked) {
  asked.mode = Mode::as_of;
  std::int64_t district = 0;
  const auto before = sources.reads.read<FigureTable>([&](Tx& tx) -> Result<FigureTable> {
    const auto seen = seen_plan(tx, who, id);
    if (!seen) return fail(seen.error());
    district = *seen;
    asked.as_of = tx.run(sql::reassignments_day, {id}).text(0, "day");
    return table_of(tx, sources, district, asked);
  });
  if (!before) return fail(before.error());
  return rolled_back<PlanComparison>(writes, [&](Tx& tx) -> Result<PlanComparison> {
    PlanComparison out{before->period, asked.as_of, {}, tx.run(sql::reassignments_carry, {id}).text(0, "problems"), ""};
    const auto after = table_after(tx, sources, district, asked);
    if (!after) return fail(after.error());
    const auto cells = tx.run(sql::reassignments_cells, {id, std::to_string(asked.level), areas_of(who, district)});
    std::set<std::int64_t> touched;
    for (std::size_t i = 0; i < cells.size(); ++i) touched.insert(cells.integer(i, "cell_id"));
    out.rows = pair_up(*before, *after, touched);
    out.effects = tx.run(sql::reassignments_effects, {id}).text(0, "doc");
    return out;
  });
}

}  // namespace gridward::service
