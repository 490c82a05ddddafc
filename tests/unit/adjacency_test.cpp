#include "geo/adjacency.h"

#include <cstring>
#include <map>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ogr_geometry.h>

#include "geo/ellipsoid.h"
#include "geo/vector_file.h"
#include "stats/random.h"
#include "support/references.h"

namespace gridward::geo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::Json;
using tests::numbers;
using tests::references;

using Ring = std::vector<LonLat>;
using Pairs = std::map<std::pair<std::size_t, std::size_t>, double>;

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// A multipolygon as storage has it; each polygon is a list of rings.
std::string wkb(const std::vector<std::vector<Ring>>& polygons) {
  std::string out("\1\6\0\0\0", 5);
  put(out, static_cast<std::uint32_t>(polygons.size()));
  for (const auto& rings : polygons) {
    out.append("\1\3\0\0\0", 5);
    put(out, static_cast<std::uint32_t>(rings.size()));
    for (const Ring& ring : rings) {
      put(out, static_cast<std::uint32_t>(ring.size()));
      for (const LonLat& p : ring) put(out, p);
    }
  }
  return out;
}

/// A square of 0.001 degree, so many of them east and north of a place.
Ring square(double east, double north, double size = 1) {
  const double x = 117 + east / 1000, y = 36 + north / 1000, d = size / 1000;
  return {{x, y}, {x + d, y}, {x + d, y + d}, {x, y + d}, {x, y}};
}

double geodesic(LonLat a, LonLat b) {
  double out = 0;
  geod_inverse(&grs80(), a.lat, a.lon, b.lat, b.lon, &out, nullptr, nullptr);
  return out;
}

/// The shapes of a file in the order of codes.
std::vector<std::string> shapes_of(const std::string& path, const std::string& layer, const Json& codes) {
  std::map<std::string, std::string> by_code;
  std::size_t column = 0;
  const auto done = read_vector_file(
      GRIDWARD_SOURCE_DIR + path, {.layer = layer},
      [&](const std::vector<std::string>& fields) -> Result<void> {
        column = static_cast<std::size_t>(std::ranges::find(fields, "code") - fields.begin());
        return {};
      },
      [&](Feature& row) {
        by_code[row.values[column].value()] = row.wkb.value();
        return true;
      });
  EXPECT_TRUE(done);
  std::vector<std::string> out;
  for (const Json& code : codes.GetArray()) out.push_back(by_code.at(code.GetString()));
  return out;
}

Pairs pairs_of(const Adjacency& adjacency) {
  Pairs out;
  for (std::size_t i = 0; i < adjacency.contacts.size(); ++i) {
    for (const Contact& c : adjacency.contacts[i]) {
      if (i < c.to) out[{i, c.to}] = c.metres;
      const auto& back = adjacency.contacts[c.to];
      const auto other = std::ranges::find(back, i, &Contact::to);
      EXPECT_TRUE(other != back.end() && other->metres == c.metres) << i << " to " << c.to;
    }
  }
  return out;
}

/// Those of flat triples with at least so many metres.
Pairs triples(const Json& list, double least) {
  Pairs out;
  const auto flat = numbers(list);
  for (std::size_t k = 0; k < flat.size(); k += 3) {
    if (flat[k + 2] >= least) out[{static_cast<std::size_t>(flat[k]), static_cast<std::size_t>(flat[k + 1])}] = flat[k + 2];
  }
  return out;
}

/// The same pairs, lengths no further apart than `worst`, and `mean` on the whole.
void expect_pairs(const Pairs& ours, const Pairs& theirs, double worst, double mean) {
  double sum = 0;
  for (const auto& [pair, metres] : theirs) {
    const auto found = ours.find(pair);
    EXPECT_TRUE(found != ours.end()) << pair.first << " to " << pair.second << " of " << metres << " m is missing";
    if (found == ours.end()) continue;
    EXPECT_NEAR(found->second, metres, worst) << pair.first << " to " << pair.second;
    sum += std::abs(found->second - metres);
  }
  EXPECT_EQ(ours.size(), theirs.size());
  EXPECT_LE(sum / static_cast<double>(theirs.size()), mean);
}

struct Sample {
  const char *path, *layer, *name;
};
const Sample kSamples[] = {{"/geodata/chicago/boundaries.gpkg", "tract", "tracts"}, {"/tests/data/adjacency/villages.fgb", "villages", "villages"}};

// All that libpysal finds by common vertices, and nothing else; lengths as pyproj has them.
TEST(Contiguity, AgreesWithLibpysal) {
  const auto all = references("adjacency/references");
  for (const Sample& sample : kSamples) {
    SCOPED_TRACE(sample.name);
    const Json& reference = all[sample.name];
    const auto shapes = shapes_of(sample.path, sample.layer, reference["codes"]);
    expect_pairs(pairs_of(contiguity(shapes, {Contiguity::queen, 0, 0.01}).value()), triples(reference["pairs"], 0), 0.05, 0.001);
    expect_pairs(pairs_of(contiguity(shapes, {Contiguity::rook, 10, 0.01}).value()), triples(reference["pairs"], 10), 0.05, 0.001);
    expect_pairs(pairs_of(contiguity(shapes, {Contiguity::queen, 0, 1}).value()), triples(reference["pairs"], 0), 6, 0.05);
    expect_pairs(pairs_of(contiguity(shapes, {Contiguity::rook, 10, 1}).value()), triples(reference["pairs"], 10), 6, 0.05);
  }
}

/// Every edge halved, and every vertex moved by up to so many metres: as if each area had been digitised for itself.
std::string drawn_anew(const std::string& shape, double metres, stats::Random& dice) {
  OGRGeometry* read = nullptr;
  OGRGeometryFactory::createFromWkb(shape.data(), nullptr, &read, shape.size());
  const std::unique_ptr<OGRGeometry> owned(read);
  const auto shaken = [&](double x, double y) {
    const auto off = [&] { return (dice.below(2000001) / 1e6 - 1) * metres / std::sqrt(2.0) / 111000; };
    return LonLat{x + off(), y + off()};
  };
  std::vector<std::vector<Ring>> out;
  for (const auto* polygon : *owned->toMultiPolygon()) {
    out.emplace_back();
    for (const auto* ring : *polygon) {
      out.back().emplace_back();
      Ring& drawn = out.back().back();
      for (int i = 0; i + 1 < ring->getNumPoints(); ++i) {
        drawn.push_back(shaken(ring->getX(i), ring->getY(i)));
        drawn.push_back(shaken((ring->getX(i) + ring->getX(i + 1)) / 2, (ring->getY(i) + ring->getY(i + 1)) / 2));
      }
      drawn.push_back(drawn.front());
    }
  }
  return wkb(out);
}

TEST(Contiguity, WorksWhereNeighboursShareNoVertex) {
  const auto all = references("adjacency/references");
  for (const Sample& sample : kSamples) {
    SCOPED_TRACE(sample.name);
    const Json& reference = all[sample.name];
    auto shapes = shapes_of(sample.path, sample.layer, reference["codes"]);
    stats::Random dice(1, 0);
    for (std::string& shape : shapes) shape = drawn_anew(shape, 0.4, dice);
    const Pairs ours = pairs_of(contiguity(shapes, {Contiguity::rook, 10, 1}).value());
    const Pairs certain = triples(reference["pairs"], 15);
    double sum = 0;
    for (const auto& [pair, metres] : certain) {
      ASSERT_TRUE(ours.contains(pair)) << pair.first << " to " << pair.second << " of " << metres << " m";
      sum += std::abs(ours.at(pair) - metres);
    }
    EXPECT_LT(sum / static_cast<double>(certain.size()), 3);
    const Pairs possible = triples(reference["pairs"], 5);
    for (const auto& [pair, metres] : ours) EXPECT_TRUE(possible.contains(pair)) << pair.first << " to " << pair.second << ": " << metres << " m";
    EXPECT_THAT(contiguity(shapes, {Contiguity::rook, 10, 0.01}).value().contacts[0], IsEmpty());  // the tolerance did it
  }
}

TEST(Contiguity, TellsBordersFromCornersAndNamesIslands) {
  const std::vector<std::string> shapes = {wkb({{square(0, 0)}}), wkb({{square(1, 0)}}), wkb({{square(1, 1)}}), wkb({{square(5, 5)}}), ""};
  const Adjacency rook = contiguity(shapes, {}).value();
  EXPECT_EQ(rook.contacts[0].size(), 1u);
  EXPECT_EQ(rook.contacts[0][0].to, 1u);
  EXPECT_NEAR(rook.contacts[0][0].metres, geodesic({117.001, 36}, {117.001, 36.001}), 1e-3);
  EXPECT_NEAR(rook.contacts[2][0].metres, geodesic({117.001, 36.001}, {117.002, 36.001}), 1e-3);
  EXPECT_THAT(rook.islands, ElementsAre(3));
  EXPECT_THAT(rook.without_place, ElementsAre(4));
  const Adjacency queen = contiguity(shapes, {.kind = Contiguity::queen}).value();
  EXPECT_EQ(queen.contacts[0].size(), 2u);
  EXPECT_EQ(queen.contacts[0][1].to, 2u);
  EXPECT_EQ(queen.contacts[0][1].metres, 0);
  EXPECT_THAT(contiguity(shapes, {.min_shared = 105}).value().contacts[0], ElementsAre(testing::Field(&Contact::to, 1u)));  // 111 m
  EXPECT_THAT(contiguity(shapes, {.min_shared = 105}).value().contacts[2], IsEmpty());                                      // 90 m
}

TEST(Contiguity, KnowsPartsHolesAndShortEdges) {
  // A ring around an enclave; a part far off; a neighbour with half the side, ending in the middle of an edge.
  const std::vector<std::string> shapes = {wkb({{square(0, 0, 3), square(1, 1)}}), wkb({{square(1, 1)}, {square(8, 0)}}), wkb({{square(3, 0.5, 0.5)}})};
  const Pairs pairs = pairs_of(contiguity(shapes, {}).value());
  EXPECT_EQ(pairs.size(), 2u);
  const double around = 2 * geodesic({117.001, 36.001}, {117.001, 36.002}) + geodesic({117.001, 36.001}, {117.002, 36.001}) + geodesic({117.001, 36.002}, {117.002, 36.002});
  EXPECT_NEAR((pairs.at({0, 1})), around, 1e-3);
  EXPECT_NEAR((pairs.at({0, 2})), geodesic({117.003, 36.0005}, {117.003, 36.001}), 1e-3);
}

TEST(Contiguity, BridgesAGapUpToTheTolerance) {
  const double two_metres = 2 / 90.16;  // thousandths of a degree of longitude at 36°, near enough
  const std::vector<std::string> shapes = {wkb({{square(0, 0)}}), wkb({{square(1 + two_metres, 0)}})};
  EXPECT_THAT(contiguity(shapes, {.tolerance = 1.9}).value().islands, ElementsAre(0, 1));
  EXPECT_NEAR(pairs_of(contiguity(shapes, {.tolerance = 2.1}).value()).at({0, 1}), geodesic({117, 36}, {117, 36.001}), 3);
}

TEST(Contiguity, SaysWhatItCannotRead) {
  const std::vector<std::string> bad = {wkb({{square(0, 0)}}), "not a shape"};
  EXPECT_THAT(contiguity(bad, {}).error().detail, HasSubstr("shape 1"));
  EXPECT_THAT(contiguity({}, {.tolerance = 0}).error().detail, HasSubstr("tolerance"));
  EXPECT_THAT(contiguity({}, {.min_shared = 3, .tolerance = 1}).error().detail, HasSubstr("min_shared"));
  EXPECT_TRUE(contiguity({}, {}).value().contacts.empty());
  EXPECT_THAT(representative_points(bad).error().detail, HasSubstr("shape 1"));
}

TEST(RepresentativePoints, LieInside) {
  const auto all = references("adjacency/references");
  auto shapes = shapes_of(kSamples[1].path, kSamples[1].layer, all["villages"]["codes"]);
  shapes.push_back("");
  const auto points = representative_points(shapes).value();
  EXPECT_FALSE(points.back());
  for (std::size_t i = 0; i + 1 < shapes.size(); ++i) {
    OGRGeometry* read = nullptr;
    OGRGeometryFactory::createFromWkb(shapes[i].data(), nullptr, &read, shapes[i].size());
    const std::unique_ptr<OGRGeometry> shape(read);
    const OGRPoint at(points[i].value().lon, points[i].value().lat);
    EXPECT_TRUE(shape->Contains(&at)) << i;
  }
}

TEST(DistanceBand, AgreesWithPyproj) {
  const auto all = references("adjacency/references");
  const Json& band = all["band"];
  const auto flat = numbers(band["points"]);
  std::vector<std::optional<LonLat>> points;
  for (std::size_t k = 0; k < flat.size(); k += 2) points.push_back(LonLat{flat[k], flat[k + 1]});
  points.push_back(std::nullopt);
  points.push_back(LonLat{-60, -10});
  const Adjacency ours = distance_band(points, band["metres"].GetDouble()).value();
  const Pairs theirs = triples(band["pairs"], 0);
  expect_pairs(pairs_of(ours), theirs, 1e-6, 1e-7);
  EXPECT_TRUE(distance_band(points, band["metres"].GetDouble(), theirs.size()));
  EXPECT_THAT(distance_band(points, band["metres"].GetDouble(), theirs.size() - 1).error().detail, HasSubstr("smaller"));
  EXPECT_THAT(ours.without_place, ElementsAre(60));
  EXPECT_THAT(ours.islands, ElementsAre(61));
}

}  // namespace
}  // namespace gridward::geo
