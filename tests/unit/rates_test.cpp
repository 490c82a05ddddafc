#include "stats/rates.h"

#include <gtest/gtest.h>

#include <random>

#include "stats/funnel.h"
#include "stats/special.h"
#include "support/references.h"

namespace gridward::stats {
namespace {

using tests::close;
using tests::Json;
using tests::number;
using tests::numbers;
using tests::references;

// scipy 1.10: chi2.ppf(0.025, 2k)/2, chi2.ppf(0.975, 2k+2)/2.
TEST(Garwood, AgreesWithScipy) {
  struct Row { std::int64_t k; double low, high; };
  for (const Row& r : {Row{0, 0, 3.6888794541139354}, Row{1, 0.025317807984289876, 5.571643390938898}, Row{3, 0.6186721228956014, 8.767273069742323}, Row{10, 4.7953886961324335, 18.39035604201778}, Row{250, 219.9679956309373, 282.98770504231607}}) {
    EXPECT_NEAR(garwood(r.k).low, r.low, 1e-9 * (1 + r.low));
    EXPECT_NEAR(garwood(r.k).high, r.high, 1e-9 * (1 + r.high));
  }
  EXPECT_NEAR(garwood(100000).high / 100000, 1.00622, 1e-4);
}

TEST(Wilson, AgreesWithTheTableAndStaysInside) {
  EXPECT_NEAR(wilson(2, 2).low, 0.342, 5e-4);
  EXPECT_EQ(wilson(2, 2).high, 1.0);
  EXPECT_NEAR(wilson(95, 100).low, 0.888, 5e-4);
  EXPECT_NEAR(wilson(95, 100).high, 0.978, 5e-4);
  EXPECT_EQ(wilson(0, 3).low, 0.0);
  EXPECT_NEAR(wilson(0, 3).high, 0.5614970317550455, 1e-12);
}

void expect_bounds(const Bounds& ours, const Json& low, const Json& high) {
  EXPECT_NEAR(ours.low, number(low), close(ours.low));
  EXPECT_NEAR(ours.high, number(high), close(ours.high));
}

TEST(Rates, IntervalsAgreeWithScipyAndStatsmodels) {
  const auto all = references("stats/rates");
  for (const Json& r : all["counts"].GetArray()) expect_bounds(garwood(r[0].GetInt64()), r[1], r[2]);
  for (const Json& r : all["shares"].GetArray()) {
    expect_bounds(wilson(r[0].GetInt64(), r[1].GetInt64()), r[2], r[3]);
    expect_bounds(clopper_pearson(r[0].GetInt64(), r[1].GetInt64()), r[4], r[5]);
  }
  for (const Json& r : all["differences"].GetArray()) {
    const Comparison c = rate_difference(r[0].GetInt64(), r[1].GetDouble(), r[2].GetInt64(), r[3].GetDouble());
    expect_bounds({c.low.value(), c.high.value()}, r[4], r[5]);
    EXPECT_NEAR(c.value.value(), r[0].GetDouble() / r[1].GetDouble() - r[2].GetDouble() / r[3].GetDouble(), 1e-12);
  }
  for (const Json& r : all["share_differences"].GetArray()) {
    const Comparison c = share_difference(r[0].GetInt64(), r[1].GetInt64(), r[2].GetInt64(), r[3].GetInt64());
    expect_bounds({c.low.value(), c.high.value()}, r[4], r[5]);
  }
  for (const Json& r : all["weighted_counts"].GetArray()) {
    std::vector<std::int64_t> counts;
    for (const Json& k : r[0].GetArray()) counts.push_back(k.GetInt64());
    expect_bounds(weighted_count_interval(counts, numbers(r[1])), r[2], r[3]);
  }
}

TEST(Rates, IntervalsAgreeWithR) {
  const auto all = references("stats/r");
  for (const Json& r : all["counts"].GetArray()) expect_bounds(garwood(r[0].GetInt64()), r[1], r[2]);
  for (const Json& r : all["shares"].GetArray()) {
    expect_bounds(wilson(r[0].GetInt64(), r[1].GetInt64()), r[2], r[3]);
    expect_bounds(clopper_pearson(r[0].GetInt64(), r[1].GetInt64()), r[4], r[5]);
  }
}

TEST(RateRatio, AgreesWithR) {
  const auto r = references("stats/r");
  for (const Json& c : r["ratios"].GetArray()) {
    const Comparison ours = rate_ratio(c["k"][0].GetInt64(), c["b"][0].GetDouble(), c["k"][1].GetInt64(), c["b"][1].GetDouble());
    EXPECT_NEAR(ours.value.value(), number(c["ratio"]), close(*ours.value));
    EXPECT_NEAR(ours.low.value(), number(c["low"]), close(*ours.low));
    EXPECT_NEAR(ours.high.value(), number(c["high"]), close(*ours.high));
    EXPECT_NEAR(ours.p.value(), number(c["p"]), 1e-9);
    EXPECT_EQ(*ours.p < 0.05, *ours.low > 1 || *ours.high < 1);
  }
}

TEST(RateRatio, SaysWhyThereIsNone) {
  const Comparison c = rate_ratio(12, 100, 0, 160);
  EXPECT_EQ(c.reason, NoComparison::no_base_events);
  EXPECT_FALSE(c.value || c.high);
  EXPECT_NEAR(c.low.value(), 4.445756, 5e-7);  // R: poisson.test(c(12, 0), c(100, 160))
  EXPECT_EQ(rate_ratio(0, 5, 0, 5).reason, NoComparison::no_events);
  EXPECT_EQ(rate_ratio(3, 0, 1, 5).reason, NoComparison::no_exposure);
  EXPECT_EQ(rate_difference(3, 1, 1, 0).reason, NoComparison::no_exposure);
  EXPECT_EQ(share_difference(0, 0, 1, 2).reason, NoComparison::no_exposure);
}

TEST(WeightedShare, IsWilsonsWithTheEffectiveNumber) {
  const auto all = references("stats/rates");
  const Json& c = all["weighted_share"];
  std::vector<char> hits;
  for (const double hit : numbers(c["hits"])) hits.push_back(hit > 0);
  const WeightedShare s = weighted_share(hits, numbers(c["weights"]));
  EXPECT_NEAR(s.value.value(), number(c["value"]), 1e-12);
  EXPECT_NEAR(s.effective, number(c["effective"]), 1e-9);
  expect_bounds({s.low.value(), s.high.value()}, c["bounds"][0], c["bounds"][1]);
  const WeightedShare equal = weighted_share(std::vector<char>{1, 1, 0}, std::vector<double>{3, 3, 3});
  EXPECT_NEAR(equal.low.value(), wilson(2, 3).low, 1e-12);
  EXPECT_FALSE(weighted_share(std::vector<char>{1}, std::vector<double>{0}).value);
}

TEST(WeightedCount, IsGarwoodsWhereAllWeightsAreOne) {
  const Bounds ours = weighted_count_interval(std::vector<std::int64_t>{3, 4, 0}, std::vector<double>{1, 1, 1});
  EXPECT_NEAR(ours.low, garwood(7).low, 1e-9);
  EXPECT_NEAR(ours.high, garwood(7).high, 1e-9);
}

// The two intervals that rest on approximations cover the truth as often as they say; with few heavy events the gamma interval does
// so oftener.
TEST(Weighted, IntervalsCover) {
  std::mt19937_64 random(6);
  const int runs = 4000;
  int few = 0, many = 0, shares = 0;
  const auto covers = [&](double scale) {
    std::vector<std::int64_t> k;
    for (const double mean : {12.0, 3.0, 0.4}) k.push_back(std::poisson_distribution<std::int64_t>(mean * scale)(random));
    const Bounds b = weighted_count_interval(k, std::vector<double>{1, 5, 20});
    return b.low <= 35 * scale && 35 * scale <= b.high;
  };
  for (int run = 0; run < runs; ++run) {
    few += covers(1);
    many += covers(100);
    std::vector<char> hits;
    std::vector<double> weights;
    for (int i = 0; i < 60; ++i) {
      weights.push_back(i % 4 == 0 ? 8 : i % 2 + 1);
      hits.push_back(std::bernoulli_distribution(0.8)(random));
    }
    const WeightedShare s = weighted_share(hits, weights);
    shares += *s.low <= 0.8 && 0.8 <= *s.high;
  }
  EXPECT_GT(few, 0.945 * runs);
  EXPECT_NEAR(many / static_cast<double>(runs), 0.955, 0.015);
  EXPECT_NEAR(shares / static_cast<double>(runs), 0.95, 0.015);
}

TEST(Quantile, AgreesWithNumpy) {
  const auto all = references("stats/rates");
  for (const Json& r : all["quantiles"].GetArray()) EXPECT_NEAR(quantile(numbers(r[0]), r[1].GetDouble()).value(), number(r[2]), 1e-12);
  EXPECT_FALSE(quantile({}, 0.5));
}

TEST(Funnel, LimitsAgreeWithSpiegelhaltersFormula) {
  const auto all = references("stats/rates");
  for (const Json& r : all["funnels"].GetArray()) {
    const FunnelLimits l = funnel_limits(r[0].GetDouble(), r[1].GetDouble(), r[2].GetBool() ? Family::binomial : Family::poisson);
    expect_bounds({l.low_998, l.low_95}, r[3], r[4]);
    expect_bounds({l.high_95, l.high_998}, r[5], r[6]);
  }
}

TEST(Funnel, SaysWhoStandsOut) {
  // 90 of 1,000 exposed in all; where 20 are exposed 1.8 are expected, and 0 to 4 is common.
  const std::vector<double> e = {2, 6, 12, 0, 55, 15, 0, 10}, b = {20, 20, 20, 20, 220, 700, 0, -1};
  const Funnel f = funnel(e, b);
  EXPECT_NEAR(f.target.value(), 0.09, 1e-12);
  const FunnelPlace expected[] = {FunnelPlace::within, FunnelPlace::above, FunnelPlace::far_above, FunnelPlace::within,
                                  FunnelPlace::far_above, FunnelPlace::far_below, FunnelPlace::no_exposure, FunnelPlace::no_data};
  for (std::size_t i = 0; i < e.size(); ++i) EXPECT_EQ(f.areas[i].place, expected[i]) << i;
  EXPECT_EQ(funnel(std::vector<double>{30, 40}, std::vector<double>{100, 50}, Family::binomial).areas[1].place, FunnelPlace::far_above);
  EXPECT_EQ(funnel(std::vector<double>{0, 0}, std::vector<double>{9, 4}).areas[0].place, FunnelPlace::within);
  EXPECT_FALSE(funnel(std::vector<double>{0}, std::vector<double>{0}).target);
}

// Of all the counts that one rate can make, those that are called outside have at most the probability that is said, however few are expected.
TEST(Funnel, RaisesNoMoreFalseAlarmsThanItSays) {
  for (const double expected : {0.05, 0.4, 1.0, 3.7, 40.0}) {
    double high = 0, far_high = 0, low = 0;
    for (int k = 0; k < 200; ++k) {
      const FunnelPlace place = funnel(std::vector<double>{static_cast<double>(k), 1e6 * expected - k}, std::vector<double>{expected, 1e6 * expected - expected}).areas[0].place;
      const double p = poisson_pmf(k, expected);
      if (place == FunnelPlace::above || place == FunnelPlace::far_above) high += p;
      if (place == FunnelPlace::far_above) far_high += p;
      if (place == FunnelPlace::below || place == FunnelPlace::far_below) low += p;
    }
    EXPECT_LE(high, 0.0251) << expected;
    EXPECT_LE(far_high, 0.00101) << expected;
    EXPECT_LE(low, 0.0251) << expected;
    EXPECT_GT(high, 0.0005) << expected;
  }
  EXPECT_EQ(funnel(std::vector<double>{1, 68}, std::vector<double>{1, 99}, Family::binomial).areas[0].place, FunnelPlace::within);  // one of one inspected
}

}  // namespace
}  // namespace gridward::stats
