#include "stats/special.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gridward::stats {
namespace {

constexpr double kPi = std::numbers::pi;
const double kHalfLog2Pi = 0.5 * std::log(2 * kPi);

/// log Γ(x + 1) - log(√(2πx) (x/e)^x) for x >= 16, by Stirling's series.
double stirling_tail(double x) {
  const double s = 1 / (x * x);
  return (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s / 1188)))) / x;
}

/// The same for any x > 0: what Stirling's formula lacks.
double stirling_error(double x) {
  return x >= 16 ? stirling_tail(x) : log_gamma(x + 1) - (x + 0.5) * std::log(x) + x - kHalfLog2Pi;
}

/// x log(x/m) + m - x, without cancellation where x is near m (Loader's bd0).
double deviance_part(double x, double m) {
  if (std::abs(x - m) >= 0.1 * (x + m)) return x * std::log(x / m) + m - x;
  const double v = (x - m) / (x + m);
  double sum = (x - m) * v;
  double term = 2 * x * v;
  for (int j = 1; j < 1000; ++j) {
    term *= v * v;
    const double next = sum + term / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

/// m^x e^-m / Γ(x + 1), x not necessarily whole.
double poisson_raw(double x, double m) {
  if (m == 0) return x == 0 ? 1 : 0;
  if (x == 0) return std::exp(-m);
  return std::exp(-stirling_error(x) - deviance_part(x, m)) / std::sqrt(2 * kPi * x);
}

/// Γ(n+1)/(Γ(x+1)Γ(n-x+1)) p^x q^(n-x), x and n not necessarily whole.
double binomial_raw(double x, double n, double p, double q) {
  if (p == 0) return x == 0 ? 1 : 0;
  if (q == 0) return x == n ? 1 : 0;
  if (x == 0) return std::exp(q > 0.5 ? n * std::log1p(-p) : n * std::log(q));
  if (x == n) return std::exp(p > 0.5 ? n * std::log1p(-q) : n * std::log(p));
  const double y = n - x;
  const double log_ratio = stirling_error(n) - stirling_error(x) - stirling_error(y) - deviance_part(x, n * p) - deviance_part(y, n * q);
  return std::exp(log_ratio) * std::sqrt(n / (2 * kPi * x * y));
}

constexpr double kTiny = 1e-300;
double not_zero(double x) { return std::abs(x) < kTiny ? kTiny : x; }

/// Γ(a, x) / (x^a e^-x) for x >= a + 1, by Lentz's method.
double gamma_fraction(double a, double x) {
  double b = x + 1 - a;
  double c = 1 / kTiny;
  double d = 1 / b;
  double h = d;
  for (int i = 1; i < 1000000; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = 1 / not_zero(an * d + b);
    c = not_zero(b + an / c);
    const double delta = d * c;
    h *= delta;
    if (std::abs(delta - 1) < 1e-16) break;
  }
  return h;
}

/// The continued fraction of the incomplete beta function for x < (a + 1)/(a + b + 2), by Lentz's method.
double beta_fraction(double a, double b, double x) {
  double c = 1;
  double d = 1 / not_zero(1 - (a + b) * x / (a + 1));
  double h = d;
  for (int i = 1; i < 1000000; ++i) {
    const double even = i * (b - i) * x / ((a + 2 * i - 1) * (a + 2 * i));
    d = 1 / not_zero(1 + even * d);
    c = not_zero(1 + even / c);
    h *= d * c;
    const double odd = -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1));
    d = 1 / not_zero(1 + odd * d);
    c = not_zero(1 + odd / c);
    const double delta = d * c;
    h *= delta;
    if (std::abs(delta - 1) < 1e-16) break;
  }
  return h;
}

/// I_x(a, b) with y = 1 - x given exactly.
double beta_of(double a, double b, double x, double y) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const double power = binomial_raw(a, a + b, x, y) / (a + b);  // x^a y^b / (a b B(a, b))
  return x < (a + 1) / (a + b + 2) ? power * b * beta_fraction(a, b, x) : 1 - power * a * beta_fraction(b, a, y);
}

/// u with value(u) = p for a rising function, by Newton's method kept inside a bracket by bisection.
template <class Value, class Slope>
double solve(double p, double low, double high, double start, Value value, Slope slope) {
  double u = std::clamp(start, low, high);
  for (int i = 0; i < 300; ++i) {
    const double miss = value(u) - p;
    (miss < 0 ? low : high) = u;
    const double steep = slope(u);
    double next = steep > 0 ? u - miss / steep : low;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (std::abs(next - u) <= 4e-16 * std::max(1.0, std::abs(u))) return next;
    u = next;
  }
  return u;
}

/// The smallest k in [0, most] with cdf(k) >= p, which cdf(most) must be.
template <class Cdf>
std::int64_t discrete_quantile(double p, std::int64_t most, Cdf cdf) {
  std::int64_t least = 0;
  while (least < most) {
    const std::int64_t middle = least + (most - least) / 2;
    if (cdf(middle) >= p) {
      most = middle;
    } else {
      least = middle + 1;
    }
  }
  return most;
}

}  // namespace

double log_gamma(double x) {
  double product = 1;
  for (; x < 17; ++x) product *= x;
  const double y = x - 1;
  return (y + 0.5) * std::log(y) - y + kHalfLog2Pi + stirling_tail(y) - std::log(product);
}

double gamma_q(double a, double x) {
  return x < a + 1 ? 1 - gamma_p(a, x) : poisson_raw(a, x) * a * gamma_fraction(a, x);
}

double gamma_p(double a, double x) {
  if (x <= 0) return 0;
  if (x >= a + 1) return 1 - gamma_q(a, x);
  double term = 1;
  double sum = 1;
  for (double n = a + 1; term > sum * 1e-17; ++n) sum += term *= x / n;
  return std::min(1.0, sum * poisson_raw(a, x));
}

double gamma_quantile(double a, double p) {
  // In log x, as a small shape has quantiles of any smallness. First guesses: Wilson and Hilferty's, and the leading term at 0.
  const double cube = 1 - 1 / (9 * a) + (p < 0.5 ? -1 : 1) * std::sqrt(-2 * std::log(2 * std::min(p, 1 - p))) / (3 * std::sqrt(a));
  const double least = (std::log(p) + log_gamma(a + 1)) / a;  // as P(a, x) <= x^a / Γ(a + 1)
  const double guess = a > 1 && cube > 0 ? std::log(a) + 3 * std::log(cube) : least;
  const double top = std::log(a + 40 * std::sqrt(a) + 800);
  const auto value = [a](double u) { return gamma_p(a, std::exp(u)); };
  const auto slope = [a](double u) { return a * poisson_raw(a, std::exp(u)); };
  return std::exp(solve(p, least - 1e-6, top, guess, value, slope));
}

double beta_p(double a, double b, double x) { return beta_of(a, b, x, 1 - x); }

double beta_quantile(double a, double b, double p) {
  // In log odds, so that both ends are as fine as zero.
  const auto x_of = [](double u) { return 1 / (1 + std::exp(-u)); };
  const auto value = [&](double u) { return beta_of(a, b, x_of(u), x_of(-u)); };
  const auto slope = [&](double u) { return binomial_raw(a, a + b, x_of(u), x_of(-u)) * a * b / (a + b); };
  return x_of(solve(p, -700, 700, std::log(a / b), value, slope));
}

double poisson_pmf(std::int64_t k, double mean) { return k < 0 ? 0 : poisson_raw(static_cast<double>(k), mean); }

double poisson_cdf(std::int64_t k, double mean) {
  if (k < 0) return 0;
  return mean == 0 ? 1 : gamma_q(static_cast<double>(k) + 1, mean);
}

std::int64_t poisson_quantile(double p, double mean) {
  auto most = static_cast<std::int64_t>(mean + 10 * std::sqrt(mean) + 10);
  while (poisson_cdf(most, mean) < p) most *= 2;
  return discrete_quantile(p, most, [mean](std::int64_t k) { return poisson_cdf(k, mean); });
}

double binomial_pmf(std::int64_t k, std::int64_t n, double p) {
  return k < 0 || k > n ? 0 : binomial_raw(static_cast<double>(k), static_cast<double>(n), p, 1 - p);
}

double binomial_cdf(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return beta_of(static_cast<double>(n - k), static_cast<double>(k) + 1, 1 - p, p);
}

std::int64_t binomial_quantile(double q, std::int64_t n, double p) {
  return discrete_quantile(q, n, [n, p](std::int64_t k) { return binomial_cdf(k, n, p); });
}

double chi_square_upper(double x, double degrees) { return x <= 0 ? 1 : gamma_q(degrees / 2, x / 2); }

double normal_two_sided(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

}  // namespace gridward::stats
