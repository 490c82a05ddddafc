#include "service/tile_borders.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include "geo/gcj02.h"
#include "service/tile_maps.h"

namespace gridward::service {
namespace {

constexpr std::size_t kTags = 600;  // bytes, about, of the tags of a pair

using CellPair = std::pair<std::int64_t, std::int64_t>;

/// The arcs along which two different cells lie, by the pair with its smaller id first.
std::map<CellPair, std::vector<std::uint32_t>> arcs_between(const map::Topology& topology) {
  std::vector<std::array<std::int64_t, 2>> sides(topology.arcs().size(), {0, 0});
  for (const auto& area : topology.areas())
    for (const auto& polygon : area.polygons)
      for (const auto& ring : polygon)
        for (const std::int32_t arc : ring) {
          auto& [one, other] = sides[static_cast<std::size_t>(arc < 0 ? ~arc : arc)];
          if (one == 0) one = area.cell;
          else if (one != area.cell) other = area.cell;
        }
  std::map<CellPair, std::vector<std::uint32_t>> out;
  for (std::uint32_t arc = 0; arc < sides.size(); ++arc)
    if (const auto [one, other] = sides[arc]; other != 0) out[std::minmax(one, other)].push_back(arc);
  return out;
}

map::Tags tags_of(const Cell& a, const Cell& b, double metres) {
  return {{"a", a.id}, {"b", b.id}, {"a_name", a.name}, {"b_name", b.name}, {"shared_m", std::round(metres * 10) / 10}};
}

void measure_box(const map::Topology& topology, BorderMap::Pair& pair) {
  pair.low = pair.high = pair.points[0];
  const auto extend = [&](const map::Point& p) {
    pair.low = {std::min(pair.low.x, p.x), std::min(pair.low.y, p.y)};
    pair.high = {std::max(pair.high.x, p.x), std::max(pair.high.y, p.y)};
  };
  extend(pair.points[1]);
  for (const std::uint32_t arc : pair.arcs) std::ranges::for_each(topology.arcs()[arc], extend);
}

map::Point world_of(geo::LonLat at, bool gcj02) {
  if (gcj02) at = geo::to_gcj02(at);
  return map::to_world({at.lon, at.lat});
}

}  // namespace

std::size_t BorderMap::bytes() const {
  std::size_t sum = sizeof *this;
  for (const Pair& pair : pairs) sum += sizeof pair + kTags + pair.arcs.size() * sizeof pair.arcs[0];
  return sum;
}

BorderMap border_map(const LevelMap& level, const Neighbourhood& n, const MapCells::Cells& cells, bool gcj02) {
  const auto arcs = arcs_between(level.topology);
  BorderMap out;
  for (std::size_t i = 0; i < n.cells.size(); ++i)
    for (const geo::Contact& contact : n.touching.contacts[i]) {
      if (contact.to <= i || !n.points[i] || !n.points[contact.to]) continue;
      const auto a = cells.find(n.cells[i]), b = cells.find(n.cells[contact.to]);
      if (a == cells.end() || b == cells.end()) continue;  // its life had ended
      BorderMap::Pair pair{a->second.ways.back(), b->second.ways.back(), contact.metres, tags_of(a->second.cell, b->second.cell, contact.metres), {}, {world_of(*n.points[i], gcj02), world_of(*n.points[contact.to], gcj02)}, {}, {}};
      if (const auto shared = arcs.find(std::minmax(a->first, b->first)); shared != arcs.end()) pair.arcs = shared->second;
      measure_box(level.topology, pair);
      out.pairs.push_back(std::move(pair));
    }
  return out;
}

std::vector<std::pair<std::string, std::string>> border_fields() {
  return {{"kind", "String: border, or link between a point inside each cell"}, {"a", "Number: the cell with the smaller id"}, {"b", "Number"}, {"a_name", "String"}, {"b_name", "String"},
          {"shared_m", "Number: metres of border that they share; 0 where they meet in a corner"}};
}

void draw_borders(const BorderMap& borders, const map::ZoomBand& band, const map::TileId& tile, double least_metres, const std::function<bool(const BorderMap::Pair&)>& may_see, map::MvtLayer& layer) {
  const auto [low, high] = map::world_box(tile);
  std::vector<std::span<const geo::GridPoint>> lines;
  for (const BorderMap::Pair& pair : borders.pairs) {
    if (pair.metres < least_metres || pair.low.x > high.x || pair.high.x < low.x || pair.low.y > high.y || pair.high.y < low.y || !may_see(pair)) continue;
    map::Tags tags = pair.tags;
    tags.emplace_back("kind", std::string("border"));
    lines.clear();
    for (const std::uint32_t arc : pair.arcs) lines.emplace_back(band.lines()[arc]);
    map::draw_lines(lines, tile, tags, layer);
    tags.back().second = std::string("link");
    const std::array link = {map::in_band(tile, pair.points[0]), map::in_band(tile, pair.points[1])};
    lines.assign(1, link);
    map::draw_lines(lines, tile, tags, layer);
  }
}

}  // namespace gridward::service
