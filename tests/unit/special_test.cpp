#include "stats/special.h"

#include <gtest/gtest.h>

#include "support/references.h"

namespace gridward::stats {
namespace {

using tests::Json;

/// Relative, so that tails count.
void expect_close(double ours, double theirs, double tolerance, const Json& row) {
  EXPECT_NEAR(ours, theirs, tolerance * std::abs(theirs)) << row[0].GetDouble() << ", " << row[1].GetDouble();
}

TEST(Special, AgreesWithScipy) {
  const auto all = tests::references("stats/special");
  for (const Json& r : all["gamma"].GetArray()) {
    expect_close(gamma_p(r[0].GetDouble(), r[1].GetDouble()), r[2].GetDouble(), 1e-11, r);
    expect_close(gamma_q(r[0].GetDouble(), r[1].GetDouble()), r[3].GetDouble(), 1e-11, r);
  }
  for (const Json& r : all["gamma_quantiles"].GetArray()) expect_close(gamma_quantile(r[0].GetDouble(), r[1].GetDouble()), r[2].GetDouble(), 1e-11, r);
  for (const Json& r : all["beta"].GetArray()) expect_close(beta_p(r[0].GetDouble(), r[1].GetDouble(), r[2].GetDouble()), r[3].GetDouble(), 1e-11, r);
  for (const Json& r : all["beta_quantiles"].GetArray()) expect_close(beta_quantile(r[0].GetDouble(), r[1].GetDouble(), r[2].GetDouble()), r[3].GetDouble(), 1e-11, r);
  for (const Json& r : all["poisson"].GetArray()) {
    expect_close(poisson_pmf(r[0].GetInt64(), r[1].GetDouble()), r[2].GetDouble(), 1e-11, r);
    expect_close(poisson_cdf(r[0].GetInt64(), r[1].GetDouble()), r[3].GetDouble(), 1e-11, r);
  }
  for (const Json& r : all["binomial"].GetArray()) {
    expect_close(binomial_pmf(r[0].GetInt64(), r[1].GetInt64(), r[2].GetDouble()), r[3].GetDouble(), 1e-11, r);
    expect_close(binomial_cdf(r[0].GetInt64(), r[1].GetInt64(), r[2].GetDouble()), r[4].GetDouble(), 1e-11, r);
  }
}

TEST(Special, QuantilesOfCountsAreTheSmallestThatReach) {
  for (const double mean : {0.0, 0.02, 1.0, 7.7, 5000.0}) {
    for (const double p : {0.001, 0.025, 0.5, 0.975, 0.999}) {
      const auto k = poisson_quantile(p, mean);
      EXPECT_GE(poisson_cdf(k, mean), p);
      EXPECT_LT(poisson_cdf(k - 1, mean), p);
      const auto j = binomial_quantile(p, 40, mean / 5000);
      EXPECT_GE(binomial_cdf(j, 40, mean / 5000), p);
      EXPECT_LT(binomial_cdf(j - 1, 40, mean / 5000), p);
    }
  }
}

TEST(Special, NormalAndChiSquare) {
  EXPECT_NEAR(normal_two_sided(kZ95), 0.05, 1e-15);
  EXPECT_NEAR(normal_two_sided(-3), 0.0026997960632601866, 1e-17);
  EXPECT_NEAR(chi_square_upper(3.841458820694124, 1), 0.05, 1e-14);
  EXPECT_EQ(chi_square_upper(0, 4), 1);
}

}  // namespace
}  // namespace gridward::stats
