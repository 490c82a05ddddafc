#include "map/surface.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "support/references.h"

namespace gridward::map {
namespace {

using tests::number;
using tests::numbers;

/// The L of the references, 6 km by 5 km.
const std::vector<Polygon> kRegion = {{{{0, 0}, {6000, 0}, {6000, 2000}, {2500, 2000}, {2500, 5000}, {0, 5000}, {0, 0}}}};
constexpr Raster kFine{0, 5000, 25, 240, 200};

struct Given {
  rapidjson::Document json = tests::references("heat/references");
  std::vector<WeightedPoint> points;
  Given() {
    const auto weights = numbers(json["weights"]);
    for (rapidjson::SizeType i = 0; i < json["points"].Size(); ++i) points.push_back({number(json["points"][i][0]), number(json["points"][i][1]), weights[i]});
  }
};

TEST(Surface, agrees_with_scipy) {
  const Given given;
  const double h = number(given.json["bandwidth"]);
  const auto covered = coverage(kRegion, kFine);
  for (const auto& [name, correction] : {std::pair{"none", EdgeCorrection::none}, std::pair{"uniform", EdgeCorrection::uniform}, std::pair{"jones_diggle", EdgeCorrection::jones_diggle}}) {
    const auto density = kernel_density(given.points, kFine, covered, h, correction);
    const auto expected = numbers(given.json["density"][name]);
    const double most = *std::ranges::max_element(expected);
    for (rapidjson::SizeType i = 0; i < expected.size(); ++i) {
      const auto column = static_cast<std::size_t>(number(given.json["places"][i][0]) / 25), row = static_cast<std::size_t>((5000 - number(given.json["places"][i][1])) / 25);
      // A pixel's mean differs from its middle by less than (25 / 500)² / 12 of the kernel's bend; the cut at 5 bandwidths by 4e-6 of its height.
      EXPECT_NEAR(density[row * kFine.columns + column], expected[i], 3e-4 * expected[i] + 1e-5 * most) << name << " at place " << i;
    }
  }
}

TEST(Surface, agrees_with_spatstat) {
  const Given given;
  const auto theirs = tests::references("heat/spatstat");
  const auto covered = coverage(kRegion, kFine);
  for (const auto& [name, correction] : {std::pair{"none", EdgeCorrection::none}, std::pair{"uniform", EdgeCorrection::uniform}, std::pair{"jones_diggle", EdgeCorrection::jones_diggle}}) {
    const auto density = kernel_density(given.points, kFine, covered, 500, correction);
    const auto expected = numbers(theirs[name]);
    for (rapidjson::SizeType i = 0; i < expected.size(); ++i) {
      const auto column = static_cast<std::size_t>(number(given.json["places"][i][0]) / 25), row = static_cast<std::size_t>((5000 - number(given.json["places"][i][1])) / 25);
      EXPECT_NEAR(density[row * kFine.columns + column], expected[i], 0.01 * *std::ranges::max_element(expected)) << name << " at place " << i;  // it has points in the middle of its pixels
    }
  }
}

TEST(Surface, keeps_the_sum_of_weights_on_any_raster) {
  const Given given;
  const double sum = std::accumulate(given.points.begin(), given.points.end(), 0.0, [](double s, const WeightedPoint& p) { return s + p.weight; });
  for (const double spacing : {25.0, 125.0, 333.0}) {
    const Raster raster{-100, 5100, spacing, static_cast<std::size_t>(6200 / spacing) + 1, static_cast<std::size_t>(5200 / spacing) + 1};
    const auto covered = coverage(kRegion, raster);
    const auto kept = kernel_density(given.points, raster, covered, 500, EdgeCorrection::jones_diggle);
    EXPECT_NEAR(integral(raster, kept, covered), sum, 1e-9 * sum) << spacing;
    const auto lost = kernel_density(given.points, raster, covered, 500, EdgeCorrection::none);
    EXPECT_LT(integral(raster, lost, covered), 0.95 * sum) << "without correction the border loses some";
  }
}

TEST(Surface, stays_flat_up_to_the_border_over_an_even_lattice) {
  std::vector<WeightedPoint> lattice;
  for (double x = 62.5; x < 6000; x += 125)
    for (double y = 62.5; y < 5000; y += 125)
      if (y < 2000 || x < 2500) lattice.push_back({x, y, 1});
  const auto covered = coverage(kRegion, kFine);
  const auto density = kernel_density(lattice, kFine, covered, 500, EdgeCorrection::uniform);
  for (std::size_t i = 0; i < density.size(); ++i)
    if (covered[i] > 0) ASSERT_NEAR(density[i] * 125 * 125, 1, 0.02) << "pixel " << i % kFine.columns << ", " << i / kFine.columns;
}

TEST(Surface, covers_what_lies_in_the_region) {
  // Both rings anticlockwise: which is the hole is known by its place.
  const std::vector<Polygon> slanted = {{{{0, 0}, {100, 0}, {0, 100}, {0, 0}}, {{10, 10}, {30, 10}, {10, 30}, {10, 10}}}, {{{80, 80}, {90, 80}, {90, 90}, {80, 90}, {80, 80}}}};
  for (const double spacing : {1.0, 7.0, 60.0}) {
    const Raster raster{-3, 104, spacing, static_cast<std::size_t>(110 / spacing) + 1, static_cast<std::size_t>(110 / spacing) + 1};
    const auto covered = coverage(slanted, raster);
    EXPECT_NEAR(std::accumulate(covered.begin(), covered.end(), 0.0) * spacing * spacing, 5000 - 200 + 100, 1e-6) << spacing;
    EXPECT_LE(*std::ranges::max_element(covered), 1);
  }
  const Raster raster{0, 100, 10, 10, 10};
  const auto covered = coverage(slanted, raster);
  EXPECT_NEAR(covered[0], 0.5, 1e-12) << "the slope halves the pixels on it";
  EXPECT_NEAR(covered[8 * 10 + 1], 0, 1e-12) << "in the hole";
  EXPECT_NEAR(covered[7 * 10 + 1], 0.5, 1e-12);
  EXPECT_NEAR(covered[1 * 10 + 8], 1, 1e-12);
}

TEST(Surface, knows_scotts_rule) {
  const Given given;
  const double sx = std::sqrt(number(given.json["covariance"][0][0])), sy = std::sqrt(number(given.json["covariance"][1][1]));
  EXPECT_NEAR(scott_bandwidth(given.points), number(given.json["scott_factor"]) * std::sqrt(sx * sy), 1e-9);
  EXPECT_TRUE(std::isnan(scott_bandwidth({})));
}

}  // namespace
}  // namespace gridward::map
