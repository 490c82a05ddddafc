#include "stats/rates.h"

#include <algorithm>
#include <cmath>

#include "stats/special.h"

namespace gridward::stats {

Bounds garwood(std::int64_t k) {
  const auto count = static_cast<double>(k);
  return {k == 0 ? 0 : gamma_quantile(count, 0.025), gamma_quantile(count + 1, 0.975)};
}

Bounds wilson(std::int64_t k, std::int64_t n) {
  constexpr double z = kZ95;
  const auto total = static_cast<double>(n);
  const double p = static_cast<double>(k) / total;
  const double centre = p + z * z / (2 * total);
  const double half = z * std::sqrt(p * (1 - p) / total + z * z / (4 * total * total));
  const double norm = 1 + z * z / total;
  return {k == 0 ? 0 : std::max(0.0, (centre - half) / norm), k == n ? 1 : std::min(1.0, (centre + half) / norm)};
}

}  // namespace gridward::stats
