#include "stats/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gridward::stats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// 0 - 1 - 2, 0 - 2; 3 is an island.
const std::vector<std::vector<Link>> kLists = {{{2, 3}, {1, 1}}, {{0, 1}, {2, 2}}, {{0, 3}, {1, 2}}, {}};

TEST(Weights, KeepsRowsInOrder) {
  const Weights w = Weights::from_lists(kLists).value();
  EXPECT_EQ(w.size(), 4u);
  EXPECT_EQ(w.links(), 6u);
  EXPECT_THAT(w.neighbours(0), ElementsAre(1, 2));
  EXPECT_THAT(w.weights(0), ElementsAre(1, 3));
  EXPECT_THAT(w.neighbours(3), IsEmpty());
  EXPECT_THAT(w.islands(), ElementsAre(3));
}

TEST(Weights, RowsSumToOne) {
  const Weights w = Weights::from_lists(kLists).value().row_standardised();
  EXPECT_THAT(w.weights(0), ElementsAre(0.25, 0.75));
  EXPECT_THAT(w.weights(3), IsEmpty());
  EXPECT_THAT(Weights::from_lists(kLists).value().binary().weights(2), ElementsAre(1, 1));
}

TEST(Weights, SelfIsPutInOrderAndOnce) {
  const Weights w = Weights::from_lists(kLists).value().with_self(5);
  EXPECT_THAT(w.neighbours(0), ElementsAre(0, 1, 2));
  EXPECT_THAT(w.neighbours(1), ElementsAre(0, 1, 2));
  EXPECT_THAT(w.weights(1), ElementsAre(1, 5, 2));
  EXPECT_THAT(w.neighbours(2), ElementsAre(0, 1, 2));
  EXPECT_THAT(w.weights(2), ElementsAre(3, 2, 5));
  EXPECT_THAT(w.neighbours(3), ElementsAre(3));
  EXPECT_THAT(w.islands(), ElementsAre(3));  // its own company is none
  EXPECT_THAT(w.with_self(9).weights(1), ElementsAre(1, 5, 2));
}

TEST(Weights, AmongSomeAreasOthersAreForgotten) {
  const Weights w = Weights::from_lists(kLists).value().among(std::vector<char>{1, 0, 1, 1});
  EXPECT_EQ(w.size(), 3u);
  EXPECT_THAT(w.neighbours(0), ElementsAre(1));
  EXPECT_THAT(w.weights(1), ElementsAre(3));
  EXPECT_THAT(w.islands(), ElementsAre(2));
}

TEST(Weights, RefusesWhatIsNoNeighbourhood) {
  const auto refused = [](std::vector<std::vector<Link>> lists) { return Weights::from_lists(lists).error().detail; };
  EXPECT_THAT(refused({{{1, 1}}, {}}), HasSubstr("no link back"));
  EXPECT_THAT(refused({{{0, 1}}}), HasSubstr("no other area"));
  EXPECT_THAT(refused({{{7, 1}}, {}}), HasSubstr("no other area"));
  EXPECT_THAT(refused({{{1, 1}, {1, 1}}, {{0, 1}}}), HasSubstr("twice"));
  EXPECT_THAT(refused({{{1, 0}}, {{0, 1}}}), HasSubstr("above 0"));
}

}  // namespace
}  // namespace gridward::stats
