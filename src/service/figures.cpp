#include "service/figures.h"

#include "service/comparisons.h"
#include "service/figure_rows.h"
#include "service/ground.h"
#include "service/small_areas.h"

namespace gridward::service {

Result<FigureTable> figures(FigureSources& sources, const Principal& who, const FiguresAsked& asked) {
  std::optional<stats::Weights> links;
  auto made = sources.reads.read<FigureTable>([&](storage::Tx& tx) -> Result<FigureTable> {
    const auto ground = find_ground(tx, who, asked);
    if (!ground) return fail(ground.error());
    FigureTable table = table_on(tx, sources, *ground, asked);
    const Gathering what{asked, ground->within, ground->district, ground->map_day};
    for (const Comparison with : asked.compare) {
      const TableComparison comparison = find_comparison(tx, what, ground->period, with);
      if (!comparison.reason.empty()) {
        put_beside(table, comparison, nullptr);
        continue;
      }
      Ground then = *ground;
      then.period.window = comparison.window;
      const FigureTable table_then = table_on(tx, sources, then, asked);
      put_beside(table, comparison, &table_then);
    }
    if (asked.smoothing != Smoothing::local) return table;
    const auto neighbourhood = sources.neighbours.find(tx, ground->district, asked.level, ground->neighbours_day(), asked.known_at);
    auto found = links_among(*neighbourhood, cells_of(table), {});
    if (!found) return fail(found.error());
    links.emplace(std::move(*found));
    return table;
  });
  if (made && asked.smoothing != Smoothing::none) compare_areas(*made, links ? &*links : nullptr);  // without a connection in hand
  return made;
}

}  // namespace gridward::service
