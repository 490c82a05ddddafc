#include "map/mvt.h"

#include <algorithm>

#include <protozero/pbf_writer.hpp>

#include "map/zoom_band.h"

namespace gridward::map {
namespace {

using geo::GridPoint;

constexpr std::uint32_t kMoveTo = 1, kLineTo = 2, kClosePath = 7;

/// Commands of a geometry, each point from the one before.
class Pen {
 public:
  void command(std::uint32_t what, std::size_t times) { out_.push_back(static_cast<std::uint32_t>(times) << 3U | what); }
  void to(const GridPoint& p) {
    out_.push_back(protozero::encode_zigzag32(p.x - at_.x));
    out_.push_back(protozero::encode_zigzag32(p.y - at_.y));
    at_ = p;
  }
  [[nodiscard]] const std::vector<std::uint32_t>& commands() const { return out_; }

 private:
  std::vector<std::uint32_t> out_;
  GridPoint at_;
};

std::int64_t twice_area(const std::vector<GridPoint>& ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) sum += std::int64_t{ring[i].x} * ring[i + 1].y - std::int64_t{ring[i + 1].x} * ring[i].y;
  return sum;
}

/// A ring without its closing point: shells with positive area in a grid that grows southwards, holes with negative.
void draw_ring(Pen& pen, const std::vector<GridPoint>& ring, bool shell) {
  const auto n = ring.size() - 1;
  const bool turned = (twice_area(ring) > 0) != shell;
  pen.command(kMoveTo, 1);
  pen.to(ring[0]);
  pen.command(kLineTo, n - 1);
  for (std::size_t i = 1; i < n; ++i) pen.to(ring[turned ? n - i : i]);
  pen.command(kClosePath, 1);
}

}  // namespace

void MvtLayer::add_polygons(std::uint64_t id, std::span<const geo::GridPolygon> polygons, const Tags& tags) {
  if (polygons.empty()) return;
  Pen pen;
  for (const auto& polygon : polygons)
    for (const auto& ring : polygon) draw_ring(pen, ring, &ring == &polygon.front());
  add(id, Kind::polygon, pen.commands(), tags);
}

void MvtLayer::add_points(std::uint64_t id, std::span<const GridPoint> points, const Tags& tags) {
  if (points.empty()) return;
  Pen pen;
  pen.command(kMoveTo, points.size());
  for (const GridPoint& p : points) pen.to(p);
  add(id, Kind::point, pen.commands(), tags);
}

void MvtLayer::add_lines(std::uint64_t id, std::span<const std::vector<GridPoint>> lines, const Tags& tags) {
  if (lines.empty()) return;
  Pen pen;
  for (const auto& line : lines) {
    pen.command(kMoveTo, 1);
    pen.to(line[0]);
    pen.command(kLineTo, line.size() - 1);
    for (const GridPoint& p : std::span(line).subspan(1)) pen.to(p);
  }
  add(id, Kind::line, pen.commands(), tags);
}

std::uint32_t MvtLayer::key(const std::string& text) {
  const auto [found, fresh] = key_index_.try_emplace(text, static_cast<std::uint32_t>(keys_.size()));
  if (fresh) keys_.push_back(text);
  return found->second;
}

std::uint32_t MvtLayer::value(const TagValue& value) {
  const auto [found, fresh] = value_index_.try_emplace(value, static_cast<std::uint32_t>(values_.size()));
  if (fresh) values_.push_back(value);
  return found->second;
}

void MvtLayer::add(std::uint64_t id, Kind kind, const std::vector<std::uint32_t>& geometry, const Tags& tags) {
  std::string bytes;
  protozero::pbf_writer feature(bytes);
  if (id != 0) feature.add_uint64(1, id);
  std::vector<std::uint32_t> pairs;
  for (const auto& [name, what] : tags) {
    pairs.push_back(key(name));
    pairs.push_back(value(what));
  }
  feature.add_packed_uint32(2, pairs.begin(), pairs.end());
  feature.add_enum(3, static_cast<std::int32_t>(kind));
  feature.add_packed_uint32(4, geometry.begin(), geometry.end());
  features_.push_back(std::move(bytes));
}

std::string MvtLayer::finish() const {
  std::string out;
  protozero::pbf_writer tile(out);
  protozero::pbf_writer layer(tile, 3);
  layer.add_uint32(15, 2);
  layer.add_string(1, name_);
  for (const auto& feature : features_) layer.add_message(2, feature);
  for (const auto& name : keys_) layer.add_string(3, name);
  for (const auto& what : values_) {
    protozero::pbf_writer field(layer, 4);
    if (const auto* text = std::get_if<std::string>(&what)) field.add_string(1, *text);
    else if (const auto* real = std::get_if<double>(&what)) field.add_double(3, *real);
    else if (const auto* whole = std::get_if<std::int64_t>(&what)) field.add_int64(4, *whole);
    else field.add_bool(7, std::get<bool>(what));
  }
  layer.add_uint32(5, static_cast<std::uint32_t>(kTileExtent));
  layer.commit();
  return out;
}

}  // namespace gridward::map
