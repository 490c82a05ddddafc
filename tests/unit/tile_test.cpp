#include "map/tile.h"

#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <protozero/pbf_reader.hpp>

#include "geo/vector_file.h"
#include "shape_bytes.h"

namespace gridward::map {
namespace {

using geo::GridPoint;
using Edge = std::pair<std::pair<int, int>, std::pair<int, int>>;

/// A map of n × n cells on land of one degree, their inner corners and the points between them moved about; the outer border is straight.
std::vector<Topology::Source> shaken_grid(int n, unsigned seed) {
  constexpr int between = 7;
  std::mt19937 random(seed);
  std::uniform_real_distribution<> shake(-0.3, 0.3);
  std::map<std::pair<int, int>, Point> points;
  const auto at = [&](int i, int j) {  // in steps of a cell's side / between
    const auto [found, fresh] = points.try_emplace({i, j});
    if (fresh) {
      const bool border_x = i == 0 || i == n * between, border_y = j == 0 || j == n * between;
      const double step = 1.0 / (n * between);
      found->second = {117 + step * (i + (border_x ? 0 : shake(random))), 36 + step * (j + (border_y ? 0 : shake(random)))};
    }
    return found->second;
  };
  std::vector<Topology::Source> out;
  for (int a = 0; a < n; ++a)
    for (int b = 0; b < n; ++b) {
      std::vector<Point> ring;
      const int x = a * between, y = b * between;
      for (int k = 0; k < between; ++k) ring.push_back(at(x + k, y));
      for (int k = 0; k < between; ++k) ring.push_back(at(x + between, y + k));
      for (int k = 0; k < between; ++k) ring.push_back(at(x + between - k, y + between));
      for (int k = 0; k < between; ++k) ring.push_back(at(x, y + between - k));
      ring.push_back(ring.front());
      out.push_back({a * n + b + 1, wkb({{ring}})});
    }
  return out;
}

/// How often each edge of a band's rings is drawn, whichever way.
std::map<Edge, int> edges_of(const ZoomBand& band) {
  std::map<Edge, int> out;
  for (const auto& area : band.areas())
    for (const auto& ring : area.polygon)
      for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
        std::pair<int, int> a{ring[i].x, ring[i].y}, b{ring[i + 1].x, ring[i + 1].y};
        ++out[a < b ? Edge{a, b} : Edge{b, a}];
      }
  return out;
}

TEST(Topology, neighbours_share_arcs) {
  const Topology topology(shaken_grid(4, 1));
  EXPECT_EQ(topology.areas().size(), 16U);
  EXPECT_EQ(topology.arcs().size(), 24U + 12U) << "12 + 12 inner borders, and the outer one cut where an inner one meets it (the corner cells keep their corner)";
}

TEST(Topology, an_island_in_a_hole_shares_its_ring) {
  const std::vector<Point> outer = {{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, inner = {{1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}};
  std::vector<Point> island(inner.rbegin(), inner.rend());
  std::rotate(island.begin(), island.begin() + 2, island.end() - 1);  // it begins elsewhere
  island.back() = island.front();
  const Topology topology({{1, wkb({{outer, inner}})}, {2, wkb({{island}})}});
  EXPECT_EQ(topology.arcs().size(), 2U);
}

TEST(Topology, a_corner_on_a_neighbours_edge_is_a_junction) {
  const std::vector<Point> west = {{0, 0}, {1, 0}, {1, 3}, {0, 3}, {0, 0}}, south = {{1, 0}, {2, 0}, {2, 1}, {1, 1}, {1, 0}}, north = {{1, 1}, {2, 1}, {2, 3}, {1, 3}, {1, 1}};
  const Topology topology({{1, wkb({{west}})}, {2, wkb({{south}})}, {3, wkb({{north}})}});
  EXPECT_EQ(topology.arcs().size(), 6U) << "three inner borders, and the outer one of each";
}

TEST(ZoomBand, keeps_a_coverage_at_every_zoom) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const Topology topology(shaken_grid(6, seed));
    for (int zoom = 2; zoom <= kLastZoom; ++zoom) {  // at zoom 2 a cell is 8 units wide
      const ZoomBand band(topology, zoom);
      if (zoom >= 4) ASSERT_EQ(band.areas().size(), 36U) << "zoom " << zoom;
      const double scale = std::ldexp(kTileExtent, zoom);
      const auto west = std::lround(to_world({117, 36}).x * scale), east = std::lround(to_world({118, 36}).x * scale);
      const auto south = std::lround(to_world({117, 36}).y * scale), north = std::lround(to_world({117, 37}).y * scale);
      for (const auto& area : band.areas()) ASSERT_TRUE(geo::is_valid(area.polygon)) << "zoom " << zoom;
      for (const auto& [edge, times] : edges_of(band)) {
        const auto& [a, b] = edge;
        const bool outer = (a.first == b.first && (a.first == west || a.first == east)) || (a.second == b.second && (a.second == south || a.second == north));
        ASSERT_EQ(times, outer ? 1 : 2) << "zoom " << zoom << ", seed " << seed << ": neighbours must draw the same border";
      }
    }
  }
}

TEST(ZoomBand, leaves_out_points_that_nobody_can_see) {
  const Topology topology(shaken_grid(6, 3));
  const auto points = [&](int zoom) {
    std::size_t n = 0;
    const ZoomBand band(topology, zoom);
    for (const auto& area : band.areas()) n += area.polygon.front().size();
    return n;
  };
  EXPECT_LT(points(5), points(8) / 2);
  EXPECT_EQ(points(kLastZoom), 36U * 29);
}

/// Reads a tile as the specification says it, apart from the code that wrote it.
struct Read {
  std::map<std::uint64_t, std::vector<std::vector<GridPoint>>> rings;
  std::vector<std::string> keys;
};
Read read_tile(const std::string& bytes) {
  Read out;
  protozero::pbf_reader tile(bytes);
  while (tile.next(3)) {
    protozero::pbf_reader layer = tile.get_message();
    while (layer.next()) {
      if (layer.tag() == 3) {
        out.keys.push_back(layer.get_string());
      } else if (layer.tag() == 2) {
        protozero::pbf_reader feature = layer.get_message();
        std::uint64_t id = 0;
        int x = 0, y = 0;
        while (feature.next()) {
          if (feature.tag() == 1) id = feature.get_uint64();
          else if (feature.tag() == 4) {
            const auto range = feature.get_packed_uint32();
            std::vector<std::uint32_t> words(range.begin(), range.end());
            for (std::size_t i = 0; i < words.size();) {
              const auto command = words[i] & 7U, times = words[i] >> 3U;
              ++i;
              if (command == 7) continue;
              if (command == 1) out.rings[id].emplace_back();
              for (unsigned k = 0; k < times; ++k, i += 2) {
                x += protozero::decode_zigzag32(words[i]);
                y += protozero::decode_zigzag32(words[i + 1]);
                out.rings[id].back().push_back({x, y});
              }
            }
          } else {
            feature.skip();
          }
        }
      } else {
        layer.skip();
      }
    }
  }
  return out;
}

std::string drawn(const Topology& topology, const TileId& tile) {
  const ZoomBand band(topology, std::min(tile.z, kLastZoom));
  MvtLayer layer("villages");
  const Tags tags = {{"name", std::string("村")}};
  draw_areas(topology, band, tile, [&](std::size_t) { return &tags; }, layer);
  return layer.empty() ? "" : layer.finish();
}

TileId tile_at(int zoom, Point lon_lat) {
  const Point w = to_world(lon_lat);
  return {zoom, static_cast<std::uint32_t>(std::ldexp(w.x, zoom)), static_cast<std::uint32_t>(std::ldexp(w.y, zoom))};
}

TEST(Tile, neighbours_meet_in_a_tile_and_across_its_edge) {
  const Topology topology(shaken_grid(6, 2));
  for (const int zoom : {9, 12, 16, 18, 20}) {
    TileId tile = tile_at(zoom, {117.5001, 36.5001});
    const Read here = read_tile(drawn(topology, tile));
    ASSERT_GE(here.rings.size(), 1U) << zoom;
    EXPECT_EQ(here.keys, std::vector<std::string>{"name"});
    for (const auto& [id, rings] : here.rings)
      for (const auto& ring : rings)
        for (const GridPoint& p : ring) {
          EXPECT_GE(std::min(p.x, p.y), -kTileBuffer) << zoom;
          EXPECT_LE(std::max(p.x, p.y), kTileExtent + kTileBuffer) << zoom;
        }
    // What both tiles show of the strip along their seam is the same.
    ++tile.x;
    const Read there = read_tile(drawn(topology, tile));
    std::set<std::pair<int, int>> a, b;
    const auto strip = [](const Read& read, int shift, std::set<std::pair<int, int>>& out) {
      for (const auto& [id, rings] : read.rings)
        for (const auto& ring : rings)
          for (const GridPoint& p : ring) {
            const int x = p.x + shift;
            if (x > kTileExtent - kTileBuffer && x < kTileExtent + kTileBuffer && p.y > 0 && p.y < kTileExtent) out.insert({x, p.y});
          }
    };
    strip(here, 0, a);
    strip(there, kTileExtent, b);
    EXPECT_EQ(a, b) << zoom;
  }
}

TEST(Tile, a_tile_within_a_cell_is_covered_by_it) {
  const Topology topology({{5, wkb({{{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}}})}});
  const Read read = read_tile(drawn(topology, tile_at(14, {5, 5})));
  ASSERT_EQ(read.rings.size(), 1U);
  EXPECT_EQ(read.rings.at(5).front().size(), 4U);
  EXPECT_EQ(drawn(topology, tile_at(14, {20, 20})), "");
}

/// Real borders: the census tracts of Chicago, as the sample has them.
TEST(ZoomBand, draws_real_borders_valid_and_shared) {
  std::vector<Topology::Source> sources;
  const auto read = geo::read_vector_file(GRIDWARD_SOURCE_DIR "/geodata/chicago/boundaries.gpkg", {.layer = "tract"}, [](const auto&) { return Result<void>{}; },
                                          [&](geo::Feature& f) {
                                            sources.push_back({f.row, *f.wkb});
                                            return true;
                                          });
  ASSERT_TRUE(read);
  ASSERT_EQ(sources.size(), 801U);
  const Topology topology(sources);
  for (const int zoom : {6, 8, 10, 12, 14, 16}) {
    const ZoomBand band(topology, zoom);
    for (const auto& area : band.areas()) ASSERT_TRUE(geo::is_valid(area.polygon)) << zoom;
    std::size_t more = 0;
    for (const auto& [edge, times] : edges_of(band)) more += times > 2 ? 1 : 0;
    EXPECT_EQ(more, 0U) << zoom << ": no edge belongs to three cells";
  }
}

}  // namespace
}  // namespace gridward::map
