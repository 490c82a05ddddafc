#include "map/tile.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace gridward::map {
namespace {

using geo::GridPoint;
using geo::GridPolygon;

/// How many zooms a tile is beyond the last band.
int enlargement(const TileId& tile) { return std::max(0, tile.z - kLastZoom); }

/// The tile with its buffer in the grid of its band.
geo::GridBox box_of(const TileId& tile) {
  const int more = enlargement(tile);
  const std::int32_t size = kTileExtent >> more, buffer = std::max(1, kTileBuffer >> more);
  const auto west = static_cast<std::int32_t>(static_cast<std::int64_t>(tile.x) * size), north = static_cast<std::int32_t>(static_cast<std::int64_t>(tile.y) * size);
  return {west - buffer, north - buffer, west + size + buffer, north + size + buffer};
}

GridPoint moved(const GridPoint& p, const TileId& tile) {
  const int more = enlargement(tile);
  return {static_cast<std::int32_t>((std::int64_t{p.x} << more) - std::int64_t{tile.x} * kTileExtent), static_cast<std::int32_t>((std::int64_t{p.y} << more) - std::int64_t{tile.y} * kTileExtent)};
}

void add_moved(const GridPolygon& polygon, const TileId& tile, std::vector<GridPolygon>& out) {
  out.push_back(polygon);
  for (auto& ring : out.back())
    for (GridPoint& p : ring) p = moved(p, tile);
}

/// How far along from a to b (0 to 1) a segment enters a box and leaves it (Liang and Barsky); nothing where it stays outside.
std::optional<std::pair<double, double>> within(const GridPoint& a, const GridPoint& b, const geo::GridBox& box) {
  double enters = 0, leaves = 1;
  const auto cut = [&](double from, double step, double low, double high) {
    if (step == 0) return from >= low && from <= high;
    const double one = (low - from) / step, other = (high - from) / step;
    enters = std::max(enters, std::min(one, other));
    leaves = std::min(leaves, std::max(one, other));
    return enters <= leaves;
  };
  if (!cut(a.x, double{1} * b.x - a.x, box.west, box.east) || !cut(a.y, double{1} * b.y - a.y, box.north, box.south)) return std::nullopt;
  return std::pair{enters, leaves};
}

GridPoint along(const GridPoint& a, const GridPoint& b, double t) {
  return {static_cast<std::int32_t>(std::lround(a.x + t * (double{1} * b.x - a.x))), static_cast<std::int32_t>(std::lround(a.y + t * (double{1} * b.y - a.y)))};
}

/// What of a line lies in a box, in pieces.
void add_clipped(std::span<const GridPoint> line, const geo::GridBox& box, std::vector<std::vector<GridPoint>>& out) {
  bool goes_on = false;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const auto part = within(line[i], line[i + 1], box);
    if (!part) {
      goes_on = false;
      continue;
    }
    const GridPoint from = along(line[i], line[i + 1], part->first), to = along(line[i], line[i + 1], part->second);
    if (!goes_on) out.push_back({from});
    if (to != out.back().back()) out.back().push_back(to);
    goes_on = part->second == 1;
  }
  std::erase_if(out, [](const auto& piece) { return piece.size() < 2; });
}

}  // namespace

GridPoint in_tile(const TileId& tile, Point world) {
  const double scale = std::ldexp(double{kTileExtent}, tile.z);
  return {static_cast<std::int32_t>(std::lround(world.x * scale - static_cast<double>(tile.x) * kTileExtent)), static_cast<std::int32_t>(std::lround(world.y * scale - static_cast<double>(tile.y) * kTileExtent))};
}

void DegreeBox::extend(const DegreeBox& b) { *this = {std::min(west, b.west), std::min(south, b.south), std::max(east, b.east), std::max(north, b.north)}; }

GridPoint in_band(const TileId& tile, Point world) {
  const double scale = std::ldexp(double{kTileExtent}, tile.z - enlargement(tile));
  return {static_cast<std::int32_t>(std::lround(world.x * scale)), static_cast<std::int32_t>(std::lround(world.y * scale))};
}

std::pair<Point, Point> world_box(const TileId& tile) {
  const double side = std::ldexp(1.0, -tile.z), edge = static_cast<double>(kTileBuffer) / kTileExtent;
  return {{(tile.x - edge) * side, (tile.y - edge) * side}, {(tile.x + 1 + edge) * side, (tile.y + 1 + edge) * side}};
}

DegreeBox degrees_of(const TileId& tile, bool with_buffer) {
  const double n = std::ldexp(1.0, tile.z), edge = with_buffer ? static_cast<double>(kTileBuffer) / kTileExtent : 0;
  const auto latitude = [&](double y) { return std::atan(std::sinh(std::numbers::pi * (1 - 2 * y / n))) * 180 / std::numbers::pi; };
  return {(tile.x - edge) / n * 360 - 180, latitude(tile.y + 1 + edge), (tile.x + 1 + edge) / n * 360 - 180, latitude(tile.y - edge)};
}

void draw_areas(const Topology& topology, const ZoomBand& band, const TileId& tile, const std::function<const Tags*(std::size_t)>& tags, MvtLayer& layer) {
  const geo::GridBox box = box_of(tile);
  std::vector<GridPolygon> parts;
  const auto& areas = band.areas();
  const auto& boxes = band.boxes();
  for (std::size_t i = 0; i < areas.size();) {
    if (!box.overlaps(boxes[i])) {
      ++i;
      continue;
    }
    const std::size_t index = areas[i].index;
    const Tags* const said = tags(index);
    parts.clear();
    for (; i < areas.size() && areas[i].index == index; ++i) {
      if (said == nullptr || !box.overlaps(boxes[i])) continue;
      if (box.contains(boxes[i])) {
        add_moved(areas[i].polygon, tile, parts);
      } else {
        for (const GridPolygon& part : geo::clip(areas[i].polygon, box)) add_moved(part, tile, parts);
      }
    }
    if (said != nullptr) layer.add_polygons(static_cast<std::uint64_t>(topology.areas()[index].cell), parts, *said);
  }
}

void draw_lines(std::span<const std::span<const GridPoint>> lines, const TileId& tile, const Tags& tags, MvtLayer& layer) {
  const geo::GridBox box = box_of(tile);
  std::vector<std::vector<GridPoint>> pieces;
  for (const auto& line : lines) add_clipped(line, box, pieces);
  for (auto& piece : pieces)
    for (GridPoint& p : piece) p = moved(p, tile);
  layer.add_lines(0, pieces, tags);
}

}  // namespace gridward::map
