#include "map/zoom_band.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gridward::map {
namespace {

using geo::GridPoint;
using geo::GridPolygon;
using Line = std::vector<GridPoint>;

/// How far a border may be from where it is, in units: half a pixel of a tile that is shown 512 pixels wide.
constexpr double kTolerance = 4;
/// Below it an arc that breaks a polygon keeps all its points.
constexpr double kLeastTolerance = 0.5;

double distance_squared(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const double t = length == 0 ? 0 : std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0);
  const double ex = p.x - a.x - t * dx, ey = p.y - a.y - t * dy;
  return ex * ex + ey * ey;
}

/// Douglas and Peucker's line of points in (from, to) that are further than the tolerance from what is kept.
void keep_far(const std::vector<Point>& arc, std::size_t first, std::size_t last, double tolerance_squared, std::vector<char>& keep) {
  std::vector<std::pair<std::size_t, std::size_t>> open{{first, last}};
  while (!open.empty()) {
    const auto [a, b] = open.back();
    open.pop_back();
    double most = tolerance_squared;
    std::size_t at = a;
    for (std::size_t i = a + 1; i < b; ++i)
      if (const double d = distance_squared(arc[i], arc[a], arc[b]); d > most) most = d, at = i;
    if (at == a) continue;
    keep[at] = 1;
    open.emplace_back(a, at);
    open.emplace_back(at, b);
  }
}

/// An arc on the grid, simplified by a tolerance in units. A loop is halved at the point farthest from its ends.
Line drawn(const std::vector<Point>& arc, double scale, double tolerance) {
  std::vector<char> keep(arc.size(), tolerance > 0 ? 0 : 1);
  keep.front() = keep.back() = 1;
  if (tolerance > 0) {
    const double squared = (tolerance / scale) * (tolerance / scale);
    std::size_t middle = 0;
    if (arc.front() == arc.back()) {
      const auto far = std::ranges::max_element(arc, {}, [&](Point p) { return distance_squared(p, arc.front(), arc.front()); });
      keep[middle = static_cast<std::size_t>(far - arc.begin())] = 1;
    }
    if (middle > 0) keep_far(arc, 0, middle, squared, keep);
    keep_far(arc, middle, arc.size() - 1, squared, keep);
  }
  Line line;
  for (std::size_t i = 0; i < arc.size(); ++i) {
    if (keep[i] == 0) continue;
    const GridPoint p{static_cast<std::int32_t>(std::lround(arc[i].x * scale)), static_cast<std::int32_t>(std::lround(arc[i].y * scale))};
    if (line.empty() || line.back() != p) line.push_back(p);
  }
  return line;
}

Line joined(const Topology::Ring& ring, const std::vector<Line>& arcs) {
  Line out;
  const auto add = [&](const GridPoint& p) {
    if (out.empty() || out.back() != p) out.push_back(p);
  };
  for (const std::int32_t arc : ring) {
    const Line& line = arcs[static_cast<std::size_t>(arc < 0 ? ~arc : arc)];
    if (arc < 0) std::for_each(line.rbegin(), line.rend(), add);
    else std::ranges::for_each(line, add);
  }
  return out;
}

bool has_area(const Line& ring) {
  std::int64_t twice = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) twice += std::int64_t{ring[i].x} * ring[i + 1].y - std::int64_t{ring[i + 1].x} * ring[i].y;
  return ring.size() >= 4 && twice != 0;
}

GridPolygon polygon_of(const std::vector<Topology::Ring>& rings, const std::vector<Line>& arcs) {
  GridPolygon polygon;
  for (const Topology::Ring& ring : rings) {
    Line line = joined(ring, arcs);
    if (has_area(line)) polygon.push_back(std::move(line));
    else if (polygon.empty()) return {};
  }
  return polygon;
}

geo::GridBox box_of(const Line& ring) {
  constexpr auto low = std::numeric_limits<std::int32_t>::min(), high = std::numeric_limits<std::int32_t>::max();
  geo::GridBox box{high, high, low, low};
  for (const GridPoint& p : ring) box = {std::min(box.west, p.x), std::min(box.north, p.y), std::max(box.east, p.x), std::max(box.south, p.y)};
  return box;
}

/// Draws the polygons of a topology. Simplified arcs can cross one another in a narrow place: where a polygon is broken its arcs are drawn more
/// exactly, for its neighbours too, and those are looked at again.
class Drawing {
 public:
  struct Piece {
    std::size_t area = 0;
    std::vector<std::size_t> arcs;
    const std::vector<Topology::Ring>* rings = nullptr;
    GridPolygon polygon;
    bool valid = false, fresh = true;
  };

  Drawing(const Topology& topology, double scale, double tolerance) : arcs_(topology.arcs()), scale_(scale), tolerances_(arcs_.size(), tolerance) {
    for (const auto& arc : arcs_) lines_.push_back(drawn(arc, scale, tolerance));
    for (std::size_t index = 0; index < topology.areas().size(); ++index)
      for (const auto& rings : topology.areas()[index].polygons) {
        Piece& piece = pieces_.emplace_back(Piece{index, {}, &rings, {}, false, true});
        for (const auto& ring : rings)
          for (const std::int32_t arc : ring) piece.arcs.push_back(static_cast<std::size_t>(arc < 0 ? ~arc : arc));
      }
    do look();
    while (refine());
  }
  std::vector<Piece>& pieces() { return pieces_; }
  std::vector<Line>& lines() { return lines_; }

 private:
  void look() {
    for (Piece& piece : pieces_) {
      if (!piece.fresh) continue;
      piece.polygon = polygon_of(*piece.rings, lines_);
      piece.valid = piece.polygon.empty() || geo::is_valid(piece.polygon);
      piece.fresh = false;
    }
  }
  /// Draws the arcs of broken pieces more exactly; false if all of them have all their points.
  bool refine() {
    std::vector<char> redrawn(arcs_.size(), 0);
    bool any = false;
    for (const Piece& piece : pieces_) {
      if (piece.valid) continue;
      for (const std::size_t arc : piece.arcs) {
        if (tolerances_[arc] == 0 || redrawn[arc] != 0) continue;
        tolerances_[arc] = tolerances_[arc] > kLeastTolerance ? tolerances_[arc] / 2 : 0;
        lines_[arc] = drawn(arcs_[arc], scale_, tolerances_[arc]);
        redrawn[arc] = 1;
        any = true;
      }
    }
    for (Piece& piece : pieces_) piece.fresh = std::ranges::any_of(piece.arcs, [&](std::size_t arc) { return redrawn[arc] != 0; });
    return any;
  }

  const std::vector<std::vector<Point>>& arcs_;
  const double scale_;
  std::vector<double> tolerances_;  // of each arc; 0: all its points
  std::vector<Line> lines_;
  std::vector<Piece> pieces_;
};

}  // namespace

ZoomBand::ZoomBand(const Topology& topology, int zoom) {
  Drawing drawing(topology, static_cast<double>(kTileExtent) * std::ldexp(1.0, zoom), zoom < kLastZoom ? kTolerance : 0);
  for (auto& piece : drawing.pieces()) {
    if (piece.polygon.empty()) continue;
    // What the grid itself breaks, where a narrow place is drawn as a line, is mended for each cell apart.
    std::vector<GridPolygon> parts;
    if (piece.valid) parts.push_back(std::move(piece.polygon));
    else parts = geo::make_valid(piece.polygon);
    for (GridPolygon& part : parts) {
      boxes_.push_back(box_of(part.front()));
      areas_.push_back({piece.area, std::move(part)});
    }
  }
  lines_ = std::move(drawing.lines());
}

std::size_t ZoomBand::bytes() const {
  std::size_t sum = sizeof *this;
  for (const Area& area : areas_) {
    sum += sizeof area + sizeof(geo::GridBox);
    for (const Line& ring : area.polygon) sum += sizeof ring + ring.capacity() * sizeof(GridPoint);
  }
  for (const Line& line : lines_) sum += sizeof line + line.capacity() * sizeof(GridPoint);
  return sum;
}

}  // namespace gridward::map
