#include "map/picture.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace gridward::map {
namespace {

geo::LonLat same(geo::LonLat p) { return p; }

TEST(Picture, paints_the_pixels_whose_middle_is_inside_and_says_where_they_are) {
  // Tile 12/3370/1593 is about 8 km wide at 36.6° north; a ring with a hole and an island in it.
  const TileId tile{12, 3370, 1593};
  const DegreeBox box = degrees_of(tile, false);
  const auto at = [&](double x, double y) { return Point{box.west + x * (box.east - box.west), box.north - y * (box.north - box.south)}; };
  const auto square = [&](double low, double high) { return std::vector<Point>{at(low, low), at(high, low), at(high, high), at(low, high), at(low, low)}; };
  const std::vector<Polygon> outline = {{square(0.1, 0.9), square(0.3, 0.7)}, {square(0.45, 0.55)}};
  const geo::LocalPlane plane({(box.west + box.east) / 2, (box.south + box.north) / 2});
  Picture picture{tile, 256};
  double worst = 0;
  std::size_t asked = 0;
  std::vector<geo::PlanePoint> places;
  paint(picture, outline, plane, same, [&](double x, double y) {
    places.push_back({x, y});
    return 7;
  });
  for (std::size_t row = 0; row < 256; ++row)
    for (std::size_t column = 0; column < 256; ++column) {
      const auto away = [](std::size_t pixel) { return std::abs((static_cast<double>(pixel) + 0.5) / 256 - 0.5); };
      const double x = away(column), y = away(row), far = std::max(x, y);
      if (std::min({std::abs(far - 0.4), std::abs(far - 0.2), std::abs(far - 0.05)}) < 0.003) continue;  // on a side
      const bool inside = (far < 0.4 && far > 0.2) || far < 0.05;
      ASSERT_EQ(picture.colours[row * 256 + column], inside ? 7 : 0) << row << ", " << column;
    }
  // Each place is that of the pixel's middle, in the order of pixels.
  for (std::size_t i = 0; i < picture.colours.size(); ++i) {
    if (picture.colours[i] == 0) continue;
    const double n = std::ldexp(1.0, tile.z), x = (static_cast<double>(i % 256) + 0.5) / 256, y = (static_cast<double>(i / 256) + 0.5) / 256;
    const auto exact = plane.to_plane({(tile.x + x) / n * 360 - 180, std::atan(std::sinh(3.14159265358979323846 * (1 - 2 * (tile.y + y) / n))) * 180 / 3.14159265358979323846});
    worst = std::max(worst, std::hypot(places[asked].x - exact.x, places[asked].y - exact.y));
    ++asked;
  }
  EXPECT_EQ(asked, places.size());
  EXPECT_LT(worst, 0.1) << "metres";
}

TEST(Picture, is_a_png_with_a_palette) {
  Picture picture{{0, 0, 0}, 256};
  picture.colours[300] = 9;
  const std::string png = write_png(picture, ColourScale::sequential("viridis", 100)->palette());
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_NE(png.find("PLTE"), std::string::npos);
  EXPECT_NE(png.find("tRNS"), std::string::npos);
  EXPECT_EQ(png.substr(png.size() - 8, 4), "IEND");
}

TEST(ColourScale, has_equal_steps_between_breaks) {
  const auto scale = *ColourScale::sequential("viridis", 200);
  EXPECT_EQ(scale.breaks(), (std::vector<double>{0, 1, 2, 5, 10, 20, 50, 100, 200}));
  for (std::size_t i = 0; i < scale.breaks().size(); ++i) EXPECT_EQ(scale.number_of(scale.breaks()[i]), 2 + std::lround(253.0 * static_cast<double>(i) / 8)) << i;
  EXPECT_EQ(scale.number_of(-1), 2);
  EXPECT_EQ(scale.number_of(1e9), 255);
  const auto both = *ColourScale::diverging("blue_brown", 50);
  EXPECT_EQ(both.breaks(), (std::vector<double>{-50, -20, -10, -5, -2, 0, 2, 5, 10, 20, 50}));
  for (const double v : {0.3, 3.0, 17.0, 80.0}) EXPECT_NEAR(both.number_of(v) + both.number_of(-v), 2 + 255, 1) << v;
  EXPECT_FALSE(ColourScale::sequential("viridis", 3));
  EXPECT_FALSE(ColourScale::sequential("rainbow", 100));
  EXPECT_EQ(ColourScale::sequential("amber", 0.01)->breaks()[8], 0.01);
}

/// CIE lightness of a colour.
double lightness(const Colour& c) {
  const auto linear = [](double v) { return v / 255 <= 0.04045 ? v / 255 / 12.92 : std::pow((v / 255 + 0.055) / 1.055, 2.4); };
  const double y = 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue);
  return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

TEST(ColourScale, ramps_run_one_way_in_lightness) {
  for (const std::string_view ramp : sequential_ramps()) {
    const Palette palette = ColourScale::sequential(ramp, 100)->palette();
    const double sign = lightness(palette[255]) > lightness(palette[2]) ? 1 : -1;
    EXPECT_GT(sign * (lightness(palette[255]) - lightness(palette[2])), 60) << ramp;
    for (std::size_t i = 10; i <= 255; ++i) EXPECT_GT(sign * (lightness(palette[i]) - lightness(palette[i - 8])), 0) << ramp << " at " << i;
  }
  for (const std::string_view ramp : diverging_ramps()) {
    const Palette palette = ColourScale::diverging(ramp, 100)->palette();
    for (std::size_t i = 10; i < 128; ++i) EXPECT_GT(lightness(palette[i]), lightness(palette[i - 8])) << ramp;
    for (std::size_t i = 138; i <= 255; ++i) EXPECT_LT(lightness(palette[i]), lightness(palette[i - 8])) << ramp;
  }
}

}  // namespace
}  // namespace gridward::map
