#include "service/small_areas.h"

#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

namespace gridward::service {
namespace {

Sentence no_evidence(const Evidence& e) {
  if (e.areas < 2) return {"有分母的区域不足两个，无从比较。", "Fewer than two areas have a denominator: there is nothing to compare."};
  if (!e.homogeneity.p) return {"各区域数值全部为零或全部为百分之百，无从区分。", "All areas are at nothing or all at the whole: they cannot be told apart."};
  if (e.homogeneity.differences() && !e.clipped) return {};
  return {fmt::format("没有证据表明各区域的真实水平不同：差异未超出偶然波动（齐性检验 p = {:.2g}），不宜据此排名。", *e.homogeneity.p),
          fmt::format("There is no evidence that the areas really differ: they vary no more than by chance (test of homogeneity, p = {:.2g}). Do not rank them by this.", *e.homogeneity.p)};
}

/// The estimates of all areas.
struct Estimates {
  Evidence evidence;
  std::vector<stats::Smoothed> rates;
  std::vector<char> clipped;
};

Estimates estimate(const Counts& c, stats::Family family, const stats::Weights* neighbours) {
  stats::GlobalSmoothing global = stats::smooth_global(c.events, c.exposure, family);
  Estimates out{evidence_of(c, family, global), {}, std::vector<char>(c.events.size(), global.clipped ? 1 : 0)};
  out.rates = std::move(global.rates);
  if (neighbours == nullptr) return out;
  stats::LocalSmoothing local = stats::smooth_local(c.events, c.exposure, *neighbours, family);
  for (std::size_t i = 0; i < out.clipped.size(); ++i) out.clipped[i] = local.variance[i] <= 0 ? 1 : 0;
  out.rates = std::move(local.rates);
  return out;
}

void compare(FigureTable& table, std::size_t measure, const stats::Weights* neighbours) {
  std::optional<Evidence>& evidence = table.evidence[measure].second;
  const Counts c = counts_of(table.rows, measure);
  const stats::Family family = *table.rows.front().figures[measure].second.family;
  Estimates estimates = estimate(c, family, neighbours);
  const std::vector<double> standardised = stats::standardised_rates(c.events, c.exposure, family);
  const stats::Funnel funnel = stats::funnel(c.events, c.exposure, family);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const stats::Smoothed& smoothed = estimates.rates[i];
    SmallArea area{smoothed, neighbours != nullptr && smoothed.kind != stats::Estimate::island, estimates.clipped[i] != 0 && smoothed.rate, {}, funnel.target, funnel.areas[i]};
    if (std::isfinite(standardised[i])) area.standardised = standardised[i];
    table.rows[i].figures[measure].second.small_area = area;
  }
  evidence = std::move(estimates.evidence);
}

}  // namespace

Counts counts_of(std::span<const FigureRow> rows, std::size_t measure) {
  Counts out;
  for (const FigureRow& row : rows) {
    const Figure& figure = row.figures[measure].second;
    out.events.push_back(figure.numerator);
    out.exposure.push_back(figure.denominator.value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return out;
}

Evidence evidence_of(const Counts& c, stats::Family family, const stats::GlobalSmoothing& global) {
  Evidence e{family, global.areas, {}, global.variance, global.variance_moment, global.clipped, stats::homogeneity(c.events, c.exposure, family), {}};
  if (global.areas > 0) e.overall = global.mean;
  e.no_evidence = no_evidence(e);
  return e;
}

std::vector<std::int64_t> cells_of(const FigureTable& table) {
  std::vector<std::int64_t> out;
  for (const FigureRow& row : table.rows) out.push_back(row.cell.id);
  return out;
}

void compare_areas(FigureTable& table, const stats::Weights* neighbours) {
  if (table.rows.empty()) return;
  for (std::size_t m = 0; m < table.rows.front().figures.size(); ++m) {
    const auto& [name, figure] = table.rows.front().figures[m];
    table.evidence.emplace_back(name, std::nullopt);
    if (figure.is_rate()) compare(table, m, neighbours);
  }
}

}  // namespace gridward::service
