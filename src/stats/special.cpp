#include "stats/special.h"

#include <cmath>
#include <numbers>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

namespace gridward::stats {
namespace {

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

double log_gamma(double x) { return boost::math::lgamma(x); }

double gamma_q(double a, double x) { return x <= 0 ? 1 : boost::math::gamma_q(a, x); }

double gamma_p(double a, double x) { return x <= 0 ? 0 : boost::math::gamma_p(a, x); }

double gamma_quantile(double a, double p) { return boost::math::gamma_p_inv(a, p); }

double beta_p(double a, double b, double x) { return boost::math::ibeta(a, b, x); }

double beta_quantile(double a, double b, double p) { return boost::math::ibeta_inv(a, b, p); }

double poisson_pmf(std::int64_t k, double mean) {
  if (k < 0) return 0;
  if (mean == 0) return k == 0 ? 1 : 0;
  return boost::math::gamma_p_derivative(static_cast<double>(k) + 1, mean);
}

double poisson_cdf(std::int64_t k, double mean) {
  if (k < 0) return 0;
  return gamma_q(static_cast<double>(k) + 1, mean);
}

std::int64_t poisson_quantile(double p, double mean) {
  auto most = static_cast<std::int64_t>(mean + 10 * std::sqrt(mean) + 10);
  while (poisson_cdf(most, mean) < p) most *= 2;
  return discrete_quantile(p, most, [mean](std::int64_t k) { return poisson_cdf(k, mean); });
}

double binomial_pmf(std::int64_t k, std::int64_t n, double p) {
  if (k < 0 || k > n) return 0;
  if (p == 0 || p == 1) return k == (p == 0 ? 0 : n) ? 1 : 0;
  return boost::math::ibeta_derivative(static_cast<double>(k) + 1, static_cast<double>(n - k) + 1, p) / (static_cast<double>(n) + 1);
}

double binomial_cdf(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return boost::math::ibetac(static_cast<double>(k) + 1, static_cast<double>(n - k), p);
}

std::int64_t binomial_quantile(double q, std::int64_t n, double p) {
  return discrete_quantile(q, n, [n, p](std::int64_t k) { return binomial_cdf(k, n, p); });
}

double chi_square_upper(double x, double degrees) { return gamma_q(degrees / 2, x / 2); }

double normal_two_sided(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

}  // namespace gridward::stats
