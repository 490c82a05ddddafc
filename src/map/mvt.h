#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "geo/grid_polygon.h"

namespace gridward::map {

/// What is said of a feature in a tile.
using TagValue = std::variant<std::string, double, std::int64_t, bool>;
using Tags = std::vector<std::pair<std::string, TagValue>>;

/// One layer of a vector tile in the making (Mapbox Vector Tile 2.1, extent kTileExtent).
class MvtLayer {
 public:
  explicit MvtLayer(std::string name) : name_(std::move(name)) {}

  /// A feature's id is 0 where it has none. Polygons in units of the tile, valid and closed; they are turned as the format has it. Without any, nothing is added.
  void add_polygons(std::uint64_t id, std::span<const geo::GridPolygon> polygons, const Tags& tags);
  void add_points(std::uint64_t id, std::span<const geo::GridPoint> points, const Tags& tags);
  /// Lines of at least two points each, as one feature. Without any, nothing is added.
  void add_lines(std::uint64_t id, std::span<const std::vector<geo::GridPoint>> lines, const Tags& tags);
  [[nodiscard]] bool empty() const { return features_.empty(); }
  /// The layer as a field of a tile; tiles of several layers are these behind one another.
  [[nodiscard]] std::string finish() const;

 private:
  enum class Kind : std::uint8_t { point = 1, line = 2, polygon = 3 };
  void add(std::uint64_t id, Kind kind, const std::vector<std::uint32_t>& geometry, const Tags& tags);
  std::uint32_t key(const std::string& text);
  std::uint32_t value(const TagValue& value);

  std::string name_;
  std::vector<std::string> keys_;
  std::map<std::string, std::uint32_t, std::less<>> key_index_;
  std::vector<TagValue> values_;
  std::map<TagValue, std::uint32_t> value_index_;
  std::vector<std::string> features_;
};

}  // namespace gridward::map
