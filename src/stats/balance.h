#pragma once

#include <span>

namespace gridward::stats {

/// How evenly a load is spread over those who carry it.
struct Spread {
  double mean = 0, most = 0;
  double max_to_mean = 1;  // 1: even; of no load at all too
  double cv = 0;           // standard deviation (of all, not of a sample) over mean
  double gini = 0;         // mean absolute difference of all pairs over twice the mean: Σ(2i − n − 1)x_i / (n Σx), x rising
};

/// The spread of loads, each >= 0. Of none, and of nothing but zeros, it is even.
[[nodiscard]] Spread spread_of(std::span<const double> loads);

}  // namespace gridward::stats
