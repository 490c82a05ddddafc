#include "stats/timing.h"

#include <gtest/gtest.h>

#include <random>

#include "stats/special.h"
#include "support/references.h"

namespace gridward::stats {
namespace {

using tests::close;
using tests::Json;
using tests::number;
using tests::numbers;
using tests::references;

std::vector<Spell> spells(const Json& c) {
  const auto time = numbers(c["time"]), ended = numbers(c["ended"]);
  std::vector<Spell> out;
  for (std::size_t i = 0; i < time.size(); ++i) out.push_back({time[i], ended[i] > 0});
  return out;
}

/// A value that may be absent, null in JSON.
void expect_same(const std::optional<double>& ours, double theirs) {
  EXPECT_EQ(ours.has_value(), !std::isnan(theirs));
  if (ours && !std::isnan(theirs)) EXPECT_NEAR(*ours, theirs, close(theirs));
}

// domain.md D.4: the naive mean of the three closed is 3.3.
TEST(KaplanMeier, ThePublishedVector) {
  const Survival s = kaplan_meier(std::vector<Spell>{{2, true}, {3, true}, {5, true}, {40, false}, {60, false}});
  EXPECT_EQ(s.median, 5);
  EXPECT_EQ(s.cases, 5u);
  EXPECT_EQ(s.ended, 3u);
  EXPECT_EQ(s.last_time, 60);
}

TEST(KaplanMeier, AgreesWithLifelines) {
  const auto inputs = references("stats/inputs");
  const auto all = references("stats/timing");
  for (rapidjson::SizeType k = 0; k < all["cases"].Size(); ++k) {
    const Json& c = all["cases"][k];
    SCOPED_TRACE(c["name"].GetString());
    const Survival s = kaplan_meier(spells(inputs["spells"][k]));
    const auto times = numbers(c["times"]), at_risk = numbers(c["at_risk"]), ended = numbers(c["ended"]), survival = numbers(c["survival"]);
    const auto low = numbers(c["low"]), high = numbers(c["high"]);
    ASSERT_EQ(s.steps.size(), times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      EXPECT_EQ(s.steps[i].time, times[i]);
      EXPECT_EQ(static_cast<double>(s.steps[i].at_risk), at_risk[i]);
      EXPECT_EQ(static_cast<double>(s.steps[i].ended), ended[i]);
      EXPECT_NEAR(s.steps[i].survival, survival[i], 1e-9);
      if (!s.steps[i].low) continue;  // at S = 0 lifelines has an interval of no width
      EXPECT_NEAR(*s.steps[i].low, low[i], 1e-9);
      EXPECT_NEAR(*s.steps[i].high, high[i], 1e-9);
    }
    expect_same(s.median, number(c["median"]));
    expect_same(s.median_low, number(c["median_low"]));
  }
}

TEST(KaplanMeier, AgreesWithR) {
  const auto inputs = references("stats/inputs");
  const auto r = references("stats/r");
  for (rapidjson::SizeType k = 0; k < r["timing"].Size(); ++k) {
    const Json& c = r["timing"][k];
    SCOPED_TRACE(c["name"].GetString());
    const Survival s = kaplan_meier(spells(inputs["spells"][k]));
    const auto error = numbers(c["std_error"]), low = numbers(c["low"]), high = numbers(c["high"]);
    ASSERT_EQ(s.steps.size(), error.size());
    for (std::size_t i = 0; i < error.size(); ++i) {
      expect_same(s.steps[i].std_error, error[i]);
      expect_same(s.steps[i].low, low[i]);
      expect_same(s.steps[i].high, high[i]);
    }
    expect_same(s.median, number(c["median"]));
    expect_same(s.median_low, number(c["median_low"]));
    expect_same(s.median_high, number(c["median_high"]));
    const RestrictedMean mean = restricted_mean(s, inputs["spells"][k]["horizon"].GetDouble());
    EXPECT_FALSE(mean.shortened);
    expect_same(mean.value, number(c["mean"]));
    expect_same(mean.std_error, number(c["mean_error"]));
  }
}

TEST(KaplanMeier, SaysWhyThereIsNoMedian) {
  EXPECT_EQ(kaplan_meier({}).no_median, NoMedian::no_cases);
  const Survival open = kaplan_meier(std::vector<Spell>{{4, false}, {9, false}});
  EXPECT_EQ(open.no_median, NoMedian::all_censored);
  EXPECT_FALSE(open.median);
  const RestrictedMean mean = restricted_mean(open, 5);
  EXPECT_EQ(mean.value, 5.0);
  EXPECT_FALSE(mean.std_error);
  const Survival few = kaplan_meier(std::vector<Spell>{{4, true}, {9, false}, {9, false}});
  EXPECT_EQ(few.no_median, NoMedian::not_reached);
  EXPECT_FALSE(few.median_high);
  EXPECT_EQ(kaplan_meier(std::vector<Spell>{{4, true}, {4, true}}).no_median, NoMedian::none);
}

TEST(KaplanMeier, LeavesOutWhatHasNoLength) {
  const Survival s = kaplan_meier(std::vector<Spell>{{std::nan(""), true}, {-1, true}, {3, true}});
  EXPECT_EQ(s.cases, 1u);
  EXPECT_EQ(s.unusable, 2u);
  EXPECT_EQ(s.median, 3.0);
}

TEST(KaplanMeier, AHalfIsAHalfWhateverTheRounding) {
  std::vector<Spell> cases;
  for (int i = 0; i < 44; ++i) cases.push_back({static_cast<double>(i), true});
  EXPECT_EQ(kaplan_meier(cases).median, 21.0);  // 43/44 · 42/43 · …: 22/44, in doubles a little more
}

TEST(RestrictedMean, GoesNoFurtherThanTheDataDo) {
  const Survival s = kaplan_meier(std::vector<Spell>{{2, true}, {3, true}, {5, true}, {40, false}, {60, false}});
  const RestrictedMean mean = restricted_mean(s, 90);
  EXPECT_TRUE(mean.shortened);
  EXPECT_EQ(mean.horizon, 60);
  EXPECT_EQ(mean.value, restricted_mean(s, 60).value);
  EXPECT_FALSE(restricted_mean(kaplan_meier(std::vector<Spell>{{2, true}, {3, true}}), 90).shortened);  // all ended: nothing is missing
  EXPECT_FALSE(restricted_mean(kaplan_meier({}), 90).value);
}

// The point of it all: with cases still open the estimate finds the true median and the interval covers it, where the mean of those
// that ended falls short.
TEST(KaplanMeier, IsNotBiasedByOpenCases) {
  std::mt19937_64 random(4);
  const int runs = 2000;
  int covered = 0, mean_covered = 0;
  const double rate = 0.1, horizon = 12, truth = std::log(2) / rate, mean_truth = (1 - std::exp(-rate * horizon)) / rate;
  for (int run = 0; run < runs; ++run) {
    std::vector<Spell> cases;
    for (int i = 0; i < 80; ++i) {
      const double t = std::exponential_distribution<>(rate)(random), seen = std::uniform_real_distribution<>(0, 30)(random);
      cases.push_back({std::min(t, seen), t <= seen});
    }
    const Survival s = kaplan_meier(cases);
    covered += s.median_low && *s.median_low <= truth && (!s.median_high || truth <= *s.median_high);
    const RestrictedMean mean = restricted_mean(s, horizon);
    mean_covered += mean.low && *mean.low <= mean_truth && mean_truth <= *mean.high;
  }
  EXPECT_NEAR(covered / static_cast<double>(runs), 0.95, 0.02);
  EXPECT_NEAR(mean_covered / static_cast<double>(runs), 0.95, 0.02);
}

}  // namespace
}  // namespace gridward::stats
