#include "service/hotspots.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "service/figure_rows.h"
#include "service/ground.h"
#include "service/measures.h"
#include "service/small_areas.h"
#include "sql.gen.h"
#include "stats/random.h"

namespace gridward::service {
namespace {

constexpr double kMostDraws = 2e9;  // of neighbours, over all permutations: a few seconds of a processor for each statistic

/// What is read, before anything is computed.
struct Read {
  Hotspots out;
  District district;
  stats::Weights links;
  std::vector<char> on_map;                       // by row
  std::map<std::int64_t, std::string> geometries;
};

std::string array_of(const std::vector<std::int64_t>& ids) { return fmt::format("{{{}}}", fmt::join(ids, ",")); }

Result<Read> read(storage::Tx& tx, FigureSources& sources, const Principal& who, const HotspotsAsked& asked) {
  const auto ground = find_ground(tx, who, asked.figures);
  if (!ground) return fail(ground.error());
  const std::string at = asked.at.empty() ? ground->neighbours_day() : asked.at;
  if (at < ground->district.holds_from) return fail(Errc::rule_violated, "The map of this district begins on " + ground->district.holds_from + ".");
  Hotspots out;
  out.table = table_on(tx, sources, *ground, asked.figures);
  out.table.direct.clear();  // what is no area of the map lies beside nothing
  out.table.unplaced.reset();
  out.at = at;
  const std::vector<std::int64_t> cells = cells_of(out.table);
  const auto neighbourhood = sources.neighbours.find(tx, ground->district, asked.figures.level, at, asked.figures.known_at);
  auto links = links_among(*neighbourhood, cells, asked.linking);
  if (!links) return fail(links.error());
  Read all{std::move(out), ground->district, std::move(*links), {}, {}};
  for (const std::int64_t cell : cells) all.on_map.push_back(std::ranges::binary_search(neighbourhood->cells, cell) ? 1 : 0);
  if (!asked.drawn) return all;
  const auto shapes = tx.run(sql::shapes_drawn, {std::to_string(ground->district.id), at, array_of(cells), storage::or_null(asked.figures.known_at)});
  for (std::size_t i = 0; i < shapes.size(); ++i) all.geometries[shapes.integer(i, "cell_id")] = shapes.text(i, "geometry");
  return all;
}

/// NaN where an area has none.
std::vector<double> values_of(const Counts& c, stats::Family family, AreaValue value, const stats::GlobalSmoothing& global) {
  if (value == AreaValue::standardised) return stats::standardised_rates(c.events, c.exposure, family);
  std::vector<double> out(c.events.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!stats::usable(c.events[i], c.exposure[i], family) || c.exposure[i] <= 0) continue;
    out[i] = value == AreaValue::raw ? c.events[i] / c.exposure[i] : *global.rates[i].rate;
  }
  return out;
}

int permutations_of(const HotspotsAsked& asked, std::size_t areas) {
  if (asked.permutations) return *asked.permutations;
  const int needed = areas == 0 ? 0 : stats::permutations_for(areas, asked.fdr);
  return needed > kMostPermutations ? kFewestPermutations : std::max(kFewestPermutations, needed);
}

/// A seed that is the same until the data change, so that one answer is made once and the same again.
std::uint64_t seed_of(const HotspotsAsked& asked, const District& district) {
  if (asked.seed) return *asked.seed;
  return stats::Random(static_cast<std::uint64_t>(district.id), static_cast<std::uint64_t>(district.data_version)).next() >> 32;
}

void warn(Hotspots& out, std::size_t fewest_detectable) {
  const auto add = [&](std::string zh, std::string en) { out.warnings.push_back({std::move(zh), std::move(en)}); };
  const std::size_t n = out.basis.n;
  switch (out.basis.reason) {
    case stats::NoStatistic::none: break;
    case stats::NoStatistic::too_few: add("有数据的区域不足四个，无法计算。", "Fewer than four areas have data: nothing can be computed."); return;
    case stats::NoStatistic::no_links: add("有数据的区域互不相邻，无法计算。", "No two areas with data are neighbours: nothing can be computed."); return;
    case stats::NoStatistic::constant: add("各区域数值相同，无从区分冷热。", "All areas have the same value: none is hot or cold."); return;
  }
  if (out.basis.few_areas)
    add(fmt::format("有数据的区域只有 {} 个（少于 {} 个）：p 值粗略，很少能辨认出聚集。", n, stats::kFewAreas),
        fmt::format("Only {} areas have data (fewer than {}): p-values are rough, and clusters seldom show.", n, stats::kFewAreas));
  if (fewest_detectable > 1)
    add(fmt::format("{} 次置换下，至少要有 {} 个区域同时达到最小 p 值才会有显著者；要让单个区域可能显著，需 {} 次。", out.permutations, fewest_detectable, stats::permutations_for(n, out.fdr)),
        fmt::format("With {} permutations at least {} areas must have the smallest possible p before any is significant; a single one could be with {}.", out.permutations, fewest_detectable, stats::permutations_for(n, out.fdr)));
}

void compute(const HotspotsAsked& asked, Read& from, const std::vector<double>& values) {
  Hotspots& out = from.out;
  const stats::ClusterOptions options{{out.permutations, out.seed, 0}, stats::Tail::two_sided, out.fdr};
  std::size_t fewest_detectable = 1;
  const auto local = [&](const stats::LocalClusters& clusters, std::optional<stats::LocalStatistic> HotspotArea::*where) {
    for (std::size_t i = 0; i < values.size(); ++i) out.areas[i].*where = clusters.areas[i];
    out.basis = clusters.basis;
    fewest_detectable = std::max(fewest_detectable, clusters.fewest_detectable);
    return clusters.significant;
  };
  if (asked.gi_star) out.gi_star_significant = local(stats::gi_star(values, from.links, options), &HotspotArea::gi_star);
  if (asked.moran_local) out.moran_local_significant = local(stats::local_moran(values, from.links, options), &HotspotArea::moran_local);
  if (asked.moran_global) {
    out.moran_global = stats::global_moran(values, from.links, options);
    out.basis = out.moran_global->basis;
  }
  warn(out, fewest_detectable);
}

void describe_areas(Read& from, const std::vector<double>& values) {
  Hotspots& out = from.out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const FigureRow& row = out.table.rows[i];
    const Figure& figure = row.figures.front().second;
    HotspotArea area;
    if (std::isfinite(values[i])) area.value = values[i];
    else area.no_data = from.on_map[i] == 0 ? "no_shape" : figure.reason.empty() ? "not_a_share" : figure.reason;
    for (const std::uint32_t j : from.links.neighbours(i)) area.neighbours.push_back(out.table.rows[j].cell.id);
    if (const auto found = from.geometries.find(row.cell.id); found != from.geometries.end()) area.geometry = found->second;
    out.areas.push_back(std::move(area));
  }
}

}  // namespace

Result<Hotspots> hotspots(FigureSources& sources, const Principal& who, const HotspotsAsked& asked) {
  const auto family = family_of(asked.figures.measures.front());
  if (!family) return fail(Error::field("measure", "must be a rate of counts or a share, such as hazards_per_enterprise or inspection_coverage"));
  auto from = sources.reads.read<Read>([&](storage::Tx& tx) { return read(tx, sources, who, asked); });
  if (!from) return fail(from.error());
  Hotspots& out = from->out;
  out.linking = asked.linking;
  out.fdr = asked.fdr;
  out.value = asked.value;
  out.seed = seed_of(asked, from->district);
  const Counts counts = counts_of(out.table.rows, 0);
  const stats::GlobalSmoothing global = stats::smooth_global(counts.events, counts.exposure, *family);
  out.evidence = evidence_of(counts, *family, global);
  std::vector<double> values = values_of(counts, *family, asked.value, global);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (from->on_map[i] == 0) values[i] = std::numeric_limits<double>::quiet_NaN();
  out.permutations = permutations_of(asked, static_cast<std::size_t>(std::ranges::count_if(values, [](double v) { return std::isfinite(v); })));
  if (static_cast<double>(from->links.links() + values.size()) * out.permutations > kMostDraws)
    return fail(Error::field("permutations", "are too many for so many neighbours: ask for fewer, or for a shorter distance_m"));
  describe_areas(*from, values);
  compute(asked, *from, values);
  return std::move(out);
}

}  // namespace gridward::service
