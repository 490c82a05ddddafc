#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace gridward::stats {

/// The ends of a 95 % interval.
struct Bounds {
  double low;
  double high;
};

/// Garwood's exact Poisson interval for a count k >= 0: chi-square quantiles 0.025 of 2k and 0.975 of 2k + 2, halved
/// (Garwood 1936).
[[nodiscard]] Bounds garwood(std::int64_t k);

/// Wilson's score interval for k of n, 0 <= k <= n, n >= 1 (Wilson 1927). Never leaves [0, 1].
[[nodiscard]] Bounds wilson(std::int64_t k, std::int64_t n);

/// The exact interval for k of n, 0 <= k <= n, n >= 1: beta quantiles (Clopper and Pearson 1934). It covers at least as often as it
/// says, so it is wider than Wilson's, which figures have; for where "at least" matters.
[[nodiscard]] Bounds clopper_pearson(std::int64_t k, std::int64_t n);

/// Why two figures cannot be compared.
enum class NoComparison {
  none,            // they can
  no_exposure,     // one of the two has no base
  no_events,       // nothing happened in either, so there is no ratio
  no_base_events,  // nothing happened in the base, so the ratio has no upper end; low still holds
};

/// A figure against that of another period or area.
struct Comparison {
  std::optional<double> value, low, high;  // 95 %
  std::optional<double> p;                 // two-sided, that both rates are one; of ratios
  NoComparison reason = NoComparison::none;
};

/// The ratio of rates (k/b)/(k0/b0), b and b0 in one unit: 同比 or 环比 is the ratio - 1. Exact, conditional on k + k0: k is binomial, and
/// Clopper and Pearson's limits for its share become those of the ratio (Przyborowski and Wilenski 1940; as R's poisson.test). p is
/// twice the smaller exact tail, so that it is below 0.05 where the interval leaves 1 out.
[[nodiscard]] Comparison rate_ratio(std::int64_t k, double b, std::int64_t k0, double b0);

/// The difference of rates k/b - k0/b0. Limits from the two Garwood intervals (MOVER: Zou and Donner 2008).
[[nodiscard]] Comparison rate_difference(std::int64_t k, double b, std::int64_t k0, double b0);

/// The difference of shares k/n - k0/n0, in [-1, 1]. Limits from the two Wilson intervals (Newcombe 1998, method 10).
[[nodiscard]] Comparison share_difference(std::int64_t k, std::int64_t n, std::int64_t k0, std::int64_t n0);

/// The interval of a weighted sum of counts Σ wᵢkᵢ, each count Poisson, weights >= 0 (of severities; or wᵢ = standard population ÷
/// exposure for a standardised rate): the gamma interval of Fay and Feuer (1997), Garwood's where all weights are 1; too wide rather
/// than too narrow where few events carry much of the weight. Equally long spans, some weight above 0.
[[nodiscard]] Bounds weighted_count_interval(std::span<const std::int64_t> counts, std::span<const double> weights);

/// A share of weights.
struct WeightedShare {
  std::optional<double> value, low, high;  // none where weights sum to 0
  double effective = 0;                    // Kish's (Σw)²/Σw²: so many equal ones tell as much
};

/// Σ wᵢhᵢ ÷ Σ wᵢ of units with a weight >= 0, hᵢ whether the unit counts (≠ 0). The interval is Wilson's with the effective number (Kish
/// 1965): an approximation, which takes it that heavy units are no likelier to count than light ones.
[[nodiscard]] WeightedShare weighted_share(std::span<const char> hits, std::span<const double> weights);

/// The quantile p in [0, 1] of values, by linear interpolation between order statistics: type 7 of Hyndman and Fan (1996), the default of
/// R, numpy and spreadsheets (PERCENTILE.INC); the median with p = ½. None of no values. NaN must not be among them.
[[nodiscard]] std::optional<double> quantile(std::span<const double> values, double p);

}  // namespace gridward::stats
