#include <cmath>

#include <gtest/gtest.h>

#include "domain/code.h"
#include "geo/gcj02.h"

namespace gridward {
namespace {

using geo::LonLat;

/// Metres between two near points.
double metres(LonLat a, LonLat b) {
  const double rad = M_PI / 180, r = 6378137;
  return std::hypot((a.lon - b.lon) * std::cos(a.lat * rad), a.lat - b.lat) * rad * r;
}

// The offsets that domain.md B.8 gives: Jinan 522 m, Qingdao 463 m, Beijing 555 m.
TEST(Gcj02, OffsetsOfCities) {
  for (const auto& [place, offset] : {std::pair{LonLat{117.0, 36.65}, 522.0}, std::pair{LonLat{120.38, 36.07}, 463.0}, std::pair{LonLat{116.4, 39.9}, 555.0}})
    EXPECT_NEAR(metres(place, geo::to_gcj02(place)), offset, 15);
}

TEST(Gcj02, TheInverseComesBackWithinMicrometres) {
  double worst = 0;
  for (double lon = 74; lon < 135; lon += 0.37)
    for (double lat = 18; lat < 53; lat += 0.41) worst = std::max(worst, metres(geo::from_gcj02(geo::to_gcj02({lon, lat})), {lon, lat}));
  EXPECT_LT(worst, 1e-5);
}

TEST(Gcj02, OutsideChinaNothingMoves) {
  const LonLat p = geo::from_gcj02({-87.63, 41.88});
  EXPECT_EQ(p.lon, -87.63);
  EXPECT_EQ(p.lat, 41.88);
}

TEST(StatisticalCode, TellsTheKind) {
  EXPECT_EQ(kind_of_statistical_code("120101000000", 1), "区");
  EXPECT_EQ(kind_of_statistical_code("120221000000", 1), "县");
  EXPECT_EQ(kind_of_statistical_code("370181000000", 1), "县级市");
  EXPECT_EQ(kind_of_statistical_code("120101001000", 2), "街道");
  EXPECT_EQ(kind_of_statistical_code("120110100000", 2), "镇");
  EXPECT_EQ(kind_of_statistical_code("120110402000", 2), "工业区");
  EXPECT_EQ(kind_of_statistical_code("120101001199", 3), "社区");
  EXPECT_EQ(kind_of_statistical_code("120101001200", 3), "村");
  EXPECT_EQ(kind_of_statistical_code("chicago", 1), "");
}

}  // namespace
}  // namespace gridward
