#include "map/bandwidth.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "map/heat_field.h"
#include "support/references.h"

namespace gridward::map {
namespace {

using tests::number;
using tests::numbers;

/// The L of the references, 6 km by 5 km.
const std::vector<Polygon> kRegion = {{{{0, 0}, {6000, 0}, {6000, 2000}, {2500, 2000}, {2500, 5000}, {0, 5000}, {0, 0}}}};
Raster lattice(double bandwidth) {
  const double s = bandwidth / 4;
  return {-3 * s, 5000 + 3 * s, s, static_cast<std::size_t>(6000 / s) + 7, static_cast<std::size_t>(5000 / s) + 7};
}

std::vector<WeightedPoint> points() {
  const auto json = tests::references("heat/references");
  std::vector<WeightedPoint> out;
  for (const auto& p : json["points"].GetArray()) out.push_back({number(p[0]), number(p[1]), 1});
  return out;
}

TEST(Bandwidth, likelihood_is_that_of_spatstat) {
  const auto theirs = tests::references("heat/bandwidths");
  const auto sigmas = numbers(theirs["sigmas"]), expected = numbers(theirs["likelihood"]);
  for (std::size_t i = 0; i < sigmas.size(); ++i) EXPECT_NEAR(leave_one_out_likelihood(points(), kRegion, lattice(sigmas[i]), sigmas[i]), expected[i], 0.5) << sigmas[i];
}

TEST(Bandwidth, the_likeliest_is_the_choice_of_spatstat) {
  const auto theirs = tests::references("heat/bandwidths");
  constexpr Point kCentres[] = {{1000, 1000}, {1500, 4000}, {5000, 1000}};
  auto clusters = points();
  for (std::size_t i = 0; i < clusters.size(); ++i) clusters[i] = {kCentres[i % 3].x + 0.06 * (clusters[i].x - 3000), kCentres[i % 3].y + 0.06 * (clusters[i].y - 2500), 1};
  EXPECT_NEAR(likelihood_bandwidth(clusters, kRegion, lattice, 20, 400), number(theirs["chosen"]), 0.03 * number(theirs["chosen"]));
  EXPECT_TRUE(std::isnan(likelihood_bandwidth(std::vector<WeightedPoint>{{100, 100, 1}}, kRegion, lattice, 20, 400))) << "one point has no others";
}

TEST(Bandwidth, adaptive_ones_are_abramsons) {
  const auto exact = numbers(tests::references("heat/abramson")), theirs = numbers(tests::references("heat/bandwidths")["abramson"]), ours = adaptive_bandwidths(points(), kRegion, lattice(500), 500);
  ASSERT_EQ(ours.size(), exact.size());
  double logs = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_NEAR(ours[i], exact[i], 0.002 * exact[i]) << i;
    EXPECT_NEAR(ours[i], theirs[i], 0.04 * theirs[i]) << i;  // bw.abram reads its pilot and its correction in the middles of pixels of 47 m
    logs += std::log(ours[i]);
  }
  EXPECT_NEAR(std::exp(logs / static_cast<double>(ours.size())), 500, 1) << "their geometric mean is the pilot";
}

TEST(Bandwidth, adaptive_kernels_keep_the_sum_and_are_the_formula) {
  const auto given = points();
  const auto bandwidths = adaptive_bandwidths(given, kRegion, lattice(500), 500);
  constexpr Raster raster{0, 5000, 25, 240, 200};
  const auto covered = coverage(kRegion, raster);
  const auto kept = kernel_density(given, bandwidths, raster, covered, EdgeCorrection::jones_diggle);
  EXPECT_NEAR(integral(raster, kept, covered), static_cast<double>(given.size()), 1e-6);
  const auto plain = kernel_density(given, bandwidths, raster, covered, EdgeCorrection::none);
  for (std::size_t row = 3; row < raster.rows; row += 17)
    for (std::size_t column = 5; column < raster.columns; column += 19) {
      if (covered[row * raster.columns + column] < 1) continue;
      const double x = 25 * (static_cast<double>(column) + 0.5), y = 5000 - 25 * (static_cast<double>(row) + 0.5);
      double sum = 0;
      for (std::size_t i = 0; i < given.size(); ++i) {
        const double h = bandwidths[i], d2 = (x - given[i].x) * (x - given[i].x) + (y - given[i].y) * (y - given[i].y);
        sum += std::exp(-d2 / (2 * h * h)) / (2 * 3.14159265358979323846 * h * h);
      }
      EXPECT_NEAR(plain[row * raster.columns + column], sum, 1e-3 * sum + 1e-10);
    }
}

}  // namespace
}  // namespace gridward::map
