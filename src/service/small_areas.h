#pragma once

#include <functional>

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
/// denominator too) and `evidence`. `neighbours` gives the links between rows, by their order, for local smoothing; it is called once,
/// if at all. Figures that are neither rates of counts nor shares are left as they are.
void compare_areas(FigureTable& table, Smoothing smoothing, const std::function<stats::Weights()>& neighbours);

}  // namespace gridward::service
