#include "map/heat_field.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "support/references.h"

namespace gridward::map {
namespace {

using tests::number;
using tests::numbers;

/// The L of the references, 6 km by 5 km, on lattices with their margin.
const std::vector<Polygon> kRegion = {{{{0, 0}, {6000, 0}, {6000, 2000}, {2500, 2000}, {2500, 5000}, {0, 5000}, {0, 0}}}};
Raster lattice(double spacing) {
  return {-3 * spacing, 5000 + 3 * spacing, spacing, static_cast<std::size_t>(6000 / spacing) + 7, static_cast<std::size_t>(5000 / spacing) + 7};
}

/// Mean over the middles of small squares that lie in the region, times its area.
double integral_of(const Field& field) {
  double sum = 0;
  for (double x = 12.5; x < 6000; x += 25)
    for (double y = 12.5; y < 5000; y += 25)
      if (y < 2000 || x < 2500) sum += field.at(x, y) * 25 * 25 / 1e6;
  return sum;
}

struct Given {
  rapidjson::Document json = tests::references("heat/references");
  std::vector<WeightedPoint> points;
  double weight = 0;
  Given() {
    const auto weights = numbers(json["weights"]);
    for (rapidjson::SizeType i = 0; i < json["points"].Size(); ++i) points.push_back({number(json["points"][i][0]), number(json["points"][i][1]), weights[i]});
    weight = std::accumulate(weights.begin(), weights.end(), 0.0);
  }
};

constexpr std::pair<const char*, EdgeCorrection> kCorrections[] = {{"none", EdgeCorrection::none}, {"uniform", EdgeCorrection::uniform}, {"jones_diggle", EdgeCorrection::jones_diggle}};

TEST(HeatField, agrees_with_scipy_at_any_place) {
  const Given given;
  const Raster raster = lattice(125);  // a quarter of the bandwidth
  const Field inside = part_inside_field(kRegion, raster, 500);
  for (const auto& [name, correction] : kCorrections) {
    const Field field = density_field(given.points, raster, &inside, 500, correction);
    const auto expected = numbers(given.json["density"][name]);
    const double most = *std::ranges::max_element(expected) * 1e6;
    for (rapidjson::SizeType i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(field.at(number(given.json["places"][i][0]), number(given.json["places"][i][1])), expected[i] * 1e6, 1e-3 * most) << name << " at place " << i;
  }
}

TEST(HeatField, keeps_the_sum_of_weights) {
  const Given given;
  for (const double h : {300.0, 500.0, 900.0}) {
    const Raster raster = lattice(h / 4);
    const Field inside = part_inside_field(kRegion, raster, h);
    EXPECT_NEAR(integral_of(density_field(given.points, raster, &inside, h, EdgeCorrection::jones_diggle)), given.weight, 0.005 * given.weight) << h;
    EXPECT_LT(integral_of(density_field(given.points, raster, nullptr, h, EdgeCorrection::none)), 0.97 * given.weight) << "without correction the border loses some";
  }
}

TEST(HeatField, stays_flat_up_to_the_border_over_an_even_lattice) {
  std::vector<WeightedPoint> even;
  for (double x = 62.5; x < 6000; x += 125)
    for (double y = 62.5; y < 5000; y += 125)
      if (y < 2000 || x < 2500) even.push_back({x, y, 1});
  const Raster raster = lattice(125);
  const Field inside = part_inside_field(kRegion, raster, 500);
  const Field field = density_field(even, raster, &inside, 500, EdgeCorrection::uniform);
  for (double x = 1; x < 6000; x += 37)
    for (double y = 1; y < 5000; y += 37)
      if (y < 2000 || x < 2500) ASSERT_NEAR(field.at(x, y) * 125 * 125 / 1e6, 1, 0.02) << x << ", " << y;
}

TEST(HeatField, does_not_depend_on_where_nodes_fall) {
  const Given given;
  const Raster here = lattice(125);
  Raster there = here;
  there.west -= 61, there.north += 17, there.columns += 1, there.rows += 1;
  const Field a = density_field(given.points, here, nullptr, 500, EdgeCorrection::none), b = density_field(given.points, there, nullptr, 500, EdgeCorrection::none);
  const double most = *std::ranges::max_element(a.values);
  for (double x = 10; x < 6000; x += 77)
    for (double y = 10; y < 5000; y += 77) ASSERT_NEAR(a.at(x, y), b.at(x, y), 1e-3 * most);
}

}  // namespace
}  // namespace gridward::map
