#include "map/snapshot.h"

#include <cstring>

#include <gtest/gtest.h>

#include "shape_bytes.h"

using namespace gridward::map;

namespace {

using Ring = std::vector<Point>;

Ring box(double west, double south, double east, double north) { return {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}; }

}  // namespace

TEST(Snapshot, TakesTheDeepestAndOnABorderTheLowestCode) {
  const Snapshot map({{1, 1, "D", wkb({{box(0, 0, 10, 10)}})}, {2, 2, "T", wkb({{box(0, 0, 8, 8)}})}, {3, 3, "B", wkb({{box(0, 0, 2, 2)}})}, {4, 3, "A", wkb({{box(2, 0, 4, 2)}})}});
  EXPECT_EQ(map.cell_at({1, 1}), 3);
  EXPECT_EQ(map.cell_at({3, 1}), 4);
  EXPECT_EQ(map.cell_at({2, 1}), 4) << "on the border of A and B";
  EXPECT_EQ(map.cell_at({5, 5}), 2) << "in the town, in no village";
  EXPECT_EQ(map.cell_at({9, 9}), 1);
  EXPECT_EQ(map.cell_at({10, 10}), 1) << "the corner belongs to it";
  EXPECT_EQ(map.cell_at({10.000001, 5}), 0);
  EXPECT_EQ(map.cell_at({std::numeric_limits<double>::quiet_NaN(), 5}), 0);
}

TEST(Snapshot, KnowsHolesAndExclaves) {
  const Snapshot map({{1, 3, "A", wkb({{box(0, 0, 6, 6), box(2, 2, 4, 4)}, {box(8, 0, 9, 1)}, {box(2.5, 2.5, 3, 3)}})}});
  EXPECT_EQ(map.cell_at({1, 1}), 1);
  EXPECT_EQ(map.cell_at({3.5, 3.5}), 0) << "in the hole";
  EXPECT_EQ(map.cell_at({2, 3}), 1) << "on the border of the hole";
  EXPECT_EQ(map.cell_at({2.75, 2.75}), 1) << "an island in the hole";
  EXPECT_EQ(map.cell_at({8.5, 0.5}), 1);
  EXPECT_EQ(map.cell_at({7, 0.5}), 0);
}

TEST(Snapshot, OfNothingPlacesNothingAndRefusesWhatIsNoShape) {
  EXPECT_EQ(Snapshot({}).cell_at({1, 1}), 0);
  EXPECT_GT(Snapshot({}).bytes(), 0u);
  EXPECT_THROW(Snapshot({{1, 3, "A", "nonsense"}}), std::invalid_argument);
}
