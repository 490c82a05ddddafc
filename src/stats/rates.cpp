#include "stats/rates.h"

#include <algorithm>
#include <cmath>

namespace gridward::stats {
namespace {

/// Regularised lower incomplete gamma function: by its series left of the mode, by continued fraction right of it.
double gamma_p(double a, double x) {
  if (x <= 0) return 0;
  const double scale = std::exp(a * std::log(x) - x - std::lgamma(a));
  if (x < a + 1) {
    double term = 1 / a;
    double sum = term;
    for (double n = a + 1; term > sum * 1e-17; ++n) sum += term *= x / n;
    return sum * scale;
  }
  double b = x + 1 - a;
  double c = 1e300;
  double d = 1 / b;
  double h = d;
  for (int i = 1; i < 100000; ++i) {  // Lentz's method
    const double an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const double delta = d * c;
    h *= delta;
    if (std::abs(delta - 1) < 1e-16) break;
  }
  return 1 - scale * h;
}

/// x with gamma_p(a, x) = p, by bisection: slower than Newton, but it cannot leave its bracket.
double gamma_quantile(double a, double p) {
  double low = 0;
  double high = a + 10 * std::sqrt(a) + 20;
  for (int i = 0; i < 200 && high - low > 1e-14 * high; ++i) {
    const double middle = (low + high) / 2;
    (gamma_p(a, middle) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

Bounds garwood(std::int64_t k) {
  const auto count = static_cast<double>(k);
  return {k == 0 ? 0 : gamma_quantile(count, 0.025), gamma_quantile(count + 1, 0.975)};
}

Bounds wilson(std::int64_t k, std::int64_t n) {
  constexpr double z = 1.959963984540054;
  const auto total = static_cast<double>(n);
  const double p = static_cast<double>(k) / total;
  const double centre = p + z * z / (2 * total);
  const double half = z * std::sqrt(p * (1 - p) / total + z * z / (4 * total * total));
  const double norm = 1 + z * z / total;
  return {k == 0 ? 0 : std::max(0.0, (centre - half) / norm), k == n ? 1 : std::min(1.0, (centre + half) / norm)};
}

}  // namespace gridward::stats
