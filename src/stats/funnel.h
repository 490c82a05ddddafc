#pragma once

#include <optional>
#include <span>
#include <vector>

#include "stats/smooth.h"

namespace gridward::stats {

/// Where an area's events lie among those that chance alone makes of one target: in a tail of 2.5 % (of 120 areas up to six do), or far
/// outside, in one of 0.1 %.
enum class FunnelPlace { within, above, below, far_above, far_below, no_exposure, no_data };

/// The rates between which an area of an exposure lies with about 95 % and 99.8 % probability: the lines of the plot.
struct FunnelLimits {
  double low_998, low_95, high_95, high_998;
};

struct FunnelArea {
  FunnelPlace place = FunnelPlace::no_data;
  std::optional<double> rate;
  std::optional<FunnelLimits> limits;
};

struct Funnel {
  std::optional<double> target;  // Σe/Σb over the areas with exposure; none without any
  std::vector<FunnelArea> areas;
};

/// Exact Poisson or binomial limits of a funnel plot (Spiegelhalter 2005, appendix A.1): with r the smallest count whose cumulative
/// probability P(R <= r) reaches p, the limit is (r - α)/b, α = (P(R <= r) - p)/P(R = r), which makes a curve of the steps; never below 0.
/// Where a single event is a step that matters (1 of 1 inspected), a rate may lie beyond the curve and yet be common: funnel() judges by
/// the tails themselves. target >= 0 (a share <= 1), exposure > 0, for shares a whole number.
[[nodiscard]] FunnelLimits funnel_limits(double target, double exposure, Family family);

/// Each area against the rate of all together. It is the alternative to a league table: it says who stands out, and ranks nobody.
[[nodiscard]] Funnel funnel(std::span<const double> events, std::span<const double> exposure, Family family = Family::poisson);

}  // namespace gridward::stats
