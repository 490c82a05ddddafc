#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "domain/figure.h"
#include "service/figures.h"
#include "stats/weights.h"

namespace gridward::service {

/// A measure's figures of the areas that are compared, as statistics want them: events of exposure. An area without a denominator has
/// NaN as exposure.
struct Counts {
  std::vector<double> events, exposure;
};
[[nodiscard]] Counts counts_of(std::span<const FigureRow> rows, std::size_t measure);

/// Compares the areas of a table, measure by measure: sets `small_area` of the figures of its rows (of an area whose figure has no
/// denominator too) and `evidence`. With `neighbours`, the links between rows by their order, rates are smoothed locally, without
/// (nullptr) globally. Figures that are neither rates of counts nor shares are left as they are.
void compare_areas(FigureTable& table, const stats::Weights* neighbours);

/// Whether areas differ, from the global estimate of their rates.
[[nodiscard]] Evidence evidence_of(const Counts& counts, stats::Family family, const stats::GlobalSmoothing& global);

/// The cells of the rows of a table, in their order.
[[nodiscard]] std::vector<std::int64_t> cells_of(const FigureTable& table);

}  // namespace gridward::service
