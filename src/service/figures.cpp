#include "service/figures.h"

#include "service/comparisons.h"
#include "service/figure_rows.h"
#include "service/ground.h"
#include "service/small_areas.h"

namespace gridward::service {

Result<FigureTable> figures(FigureSources& sources, const Principal& who, const FiguresAsked& asked) {
  return sources.reads.read<FigureTable>([&](storage::Tx& tx) -> Result<FigureTable> {
    const auto ground = find_ground(tx, who, asked);
    if (!ground) return fail(ground.error());
    FiguresAsked settled = asked;
    settled.from = ground->period.window.from;
    settled.to = ground->period.window.to;
    const Gathering what{settled, ground->within, ground->district, ground->map_day};
    Gathered gathered = gather_on(tx, sources, what);
    FigureTable table = make_table(what, gathered);
    table.period = ground->period;
    for (const Comparison with : asked.compare) {
      const TableComparison comparison = find_comparison(tx, what, ground->period, with);
      if (!comparison.reason.empty()) {
        put_beside(table, comparison, nullptr);
        continue;
      }
      FiguresAsked earlier = settled;
      earlier.from = comparison.window.from;
      earlier.to = comparison.window.to;
      const Gathering then{earlier, ground->within, ground->district, ground->map_day};
      Gathered gathered_then = gather_on(tx, sources, then);
      const FigureTable table_then = make_table(then, gathered_then);
      put_beside(table, comparison, &table_then);
    }
    compare_areas(table, asked.smoothing, {});
    return table;
  });
}

}  // namespace gridward::service
