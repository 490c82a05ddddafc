#include "stats/balance.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace gridward::stats {

Spread spread_of(std::span<const double> loads) {
  Spread out;
  const double sum = std::accumulate(loads.begin(), loads.end(), 0.0);
  if (!(sum > 0)) return out;
  const auto n = static_cast<double>(loads.size());
  out.mean = sum / n;
  std::vector<double> rising(loads.begin(), loads.end());
  std::ranges::sort(rising);
  out.most = rising.back();
  out.max_to_mean = out.most / out.mean;
  double squares = 0, weighted = 0;
  for (std::size_t i = 0; i < rising.size(); ++i) {
    squares += (rising[i] - out.mean) * (rising[i] - out.mean);
    weighted += (2 * static_cast<double>(i + 1) - n - 1) * rising[i];
  }
  out.cv = std::sqrt(squares / n) / out.mean;
  out.gini = weighted / (n * sum);
  return out;
}

}  // namespace gridward::stats
