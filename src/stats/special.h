#pragma once

#include <cstdint>

namespace gridward::stats {

// The distributions that intervals and tests need, to about 1e-13 relative, for counts up to some millions: Boost.Math under the names of
// this project, with the limits at 0 that counts need. Nothing here keeps state, so any number of threads may call.

/// The logarithm of the gamma function, x > 0. std::lgamma writes a global.
[[nodiscard]] double log_gamma(double x);

/// P(a, x), the regularised lower incomplete gamma function: the gamma distribution of shape a up to x. a > 0, x >= 0.
[[nodiscard]] double gamma_p(double a, double x);
/// 1 - P(a, x), without cancellation.
[[nodiscard]] double gamma_q(double a, double x);
/// x with P(a, x) = p, 0 < p < 1.
[[nodiscard]] double gamma_quantile(double a, double p);

/// I_x(a, b), the beta distribution up to x. a, b > 0, 0 <= x <= 1.
[[nodiscard]] double beta_p(double a, double b, double x);
/// x with I_x(a, b) = p, 0 < p < 1.
[[nodiscard]] double beta_quantile(double a, double b, double p);

/// P(X = k) and P(X <= k) for X Poisson with a mean >= 0.
[[nodiscard]] double poisson_pmf(std::int64_t k, double mean);
[[nodiscard]] double poisson_cdf(std::int64_t k, double mean);
/// The smallest k with P(X <= k) >= p, 0 < p < 1.
[[nodiscard]] std::int64_t poisson_quantile(double p, double mean);

/// P(X = k) and P(X <= k) for X binomial of n trials, each with probability p.
[[nodiscard]] double binomial_pmf(std::int64_t k, std::int64_t n, double p);
[[nodiscard]] double binomial_cdf(std::int64_t k, std::int64_t n, double p);
/// The smallest k with P(X <= k) >= q, 0 < q < 1.
[[nodiscard]] std::int64_t binomial_quantile(double q, std::int64_t n, double p);

/// P(X > x) for X chi-square with degrees of freedom > 0 (not necessarily whole).
[[nodiscard]] double chi_square_upper(double x, double degrees);
/// P(|X| > |z|) for X standard normal.
[[nodiscard]] double normal_two_sided(double z);

/// The quantile 0.975 of the standard normal distribution.
inline constexpr double kZ95 = 1.959963984540054;

}  // namespace gridward::stats
