#include "geo/shared_border.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "geo/ellipsoid.h"

namespace gridward::geo {
namespace {

constexpr double kCornerTolerances = 4;  // a shorter stretch is a corner
constexpr double kFiner = 10;            // of a second look at where borders part, with a tolerance so many times smaller

struct Vector {
  double x, y;
};
Vector operator-(Vector a, Vector b) { return {a.x - b.x, a.y - b.y}; }
double dot(Vector a, Vector b) { return a.x * b.x + a.y * b.y; }
double cross(Vector a, Vector b) { return a.x * b.y - a.y * b.x; }

/// Metres a degree of longitude and of latitude are long at a latitude.
LonLat metres_a_degree(double latitude) {
  const geod_geodesic& ellipsoid = grs80();
  const double radian = std::numbers::pi / 180;
  const double e2 = ellipsoid.f * (2 - ellipsoid.f);
  const double w = std::sqrt(1 - e2 * std::pow(std::sin(latitude * radian), 2));
  return {ellipsoid.a / w * std::cos(latitude * radian) * radian, ellipsoid.a * (1 - e2) / (w * w * w) * radian};
}

/// An edge of a ring in the plane.
struct Edge {
  Vector from, to;
  std::size_t ring, index;
  [[nodiscard]] double bottom() const { return std::min(from.y, to.y); }
  [[nodiscard]] double top() const { return std::max(from.y, to.y); }
};

/// A part of an edge, 0 its beginning and 1 its end.
struct Part {
  double from, to;
  [[nodiscard]] bool empty() const { return from > to; }
};
constexpr Part kNothing = {1, 0};

Part both(Part a, Part b) { return {std::max(a.from, b.from), std::min(a.to, b.to)}; }

/// Where low <= start + slope·u <= high.
Part between(double start, double slope, double low, double high) {
  if (slope == 0) return start >= low && start <= high ? Part{0, 1} : kNothing;
  const double u = (low - start) / slope;
  const double v = (high - start) / slope;
  return {std::min(u, v), std::max(u, v)};
}

/// Where an edge is within a radius of a point.
Part near_point(const Edge& e, Vector p, double radius) {
  const Vector d = e.to - e.from;
  const Vector to_start = e.from - p;
  const double a = dot(d, d);
  const double b = dot(d, to_start);
  const double under = b * b - a * (dot(to_start, to_start) - radius * radius);
  if (under < 0) return kNothing;
  const double root = std::sqrt(under);
  return {(-b - root) / a, (-b + root) / a};
}

/// Where edge e is no further than a distance from edge f. What is within it of f is convex, so it is one part: of what is beside f, and
/// of what is around its ends, from the first to the last.
Part near_edge(const Edge& e, const Edge& f, double distance) {
  const Vector along = f.to - f.from;
  const double length = std::sqrt(dot(along, along));
  const Vector d = e.to - e.from;
  const Vector start = e.from - f.from;
  const Part beside = both(between(cross(along, start) / length, cross(along, d) / length, -distance, distance), between(dot(along, start) / length, dot(along, d) / length, 0, length));
  Part out = kNothing;
  for (const Part& part : {beside, near_point(e, f.from, distance), near_point(e, f.to, distance)}) {
    if (part.empty()) continue;
    out = out.empty() ? part : Part{std::min(out.from, part.from), std::max(out.to, part.to)};
  }
  return both(out, {0, 1});
}

/// Edges of an area in a box, in the plane, in the order of its rings.
std::vector<Edge> edges_in(const Outline& area, LonLat low, LonLat high, LonLat scale) {
  std::vector<Edge> out;
  for (std::size_t r = 0; r < area.rings.size(); ++r) {
    const auto& ring = area.rings[r];
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      const LonLat p = ring[i];
      const LonLat q = ring[i + 1];
      if (std::max(p.lon, q.lon) < low.lon || std::min(p.lon, q.lon) > high.lon || std::max(p.lat, q.lat) < low.lat || std::min(p.lat, q.lat) > high.lat) continue;
      if (p.lon == q.lon && p.lat == q.lat) continue;
      out.push_back({{(p.lon - low.lon) * scale.lon, (p.lat - low.lat) * scale.lat}, {(q.lon - low.lon) * scale.lon, (q.lat - low.lat) * scale.lat}, r, i});
    }
  }
  return out;
}

/// The edges of another area, sorted so that those at a height are found without looking at all.
class Wall {
 public:
  explicit Wall(std::vector<Edge> edges) : edges_(std::move(edges)) {
    std::ranges::sort(edges_, {}, &Edge::bottom);
    for (const Edge& e : edges_) tallest_ = std::max(tallest_, e.top() - e.bottom());
  }

  /// The parts of an edge that are within a distance of the wall, merged.
  void near(const Edge& e, double distance, std::vector<Part>& parts) const {
    parts.clear();
    const double left = std::min(e.from.x, e.to.x) - distance;
    const double right = std::max(e.from.x, e.to.x) + distance;
    const auto first = std::ranges::lower_bound(edges_, e.bottom() - distance - tallest_, {}, &Edge::bottom);
    for (auto f = first; f != edges_.end() && f->bottom() <= e.top() + distance; ++f) {
      if (f->top() < e.bottom() - distance || std::max(f->from.x, f->to.x) < left || std::min(f->from.x, f->to.x) > right) continue;
      const Part part = near_edge(e, *f, distance);
      if (!part.empty()) parts.push_back(part);
    }
    std::ranges::sort(parts, {}, &Part::from);
    std::size_t kept = 0;
    for (const Part& part : parts) {
      if (kept > 0 && part.from <= parts[kept - 1].to) {
        parts[kept - 1].to = std::max(parts[kept - 1].to, part.to);
      } else {
        parts[kept++] = part;
      }
    }
    parts.resize(kept);
  }

 private:
  std::vector<Edge> edges_;
  double tallest_ = 0;
};

/// Where borders part within an edge, one stays within the tolerance of the other for a while. Their distance grows evenly from where
/// they really part, so that is found from where they are a tolerance and a tenth of one apart. Where they never are as near as that,
/// nothing is known of it.
void trim(std::vector<Part>& parts, const std::vector<Part>& finer) {
  const double beyond = 1 / (kFiner - 1);
  for (Part& part : parts) {
    Part inner = kNothing;
    for (const Part& f : finer) {
      if (f.from >= part.from && f.to <= part.to) inner = inner.empty() ? f : Part{inner.from, f.to};
    }
    if (inner.empty()) continue;
    const double from = part.from > 0 ? inner.from + (inner.from - part.from) * beyond : 0;
    const double to = part.to < 1 ? inner.to - (part.to - inner.to) * beyond : 1;
    part = from <= to ? Part{from, to} : Part{(from + to) / 2, (from + to) / 2};
  }
}

/// A piece of a ring that lies along the other border: from and to count edges.
struct Stretch {
  std::size_t ring;
  double from, to, metres;
};

/// Joins what meets at a vertex, at that between the last edge of a ring and its first too.
std::vector<Stretch> joined(const std::vector<Stretch>& pieces, const Outline& area) {
  std::vector<Stretch> out;
  std::size_t ring_begin = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Stretch& piece = pieces[i];
    if (!out.empty() && out.back().ring == piece.ring && out.back().to == piece.from) {
      out.back().to = piece.to;
      out.back().metres += piece.metres;
    } else {
      if (out.empty() || out.back().ring != piece.ring) ring_begin = out.size();
      out.push_back(piece);
    }
    const bool ring_ends = i + 1 == pieces.size() || pieces[i + 1].ring != piece.ring;
    Stretch& first = out[ring_begin];
    if (ring_ends && out.size() > ring_begin + 1 && first.from == 0 && out.back().to == static_cast<double>(area.rings[piece.ring].size() - 1)) {
      first.metres += out.back().metres;
      out.pop_back();
    }
  }
  return out;
}

/// What one area's border has along the other's wall.
SharedBorder along(const Outline& area, const std::vector<Edge>& edges, const Wall& wall, double tolerance) {
  const geod_geodesic& ellipsoid = grs80();
  std::vector<Stretch> pieces;
  std::vector<Part> parts;
  std::vector<Part> finer;
  for (const Edge& e : edges) {
    wall.near(e, tolerance, parts);
    if (parts.empty()) continue;
    if (parts.front().from > 0 || parts.back().to < 1) {
      wall.near(e, tolerance / kFiner, finer);
      trim(parts, finer);
    }
    const LonLat p = area.rings[e.ring][e.index];
    const LonLat q = area.rings[e.ring][e.index + 1];
    double length = 0;
    geod_inverse(&ellipsoid, p.lat, p.lon, q.lat, q.lon, &length, nullptr, nullptr);
    const auto at = static_cast<double>(e.index);
    for (const Part& part : parts) pieces.push_back({e.ring, at + part.from, at + part.to, (part.to - part.from) * length});
  }
  SharedBorder out{!pieces.empty(), 0};
  for (const Stretch& stretch : joined(pieces, area)) {
    if (stretch.metres >= kCornerTolerances * tolerance) out.metres += stretch.metres;
  }
  return out;
}

}  // namespace

LonLat degrees_of(double metres, double latitude) {
  const LonLat scale = metres_a_degree(latitude);
  return {metres / scale.lon, metres / scale.lat};
}

SharedBorder shared_border(const Outline& a, const Outline& b, double tolerance) {
  LonLat low{std::max(a.low.lon, b.low.lon), std::max(a.low.lat, b.low.lat)};
  LonLat high{std::min(a.high.lon, b.high.lon), std::min(a.high.lat, b.high.lat)};
  const LonLat scale = metres_a_degree((low.lat + high.lat) / 2);
  const LonLat margin{2 * tolerance / scale.lon, 2 * tolerance / scale.lat};
  low = {low.lon - margin.lon, low.lat - margin.lat};
  high = {high.lon + margin.lon, high.lat + margin.lat};
  if (low.lon > high.lon || low.lat > high.lat) return {};
  const std::vector<Edge> edges_a = edges_in(a, low, high, scale);
  const std::vector<Edge> edges_b = edges_in(b, low, high, scale);
  if (edges_a.empty() || edges_b.empty()) return {};
  const SharedBorder of_a = along(a, edges_a, Wall(edges_b), tolerance);
  const SharedBorder of_b = along(b, edges_b, Wall(edges_a), tolerance);
  return {of_a.touches || of_b.touches, (of_a.metres + of_b.metres) / 2};
}

}  // namespace gridward::geo
