#pragma once

#include <cstdint>

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

}  // namespace gridward::stats
