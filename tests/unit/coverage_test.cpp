#include "geo/coverage.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numbers>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "geo/inscribed.h"
#include "geo/vector_file.h"
#include "map/wkb.h"
#include "shape_bytes.h"
#include "stats/random.h"

namespace gridward::geo {
namespace {

using map::Point;
using map::Polygon;
using Kind = Misfit::Kind;
using Ring = std::vector<Point>;

const LonLat kMetre = degrees_of(1, 36);

/// A rectangle in metres east and north of 117° E, 36° N.
Ring box(double west, double south, double east, double north) {
  const auto at = [](double x, double y) { return Point{117 + x * kMetre.lon, 36 + y * kMetre.lat}; };
  return {at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)};
}

std::string shape(const Ring& ring) { return map::wkb({Polygon{ring}}); }

Outline outline(const std::vector<Ring>& rings) {
  Outline out{{}, {180, 90}, {-180, -90}};
  for (const Ring& ring : rings) {
    out.rings.emplace_back();
    for (const Point& p : ring) {
      out.rings.back().push_back({p.x, p.y});
      out.low = {std::min(out.low.lon, p.x), std::min(out.low.lat, p.y)};
      out.high = {std::max(out.high.lon, p.x), std::max(out.high.lat, p.y)};
    }
  }
  return out;
}

double width(const std::vector<Ring>& rings) { return 2 * largest_circle(outline(rings)).value().radius_m; }

TEST(LargestCircle, NoneIsWiderThanTheBoundThatIsFoundSooner) {
  stats::Random random(7, 0);
  const auto metres = [&](double most) { return most * static_cast<double>(random.below(1000001)) / 1e6; };
  for (int round = 0; round < 400; ++round) {
    // A star of spikes, or a crooked sliver: both ways round a middle line.
    Ring ring;
    const std::size_t n = 3 + random.below(40);
    const auto at = [](double x, double y) { return Point{117 + x * kMetre.lon, 36 + y * kMetre.lat}; };
    if (round % 2 == 0) {
      for (std::size_t i = 0; i < n; ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n), r = 1 + metres(200);
        ring.push_back(at(r * std::cos(angle), r * std::sin(angle)));
      }
    } else {
      std::vector<std::pair<double, double>> line;
      for (std::size_t i = 0; i < n; ++i) line.emplace_back(30 * static_cast<double>(i), metres(20));
      for (const auto& [x, y] : line) ring.push_back(at(x, y));
      for (auto p = line.rbegin(); p != line.rend(); ++p) ring.push_back(at(p->first, p->second + 0.1 + metres(1)));
    }
    ring.push_back(ring.front());
    const Outline polygon = outline({ring});
    const double true_width = width({ring}), bound = most_width(polygon);
    EXPECT_LE(true_width, bound * (1 + 1e-9)) << round;
    if (round % 2 == 1) EXPECT_LT(bound, 10);  // it tells a sliver
  }
  EXPECT_NEAR(most_width(outline({box(0, 0, 3000, 0.25)})), 0.25, 1e-4);
}

TEST(LargestCircle, IsThatOfKnownShapes) {
  EXPECT_NEAR(width({box(0, 0, 1, 1)}), 1, 1e-6);
  EXPECT_NEAR(width({box(0, 0, 3000, 0.25)}), 0.25, 1e-5);
  // A right triangle has the radius (a + b − c) / 2; a square ring the circle in its corner, of radius a(2 − √2) where it is a wide.
  Ring triangle = box(0, 0, 30, 40);
  triangle.erase(triangle.begin() + 2);
  EXPECT_NEAR(width({triangle}), 20, 1e-4);
  EXPECT_NEAR(width({box(0, 0, 30, 30), box(10, 10, 20, 20)}), 20 * (2 - std::sqrt(2.0)), 1e-4);
}

TEST(LargestCircle, OfASliverAlongAWindingBorder) {
  Ring there, back;
  for (int i = 0; i <= 200; ++i) {
    const double x = 10.0 * i, y = 50 * std::sin(0.1 * i);
    there.push_back(box(x, y, x, y)[0]);
    back.insert(back.begin(), box(x, y + 0.2, x, y + 0.2)[0]);
  }
  there.insert(there.end(), back.begin(), back.end());
  there.push_back(there.front());
  EXPECT_NEAR(width({there}), 0.2, 0.002);  // widest where it runs east
}

CoverageFindings found(const Coverage& coverage, const CoverageTolerance& tolerance = {}) { return check_coverage(coverage, tolerance).value(); }

TEST(CheckCoverage, FindsNothingWhereChildrenTile) {
  // The second's border has a vertex that the first's has not.
  Ring right = box(100, 0, 200, 100);
  right.insert(right.end() - 1, box(100, 37, 100, 37)[0]);
  const auto out = found({{shape(box(0, 0, 200, 100))}, {shape(box(0, 0, 100, 100)), shape(right)}, {0, 0}});
  EXPECT_TRUE(out.misfits.empty());
  EXPECT_TRUE(out.invalid.empty());
}

TEST(CheckCoverage, TellsEachKindOnce) {
  // Left and right leave five metres between them; right reaches two metres out of the town; a third lies on left.
  const auto out = found({{shape(box(0, 0, 200, 100))}, {shape(box(0, 0, 100, 100)), shape(box(105, 0, 202, 100)), shape(box(10, 10, 30, 30))}, {0, 0, 0}});
  ASSERT_EQ(out.misfits.size(), 3U);
  const Misfit &gap = out.misfits[0], &overlap = out.misfits[1], &outside = out.misfits[2];
  EXPECT_EQ(gap.kind, Kind::gap);
  EXPECT_NEAR(gap.area_m2, 500, 1);
  EXPECT_NEAR(gap.width_m, 5, 0.01);
  EXPECT_LT(gap.beside.at(0), 2U);
  EXPECT_EQ(overlap.kind, Kind::overlap);
  EXPECT_EQ(overlap.child, 0U);
  EXPECT_EQ(overlap.other, 2U);
  EXPECT_NEAR(overlap.area_m2, 400, 1);
  EXPECT_EQ(outside.kind, Kind::outside);
  EXPECT_EQ(outside.child, 1U);
  EXPECT_NEAR(outside.area_m2, 200, 1);
  for (const Misfit& m : out.misfits) EXPECT_FALSE(m.sliver);
}

TEST(CheckCoverage, SliversAreToldTogether) {
  // Twenty centimetres between three strips: two slivers of one town.
  const Coverage coverage{{shape(box(0, 0, 300, 100))}, {shape(box(0, 0, 100, 100)), shape(box(100.2, 0, 200, 100)), shape(box(200.2, 0, 300, 100))}, {0, 0, 0}};
  const auto out = found(coverage);
  ASSERT_EQ(out.misfits.size(), 1U);
  EXPECT_TRUE(out.misfits[0].sliver);
  EXPECT_EQ(out.misfits[0].pieces.size(), 2U);
  EXPECT_NEAR(out.misfits[0].area_m2, 40, 0.1);
  EXPECT_NEAR(out.misfits[0].width_m, 0.2, 0.001);
  CoverageTolerance narrow;
  narrow.min_width_m = 0.1;
  EXPECT_EQ(found(coverage, narrow).misfits.size(), 2U);
  CoverageTolerance coarse;
  coarse.min_area_m2 = 50;
  EXPECT_TRUE(found(coverage, coarse).misfits.empty());
}

TEST(CheckCoverage, LandOfAnotherTownIsNamed) {
  // The middle strip lies in the left town and belongs to the right one.
  const auto out = found({{shape(box(0, 0, 200, 100)), shape(box(200, 0, 300, 100))}, {shape(box(0, 0, 100, 100)), shape(box(100, 0, 200, 100)), shape(box(200, 0, 300, 100))}, {0, 1, 1}});
  ASSERT_EQ(out.misfits.size(), 2U);
  EXPECT_EQ(out.misfits[0].kind, Kind::gap);
  EXPECT_EQ(out.misfits[0].there, std::vector<std::size_t>{1});
  EXPECT_EQ(out.misfits[0].beside, std::vector<std::size_t>{0});
  EXPECT_EQ(out.misfits[1].kind, Kind::outside);
  EXPECT_EQ(out.misfits[1].child, 1U);
}

TEST(CheckCoverage, WhatOverlapsInAnotherTownIsToldOnce) {
  // The left village has a patch inside the right one, which is of another town.
  const std::string spread = map::wkb({Polygon{box(0, 0, 100, 100)}, Polygon{box(150, 40, 170, 60)}});
  const auto out = found({{shape(box(0, 0, 100, 100)), shape(box(100, 0, 200, 100))}, {spread, shape(box(100, 0, 200, 100))}, {0, 1}});
  ASSERT_EQ(out.misfits.size(), 1U);
  EXPECT_EQ(out.misfits[0].kind, Kind::overlap);
  EXPECT_EQ(out.misfits[0].there, std::vector<std::size_t>{1});  // in the right town
  EXPECT_NEAR(out.misfits[0].area_m2, 400, 1);
}

TEST(CheckCoverage, AnInvalidShapeIsToldAndMeasured) {
  Ring bow = box(0, 0, 100, 100);
  std::swap(bow[2], bow[3]);
  const auto out = found({{shape(box(0, 0, 100, 100))}, {shape(bow)}, {0}});
  ASSERT_EQ(out.invalid.size(), 1U);
  EXPECT_EQ(out.invalid[0].why, "Self-intersection");
  EXPECT_NEAR(out.misfits.at(0).area_m2, 2500, 10);
  EXPECT_FALSE(check_coverage({{"no shape"}, {}, {}}, {}).has_value());
}

/// Chicago's tracts in their community areas.
struct City {
  Coverage coverage;
  std::vector<std::vector<Polygon>> tracts, areas;
};

const City& chicago() {
  static const City city = [] {
    City out;
    std::map<std::string, std::size_t> areas;
    const std::string file = GRIDWARD_SOURCE_DIR "/geodata/chicago/boundaries.gpkg";
    const auto read = [&](const char* layer, const auto& take) {
      OpenOptions options;
      options.layer = layer;
      std::vector<std::string> names;
      EXPECT_TRUE(read_vector_file(
                      file, options, [&](const auto& fields) { return names = fields, Result<void>{}; },
                      [&](Feature& f) {
                        std::map<std::string, std::string> row;
                        for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = f.values[i].value_or("");
                        take(row, *f.wkb);
                        return true;
                      })
                      .has_value());
    };
    read("community_area", [&](auto& row, const std::string& wkb) {
      areas[row["code"]] = out.coverage.parents.size();
      out.coverage.parents.push_back(wkb);
      out.areas.push_back(map::read_multi_polygon(wkb));
    });
    read("tract", [&](auto& row, const std::string& wkb) {
      out.coverage.parent_of.push_back(areas.at(row["parent"]));
      out.coverage.children.push_back(wkb);
      out.tracts.push_back(map::read_multi_polygon(wkb));
    });
    return out;
  }();
  return city;
}

bool inside(const std::vector<Polygon>& shape, Point p) {
  bool in = false;
  for (const Polygon& polygon : shape)
    for (const Ring& ring : polygon)
      for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
        const Point a = ring[i], b = ring[i + 1];
        if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)) in = !in;
      }
  return in;
}

/// A square of so many metres around a point.
Ring square(Point middle, double metres) {
  const LonLat half = degrees_of(metres / 2, middle.y);
  const auto at = [&](double x, double y) { return Point{middle.x + x * half.lon, middle.y + y * half.lat}; };
  return {at(-1, -1), at(1, -1), at(1, 1), at(-1, 1), at(-1, -1)};
}

/// A point of a tract that lies in its community area too, with twenty metres around it.
Point spot_in(const City& city, std::size_t tract, stats::Random& dice) {
  const Ring& ring = city.tracts[tract].front().front();
  Point low = ring.front(), high = low;
  for (const Point& p : ring) low = {std::min(low.x, p.x), std::min(low.y, p.y)}, high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  const auto part = [&] { return dice.below(1U << 30U) / static_cast<double>(1U << 30U); };
  for (;;) {
    const Point p{low.x + part() * (high.x - low.x), low.y + part() * (high.y - low.y)};
    bool all = true;
    for (const double metres : {0.0, 1.0, 5.0, 10.0, 20.0})
      for (const Point& corner : square(p, metres)) all = all && inside(city.tracts[tract], corner) && inside(city.areas[city.coverage.parent_of[tract]], corner);
    if (all) return p;
  }
}

/// By what it concerns, and where to a tenth of a metre.
auto name_of(const Misfit& m) { return std::tuple(m.kind, m.parent, m.child, m.other, m.sliver, std::lround(1e6 * m.at.lon), std::lround(1e6 * m.at.lat)); }
using Known = std::set<decltype(name_of(Misfit{}))>;

std::vector<Misfit> fresh(const std::vector<Misfit>& now, const Known& before) {
  std::vector<Misfit> out;
  for (const Misfit& m : now)
    if (!before.contains(name_of(m))) out.push_back(m);
  return out;
}

void expect_planted(const Misfit& found, const Ring& ring) {
  EXPECT_FALSE(found.sliver);
  EXPECT_NEAR(found.area_m2, 1, 0.01);
  EXPECT_NEAR(found.width_m, 1, 0.01);
  EXPECT_TRUE(inside({{ring}}, {found.at.lon, found.at.lat}));
}

TEST(CheckCoverage, APlantedSquareMetreIsOneNewMisfit) {
  const City& city = chicago();
  const auto before = found(city.coverage).misfits;
  Known known;
  for (const Misfit& m : before) known.insert(name_of(m));
  EXPECT_EQ(std::ranges::count(before, Kind::outside, &Misfit::kind), 592);  // the baseline
  EXPECT_EQ(std::ranges::count(before, Kind::overlap, &Misfit::kind), 0);
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    SCOPED_TRACE(seed);
    stats::Random dice(seed, 0);
    const std::size_t tract = dice.below(static_cast<std::uint32_t>(city.tracts.size())), on = (tract + 1 + dice.below(static_cast<std::uint32_t>(city.tracts.size() - 1))) % city.tracts.size();
    const Ring planted = square(spot_in(city, tract, dice), 1);
    Coverage changed = city.coverage;
    auto holed = city.tracts[tract];
    holed.front().push_back(planted);
    changed.children[tract] = map::wkb(holed);
    const auto holes = fresh(found(changed).misfits, known);
    ASSERT_EQ(holes.size(), 1U);
    EXPECT_EQ(holes[0].kind, Kind::gap);
    EXPECT_EQ(holes[0].parent, city.coverage.parent_of[tract]);
    EXPECT_EQ(holes[0].beside, std::vector<std::size_t>{tract});
    expect_planted(holes[0], planted);
    changed = city.coverage;
    auto spread = city.tracts[on];
    spread.push_back({planted});
    changed.children[on] = map::wkb(spread);
    const auto overlaps = fresh(found(changed).misfits, known);
    ASSERT_EQ(overlaps.size(), 1U);
    EXPECT_EQ(overlaps[0].kind, Kind::overlap);
    EXPECT_EQ(std::minmax(overlaps[0].child, overlaps[0].other), std::minmax(tract, on));
    expect_planted(overlaps[0], planted);
  }
}

}  // namespace
}  // namespace gridward::geo
