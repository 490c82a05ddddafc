#include "stats/rates.h"

#include <gtest/gtest.h>

namespace gridward::stats {
namespace {

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

}  // namespace
}  // namespace gridward::stats
