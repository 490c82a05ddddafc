#include "domain/score.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

namespace gridward {
namespace {

ScoreRule rule(bool of_mean, double zero_at, double full_at) { return {"overdue_hazards", "overdue_hazards", 1, of_mean, zero_at, full_at}; }

TEST(Points, AreLinearBetweenTheirEndsAndStayWithin) {
  EXPECT_DOUBLE_EQ(points_of(rule(false, 0.2, 0.6), 0.4, 9), 50);
  EXPECT_EQ(points_of(rule(false, 0.2, 0.6), 0.1, 9), 0);
  EXPECT_EQ(points_of(rule(false, 0.2, 0.6), 0.9, 9), 100);
  EXPECT_DOUBLE_EQ(points_of(rule(true, 0, 3), 0.6, 0.4), 50);
  EXPECT_EQ(points_of(rule(true, 1, 3), 0.4, 0.4), 0);
  EXPECT_EQ(points_of(rule(true, 0, 3), 0, 0), 0);  // nothing anywhere
}

TEST(WeightedSum, LimitsAddUpAsSquares) {
  const std::array parts = {Interval95{10, 7, 14}, Interval95{20, 16, 23}};
  const std::array weights = {1.0, 0.5};
  const Interval95 sum = weighted_sum(parts, weights);
  EXPECT_EQ(sum.value, 20);
  EXPECT_DOUBLE_EQ(sum.low, 20 - std::sqrt(9 + 4));
  EXPECT_DOUBLE_EQ(sum.high, 20 + std::sqrt(16 + 2.25));
}

TEST(Rank, IsByScoreThenByCodeAndEqualOnesShareAPlace) {
  const std::array scored = {Scored{{30, 20, 40}, "b"}, Scored{{50, 45, 55}, "a"}, Scored{{30 + 1e-9, 20, 40}, "a"}, Scored{{10, 5, 15}, "z"}};
  const auto order = rank(scored);
  ASSERT_EQ(order.size(), 4U);
  EXPECT_EQ(order[0].index, 1U);
  EXPECT_EQ(order[1].index, 2U);  // "a" before "b"
  EXPECT_EQ(order[2].index, 0U);
  EXPECT_EQ(order[3].index, 3U);
  EXPECT_EQ(order[0].rank, 1);
  EXPECT_EQ(order[1].rank, 2);
  EXPECT_EQ(order[2].rank, 2);
  EXPECT_EQ(order[3].rank, 4);
  EXPECT_TRUE(order[0].distinguishable);   // 45 > 40
  EXPECT_FALSE(order[1].distinguishable);
  EXPECT_TRUE(order[2].distinguishable);   // 20 > 15
  EXPECT_FALSE(order[3].distinguishable);  // there is no next
  EXPECT_EQ(level_with_first(scored, order), 1U);
}

TEST(Rank, SaysHowManyCannotBeToldFromTheFirst) {
  const std::array scored = {Scored{{50, 35, 65}, "a"}, Scored{{40, 30, 50}, "b"}, Scored{{20, 10, 35}, "c"}, Scored{{19, 10, 34.9}, "d"}};
  const auto order = rank(scored);
  EXPECT_EQ(level_with_first(scored, order), 3U);
  EXPECT_FALSE(order[0].distinguishable);
  EXPECT_EQ(level_with_first({}, {}), 0U);
  EXPECT_TRUE(rank({}).empty());
}

}  // namespace
}  // namespace gridward
