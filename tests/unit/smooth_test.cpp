#include "stats/smooth.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "support/references.h"

namespace gridward::stats {
namespace {

using tests::close;
using tests::Json;
using tests::links;
using tests::numbers;
using tests::references;

void expect_rates(const std::vector<Smoothed>& ours, const std::vector<double>& theirs, double tolerance) {
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i].rate.value(), theirs[i], tolerance) << i;
}

// domain.md D.3.
TEST(SmoothGlobal, TheTwoPublishedVectors) {
  const GlobalSmoothing s = smooth_global(std::vector<double>{1, 3, 60, 4, 0, 30}, std::vector<double>{2, 60, 200, 25, 3, 40});
  EXPECT_NEAR(s.mean, 0.296970, 5e-7);
  EXPECT_NEAR(s.variance, 0.033046, 5e-7);
  EXPECT_FALSE(s.clipped);
  expect_rates(s.rates, {0.33393, 0.08217, 0.29987, 0.19622, 0.22264, 0.66689}, 5e-6);
  const GlobalSmoothing none = smooth_global(std::vector<double>{1, 12, 30, 4, 0, 9}, std::vector<double>{2, 60, 200, 25, 3, 40});
  EXPECT_TRUE(none.clipped);
  EXPECT_EQ(none.variance, 0);
  EXPECT_LT(none.variance_moment, 0);
  expect_rates(none.rates, std::vector<double>(6, 0.169697), 5e-7);
}

TEST(SmoothGlobal, AgreesWithEsda) {
  const auto all = references("stats/smooth");
  for (const Json& c : all["cases"].GetArray()) {
    SCOPED_TRACE(c["name"].GetString());
    const auto e = numbers(c["events"]), b = numbers(c["exposure"]);
    const GlobalSmoothing s = smooth_global(e, b);
    EXPECT_NEAR(s.mean, c["mean"].GetDouble(), close(s.mean));
    EXPECT_NEAR(s.variance_moment, c["variance_moment"].GetDouble(), close(s.variance));
    EXPECT_EQ(s.clipped, c["variance_moment"].GetDouble() <= 0);
    expect_rates(s.rates, numbers(c["rate"]), 1e-9);
    const auto z = standardised_rates(e, b);
    const auto theirs = numbers(c["standardised"]);
    for (std::size_t i = 0; i < z.size(); ++i) EXPECT_NEAR(z[i], theirs[i], close(z[i])) << i;
    const Homogeneity h = homogeneity(e, b);
    EXPECT_NEAR(h.chi_square, c["chi_square"].GetDouble(), close(h.chi_square));
    EXPECT_EQ(h.degrees, static_cast<double>(e.size() - 1));
    EXPECT_NEAR(h.p.value(), c["p"].GetDouble(), 1e-9);
  }
}

TEST(SmoothGlobal, AgreesWithSpdep) {
  const auto inputs = references("stats/inputs");
  const auto r = references("stats/r");
  const Json& chicago = inputs["chicago"];
  const auto exposure = numbers(chicago["exposure"]);
  const GlobalSmoothing s = smooth_global(numbers(chicago["events"]), exposure);
  expect_rates(s.rates, numbers(r["smooth"]["poisson"]), 1e-9);
  EXPECT_NEAR(s.variance, r["smooth"]["a"].GetDouble(), 1e-9);
  expect_rates(smooth_global(numbers(chicago["inspected"]), exposure, Family::binomial).rates, numbers(r["smooth"]["binomial"]), 1e-9);
  expect_rates(smooth_global(std::vector<double>{1, 12, 30, 4, 0, 9}, std::vector<double>{2, 60, 200, 25, 3, 40}).rates, numbers(r["smooth"]["clipped"]), 1e-9);
}

TEST(SmoothLocal, AgreesWithEsdaAndSpdep) {
  const auto inputs = references("stats/inputs");
  const auto r = references("stats/r");
  const Json& chicago = inputs["chicago"];
  const LocalSmoothing s = smooth_local(numbers(chicago["events"]), numbers(chicago["exposure"]), links(chicago["neighbours"]));
  expect_rates(s.rates, numbers(references("stats/smooth")["local"]), 1e-9);
  expect_rates(s.rates, numbers(r["smooth"]["local"]), 1e-9);
  const auto means = numbers(r["smooth"]["local_mean"]), variances = numbers(r["smooth"]["local_variance"]);
  for (std::size_t i = 0; i < means.size(); ++i) {
    EXPECT_NEAR(s.mean[i], means[i], 1e-9) << i;
    EXPECT_NEAR(s.variance[i], variances[i], 1e-9) << i;
  }
}

// Shares: by a formula of Martuzzi and Elliott over scipy, as no library has them.
TEST(SmoothLocal, SharesToo) {
  const auto inputs = references("stats/inputs");
  const auto all = references("stats/smooth");
  const auto e = numbers(inputs["chicago"]["inspected"]), b = numbers(inputs["chicago"]["exposure"]);
  expect_rates(smooth_local(e, b, links(inputs["chicago"]["neighbours"]), Family::binomial).rates, numbers(all["shares"]["local"]), 1e-9);
  const auto z = standardised_rates(e, b, Family::binomial), theirs = numbers(all["shares"]["standardised"]);
  ASSERT_EQ(z.size(), theirs.size());
  for (std::size_t i = 0; i < z.size(); ++i) EXPECT_NEAR(z[i], theirs[i], close(z[i])) << i;
  EXPECT_EQ(standardised_rates(std::vector<double>{10, 4}, std::vector<double>{10, 4}, Family::binomial), (std::vector<double>{0, 0}));
}

// esda's documentation, quoted in domain.md D.3.
TEST(StandardisedRates, ThePublishedVector) {
  const auto z = standardised_rates(std::vector<double>{30, 25, 25, 15, 33, 21, 30, 20}, std::vector<double>{100, 100, 110, 90, 100, 90, 110, 90});
  EXPECT_NEAR(z[0], 1.038436, 1e-6);
  EXPECT_NEAR(z[1], -0.040991, 1e-6);
  EXPECT_NEAR(z[2], -0.562504, 1e-6);
  EXPECT_NEAR(z[3], -1.730619, 1e-6);
}

TEST(SmoothGlobal, SaysWhereNothingIsExposedOrKnown) {
  const double nan = std::nan("");
  const std::vector<double> e = {1, 3, 60, 4, 0, 30, 0, nan, 5}, b = {2, 60, 200, 25, 3, 40, 0, 10, -1};
  const GlobalSmoothing s = smooth_global(e, b);
  EXPECT_EQ(s.areas, 6u);
  EXPECT_NEAR(s.rates[5].rate.value(), 0.66689, 5e-6);  // as without the three
  EXPECT_EQ(s.rates[5].kind, Estimate::ordinary);
  EXPECT_EQ(s.rates[6].kind, Estimate::no_exposure);
  EXPECT_EQ(s.rates[6].rate, s.mean);
  EXPECT_LT(s.rates[6].low.value(), s.rates[5].low.value());
  EXPECT_EQ(s.rates[7].kind, Estimate::no_data);
  EXPECT_FALSE(s.rates[7].rate);
  EXPECT_EQ(s.rates[8].kind, Estimate::no_data);
  const auto z = standardised_rates(e, b);
  EXPECT_TRUE(std::isnan(z[6]) && std::isnan(z[7]));
  EXPECT_FALSE(smooth_global(std::vector<double>{0, 0}, std::vector<double>{0, 0}).rates[0].rate);
  EXPECT_EQ(smooth_global(std::vector<double>{5}, std::vector<double>{4}, Family::binomial).rates[0].kind, Estimate::no_data);
  EXPECT_TRUE(smooth_global({}, {}).rates.empty());
}

TEST(SmoothGlobal, WithoutEventsAllIsZeroAndTheIntervalItsOwn) {
  const GlobalSmoothing s = smooth_global(std::vector<double>{0, 0, 0}, std::vector<double>{10, 0, 40});
  EXPECT_EQ(s.rates[0].rate, 0.0);
  EXPECT_EQ(s.rates[0].low, 0.0);
  EXPECT_NEAR(s.rates[0].high.value(), 0.36888794541139, 1e-12);
  EXPECT_EQ(s.rates[1].rate, 0.0);
  EXPECT_FALSE(s.rates[1].high);
  EXPECT_TRUE(s.clipped);
  EXPECT_FALSE(homogeneity(std::vector<double>{0, 0, 0}, std::vector<double>{10, 0, 40}).p);
  EXPECT_EQ(standardised_rates(std::vector<double>{0, 0}, std::vector<double>{10, 4}), (std::vector<double>{0, 0}));
}

TEST(SmoothLocal, IslandsHaveTheGlobalRateAndSaySo) {
  const std::vector<double> e = {1, 3, 60, 4}, b = {20, 60, 200, 25};
  const Weights w = Weights::from_lists(std::vector<std::vector<Link>>{{{1, 1}}, {{0, 1}, {2, 1}}, {{1, 1}}, {}}).value();
  const LocalSmoothing s = smooth_local(e, b, w);
  EXPECT_EQ(s.rates[3].kind, Estimate::island);
  EXPECT_EQ(s.rates[3].rate, smooth_global(e, b).rates[3].rate);
  EXPECT_EQ(s.rates[0].kind, Estimate::ordinary);
  const LocalSmoothing alone = smooth_local(e, std::vector<double>{20, 0, 200, 25}, w);
  EXPECT_EQ(alone.rates[0].kind, Estimate::island);  // its only neighbour has no exposure
  EXPECT_EQ(alone.rates[1].kind, Estimate::no_exposure);
  EXPECT_NEAR(alone.rates[1].rate.value(), 61.0 / 220, 1e-12);
}

// Coverage of the intervals: the true rates are drawn, then the events; the share of true rates inside is 95 % whatever the number of
// areas and however much they really differ.
struct World {
  int areas;
  double mean, spread;  // spread: the coefficient of variation of the true rates
  bool lognormal;       // else gamma, as the prior assumes
};

double coverage(const World& world, Family family, bool local, int runs) {
  std::mt19937_64 random(20240607);
  std::size_t inside = 0, all = 0;
  std::vector<std::vector<Link>> ring(static_cast<std::size_t>(world.areas));
  for (std::size_t i = 0; i < ring.size(); ++i) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
      ring[i].push_back({(i + step) % ring.size(), 1});
      ring[i].push_back({(i + ring.size() - step) % ring.size(), 1});
    }
  }
  const Weights w = Weights::from_lists(ring).value();
  for (int run = 0; run < runs; ++run) {
    std::vector<double> truth, e, b;
    for (int i = 0; i < world.areas; ++i) {
      b.push_back(std::ceil(std::lognormal_distribution<>(3, 1)(random)));
      const double size = 1 / (world.spread * world.spread);
      double t = world.mean;
      if (family == Family::binomial) {
        const double a = std::gamma_distribution<>(world.mean * size, 1)(random);
        t = world.spread > 0 ? a / (a + std::gamma_distribution<>((1 - world.mean) * size, 1)(random)) : t;
        e.push_back(static_cast<double>(std::binomial_distribution<>(static_cast<int>(b.back()), t)(random)));
      } else {
        const double sigma = std::sqrt(std::log1p(world.spread * world.spread));
        if (world.spread > 0) t *= world.lognormal ? std::lognormal_distribution<>(-sigma * sigma / 2, sigma)(random) : std::gamma_distribution<>(size, 1 / size)(random);
        e.push_back(static_cast<double>(std::poisson_distribution<>(t * b.back())(random)));
      }
      truth.push_back(t);
    }
    const auto rates = local ? smooth_local(e, b, w).rates : smooth_global(e, b, family).rates;
    for (std::size_t i = 0; i < truth.size(); ++i, ++all) inside += *rates[i].low <= truth[i] && truth[i] <= *rates[i].high;
  }
  return static_cast<double>(inside) / static_cast<double>(all);
}

TEST(EmpiricalBayesInterval, CoversTheTruthAsOftenAsItSays) {
  for (const int areas : {8, 30, 120}) {
    SCOPED_TRACE(areas);
    const int runs = 6000 / areas;
    for (const double mean : {0.05, 2.0}) {
      EXPECT_GT(coverage({areas, mean, 0, false}, Family::poisson, false, runs), 0.97);  // no differences: nobody knows that there are none
      EXPECT_GT(coverage({areas, mean, 0.3, false}, Family::poisson, false, runs), 0.94);
      for (const bool lognormal : {false, true}) {
        const double c = coverage({areas, mean, 1, lognormal}, Family::poisson, false, runs);
        EXPECT_GT(c, 0.938);
        EXPECT_LT(c, 0.975);
      }
    }
    EXPECT_GT(coverage({areas, 0.7, 0.2, false}, Family::binomial, false, runs), 0.938);
    const double c = coverage({areas, 0.7, 0.5, false}, Family::binomial, false, runs);
    EXPECT_GT(c, 0.932);
    EXPECT_LT(c, 0.965);
  }
  EXPECT_GT(coverage({120, 0.3, 0.3, false}, Family::poisson, true, 20), 0.94);
  EXPECT_GT(coverage({120, 0.3, 1, false}, Family::poisson, true, 20), 0.94);
}

// Whatever the numbers, an estimate is a number inside its interval, and no share leaves [0, 1].
TEST(SmoothGlobal, IsANumberForAnyNumbers) {
  std::mt19937_64 random(11);
  for (int run = 0; run < 2000; ++run) {
    std::vector<double> e, b;
    const auto family = run % 2 == 0 ? Family::poisson : Family::binomial;
    for (std::uint64_t i = 0, n = 1 + random() % 9; i < n; ++i) {
      b.push_back(std::floor(std::exp(std::uniform_real_distribution<>(-1, 15)(random))));
      const double share = std::vector<double>{0, 1e-6, 0.5, 1}[random() % 4];
      e.push_back(std::floor(b.back() * share));
    }
    const GlobalSmoothing s = smooth_global(e, b, family);
    for (std::size_t i = 0; i < e.size(); ++i) {
      if (s.areas == 0) continue;
      ASSERT_TRUE(std::isfinite(s.rates[i].rate.value())) << run;
      if (!s.rates[i].low) continue;
      ASSERT_LE(*s.rates[i].low, *s.rates[i].rate) << run;
      ASSERT_LE(*s.rates[i].rate, *s.rates[i].high) << run;
      ASSERT_TRUE(*s.rates[i].low >= 0 && std::isfinite(*s.rates[i].high) && (family == Family::poisson || *s.rates[i].high <= 1)) << run;
    }
    const Homogeneity h = homogeneity(e, b, family);
    ASSERT_TRUE(!h.p || (*h.p >= 0 && *h.p <= 1)) << run;
  }
}

// The test of homogeneity keeps its level where each area expects half an event, and finds differences where they are.
TEST(Homogeneity, KeepsItsLevelWithFewEvents) {
  std::mt19937_64 random(7);
  const int runs = 4000;
  int rejected = 0, found = 0;
  for (int run = 0; run < runs; ++run) {
    std::vector<double> e, different, b;
    for (int i = 0; i < 60; ++i) {
      b.push_back(i % 2 == 0 ? 4 : 100);
      e.push_back(static_cast<double>(std::poisson_distribution<>(0.01 * b.back())(random)));
      different.push_back(static_cast<double>(std::poisson_distribution<>((i % 3 == 0 ? 0.08 : 0.01) * b.back())(random)));
    }
    const auto h = homogeneity(e, b);
    rejected += h.p && h.differences();
    found += homogeneity(different, b).differences();
  }
  EXPECT_NEAR(rejected / static_cast<double>(runs), 0.05, 4 * std::sqrt(0.05 * 0.95 / runs) + 0.005);
  EXPECT_GT(found, runs * 8 / 10);
}

}  // namespace
}  // namespace gridward::stats
