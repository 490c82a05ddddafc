#include "geo/grid_polygon.h"

#include <cmath>

#include <gtest/gtest.h>

namespace gridward::geo {
namespace {

double area(const std::vector<GridPolygon>& polygons) {
  double sum = 0;
  for (const GridPolygon& polygon : polygons)
    for (const auto& ring : polygon) {
      double twice = 0;
      for (std::size_t i = 0; i + 1 < ring.size(); ++i) twice += double(ring[i].x) * ring[i + 1].y - double(ring[i + 1].x) * ring[i].y;
      sum += (&ring == &polygon.front() ? 1 : -1) * std::abs(twice) / 2;
    }
  return sum;
}

TEST(GridPolygon, mends_what_crosses_itself) {
  const GridPolygon bow = {{{0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 0}}};
  EXPECT_FALSE(is_valid(bow));
  const auto parts = make_valid(bow);
  ASSERT_EQ(parts.size(), 2U);
  for (const auto& part : parts) EXPECT_TRUE(is_valid(part));
  EXPECT_EQ(area(parts), 50);
  EXPECT_TRUE(make_valid({{{0, 0}, {10, 0}, {5, 0}, {0, 0}}}).empty()) << "a line has no area";
}

TEST(GridPolygon, clips_to_valid_parts) {
  // A comb whose teeth reach into the box: its back lies outside, so that each tooth is a part of its own.
  const GridPolygon comb = {{{0, 0}, {50, 0}, {50, 30}, {40, 30}, {40, 10}, {30, 10}, {30, 30}, {20, 30}, {20, 10}, {10, 10}, {10, 30}, {0, 30}, {0, 0}}};
  const auto teeth = clip(comb, {-5, 15, 55, 40});
  ASSERT_EQ(teeth.size(), 3U);
  for (const auto& tooth : teeth) EXPECT_TRUE(is_valid(tooth));
  EXPECT_EQ(area(teeth), 3 * 10 * 15);
  const GridPolygon ring = {{{0, 0}, {30, 0}, {30, 30}, {0, 30}, {0, 0}}, {{10, 10}, {20, 10}, {20, 20}, {10, 20}, {10, 10}}};
  EXPECT_EQ(area(clip(ring, {5, 5, 40, 40})), 25 * 25 - 100) << "a hole stays a hole";
  EXPECT_EQ(area(clip(ring, {15, 5, 40, 40})), 15 * 25 - 50) << "and is cut with it";
  EXPECT_TRUE(clip(ring, {12, 12, 18, 18}).empty());
}

}  // namespace
}  // namespace gridward::geo
