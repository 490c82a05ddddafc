#include "geo/vector_file.h"

#include <cstring>
#include <fstream>

#include <gtest/gtest.h>

using namespace gridward;

namespace {

struct Point {
  double lon = 0, lat = 0;
};

/// What the first row of a CSV of points becomes in storage.
Point read_point(const std::string& crs, const std::string& x, const std::string& y, std::vector<double> shift) {
  const std::string path = testing::TempDir() + "/gridward_point.csv";
  std::ofstream(path) << "name,x,y\n甲," << x << "," << y << "\n";
  Point point;
  const auto done = geo::read_vector_file(
      path, {.crs = crs, .shift = std::move(shift), .x_column = "x", .y_column = "y"}, [](const auto&) { return Result<void>(); },
      [&](geo::Feature& row) {
        EXPECT_EQ(row.problem.en, "");
        if (row.wkb) std::memcpy(&point, row.wkb->data() + 5, sizeof point);
        return true;
      });
  EXPECT_TRUE(done) << (done ? "" : done.error().detail);
  return point;
}

}  // namespace

// Made with pyproj 3: the pipeline cart (a=6378140, rf=298.257), helmert (position vector), inverse cart (GRS80); the projected
// input by EPSG:4610 → 2386 (3-degree Gauss-Krüger, CM 123E) and 2365 (the same with zone 41 before the easting).
TEST(VectorFile, ShiftsXian80BySevenParameters) {
  const std::vector<double> shift{24, -123, -94, 0.02, 0.25, -0.13, -1.1};
  for (const auto& [crs, x, y] : {std::tuple{"EPSG:4610", "124.05", "30.05"}, std::tuple{"EPSG:2386", "601262.663211", "3326122.258487"},
                                  std::tuple{"EPSG:2365", "41601262.663211", "3326122.258487"}}) {
    const Point p = read_point(crs, x, y, shift);
    EXPECT_NEAR(p.lon, 124.050440560750, 1e-10) << crs;
    EXPECT_NEAR(p.lat, 30.049830683625, 1e-10) << crs;
  }
}

TEST(VectorFile, LeavesPointsOfTheStorageSystemAlone) {
  const Point p = read_point("EPSG:4490", "124.05", "30.05", {});
  EXPECT_EQ(p.lon, 124.05);
  EXPECT_EQ(p.lat, 30.05);
}
