#include "geo/inscribed.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include <boost/polygon/point_data.hpp>
#include <boost/polygon/segment_data.hpp>
#include <boost/polygon/voronoi.hpp>

#include "geo/ellipsoid.h"
#include "geo/geos_shapes.h"

namespace gridward::geo {
namespace {

using GridPoint = boost::polygon::point_data<std::int32_t>;
using Segment = boost::polygon::segment_data<std::int32_t>;
constexpr double kAsLarge = 1e-6;  // relative: circles that differ by less are as large
constexpr double kSteps = 1e9;  // of the grid along the longer side of a polygon's box; fits 32 bits

/// The plane of a polygon: steps of a grid from its south-west corner.
struct Grid {
  LonLat low;
  LonLat degrees;  // of a step
  double metres;   // of a step
};

Grid grid_of(const Outline& polygon) {
  const LonLat metre = degrees_of(1, (polygon.low.lat + polygon.high.lat) / 2);
  const double extent = std::max((polygon.high.lon - polygon.low.lon) / metre.lon, (polygon.high.lat - polygon.low.lat) / metre.lat);
  const double step = extent / kSteps;
  return {polygon.low, {metre.lon * step, metre.lat * step}, step};
}

Geometry ring_on(GEOSContextHandle_t geos, const std::vector<LonLat>& ring, const Grid& grid) {
  std::vector<double> pairs;
  for (const LonLat p : ring) {
    pairs.push_back((p.lon - grid.low.lon) / grid.degrees.lon);
    pairs.push_back((p.lat - grid.low.lat) / grid.degrees.lat);
  }
  return {GEOSGeom_createLinearRing_r(geos, GEOSCoordSeq_copyFromBuffer_r(geos, pairs.data(), static_cast<unsigned>(ring.size()), 0, 0)), {geos}};
}

/// The polygon with its vertices on the grid, valid: rounding can make a narrow place touch itself. Null when nothing is left.
Geometry on_grid(GEOSContextHandle_t geos, const Outline& polygon, const Grid& grid) {
  std::vector<GEOSGeometry*> holes;
  for (std::size_t i = 1; i < polygon.rings.size(); ++i) holes.push_back(ring_on(geos, polygon.rings[i], grid).release());
  const Geometry whole(GEOSGeom_createPolygon_r(geos, ring_on(geos, polygon.rings.front(), grid).release(), holes.data(), static_cast<unsigned>(holes.size())), {geos});
  if (!whole) return {nullptr, {geos}};
  return {GEOSGeom_setPrecision_r(geos, whole.get(), 1, 0), {geos}};
}

std::vector<Segment> segments_of(const Outline& rounded) {
  std::vector<Segment> out;
  const auto at = [](LonLat p) { return GridPoint(static_cast<std::int32_t>(std::lround(p.lon)), static_cast<std::int32_t>(std::lround(p.lat))); };
  for (const auto& ring : rounded.rings)
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) out.emplace_back(at(ring[i]), at(ring[i + 1]));
  return out;
}

double distance(double x, double y, const Segment& s) {
  const double dx = s.high().x() - s.low().x(), dy = s.high().y() - s.low().y();
  const double along = std::clamp(((x - s.low().x()) * dx + (y - s.low().y()) * dy) / (dx * dx + dy * dy), 0.0, 1.0);
  return std::hypot(x - s.low().x() - along * dx, y - s.low().y() - along * dy);
}

/// By the parity of the edges to the right of the point.
bool inside(double x, double y, const std::vector<Segment>& edges) {
  bool in = false;
  for (const Segment& s : edges) {
    const double y1 = s.low().y(), y2 = s.high().y();
    if ((y1 > y) != (y2 > y) && x < s.low().x() + (y - y1) / (y2 - y1) * (s.high().x() - s.low().x())) in = !in;
  }
  return in;
}

/// An edge in a plane that is turned, from west to east.
struct Turned {
  double x1, y1, x2, y2;
  [[nodiscard]] double at(double x) const { return y1 + (y2 - y1) * ((x - x1) / (x2 - x1)); }
};

/// The edges of a polygon in units of its plane, turned by an angle; those that stand upright bound no chord.
std::vector<Turned> turned(const Outline& polygon, LonLat low, LonLat unit, double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  std::vector<Turned> out;
  for (const auto& ring : polygon.rings)
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      const auto at = [&](LonLat p) {
        const double x = (p.lon - low.lon) / unit.lon, y = (p.lat - low.lat) / unit.lat;
        return std::pair(c * x - s * y, s * x + c * y);
      };
      auto a = at(ring[i]), b = at(ring[i + 1]);
      if (a > b) std::swap(a, b);
      if (a.first < b.first) out.push_back({a.first, a.second, b.first, b.second});
    }
  return out;
}

/// A strip between two vertices that follow each other from west to east: the ground in it is trapezoids. Its longest upright chord.
struct Strip {
  double west, east, chord, x, y;  // and the middle of the chord
};

std::vector<Strip> strips_of(const std::vector<Turned>& edges) {
  std::vector<double> xs;
  for (const Turned& e : edges) xs.insert(xs.end(), {e.x1, e.x2});
  std::ranges::sort(xs);
  std::vector<Strip> out;
  std::vector<std::array<double, 3>> across;  // of the edges over a strip: their height in its middle, west and east
  for (std::size_t i = 0; i + 1 < xs.size(); ++i) {
    const double west = xs[i], east = xs[i + 1];
    if (west == east) continue;
    across.clear();
    for (const Turned& e : edges)
      if (e.x1 <= west && e.x2 >= east) across.push_back({e.at((west + east) / 2), e.at(west), e.at(east)});
    std::ranges::sort(across);
    Strip& strip = out.emplace_back(Strip{west, east, 0, west, 0});
    for (std::size_t k = 0; k + 1 < across.size(); k += 2)
      for (const std::size_t side : {1U, 2U})
        if (const double chord = across[k + 1][side] - across[k][side]; chord > strip.chord) strip = {west, east, chord, side == 1 ? west : east, (across[k + 1][side] + across[k][side]) / 2};
  }
  return out;
}

double longest_chord(const std::vector<Strip>& strips) {
  double out = 0;
  for (const Strip& strip : strips) out = std::max(out, strip.chord);
  return out;
}

constexpr int kDirections = 8;
constexpr std::size_t kMostVertices = 400;  // of what is looked at from all of them

double angle_of(int direction) { return direction * std::numbers::pi / kDirections; }

std::size_t vertices_of(const Outline& polygon) {
  std::size_t out = 0;
  for (const auto& ring : polygon.rings) out += ring.size();
  return out;
}

double ring_area(const std::vector<LonLat>& ring) {
  geod_polygon polygon;
  geod_polygon_init(&polygon, 0);
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) geod_polygon_addpoint(&grs80(), &polygon, ring[i].lat, ring[i].lon);
  double area = 0;
  geod_polygon_compute(&grs80(), &polygon, 0, 1, &area, nullptr);
  return std::abs(area);
}

}  // namespace

std::optional<Circle> largest_circle(const Outline& polygon) {
  const Context context(GEOS_init_r());
  const Grid grid = grid_of(polygon);
  if (!(grid.metres > 0)) return std::nullopt;
  const Geometry rounded = on_grid(context.get(), polygon, grid);
  if (!rounded || GEOSisEmpty_r(context.get(), rounded.get()) != 0) return std::nullopt;
  const std::vector<Segment> edges = segments_of(outline_of(context.get(), rounded.get()));
  boost::polygon::voronoi_diagram<double> diagram;
  boost::polygon::construct_voronoi(edges.begin(), edges.end(), &diagram);
  struct Vertex {
    double radius, x, y;
  };
  std::vector<Vertex> vertices;
  for (const auto& v : diagram.vertices()) vertices.push_back({distance(v.x(), v.y(), edges[v.incident_edge()->cell()->source_index()]), v.x(), v.y()});
  std::ranges::sort(vertices, std::greater<>(), &Vertex::radius);
  // Of circles that are as large, as along a strip, the one furthest west: rounding is not to choose another for the same polygon.
  const Vertex* best = nullptr;
  double largest = 0;
  for (const Vertex& v : vertices) {
    if (best != nullptr && v.radius < largest * (1 - kAsLarge)) break;
    if (!inside(v.x, v.y, edges)) continue;
    if (best == nullptr) largest = v.radius;
    if (best == nullptr || std::pair(v.x, v.y) < std::pair(best->x, best->y)) best = &v;
  }
  if (best == nullptr) return std::nullopt;
  return Circle{{grid.low.lon + best->x * grid.degrees.lon, grid.low.lat + best->y * grid.degrees.lat}, largest * grid.metres};
}

double most_width(const Outline& polygon) {
  double out = std::numeric_limits<double>::infinity();
  if (vertices_of(polygon) > kMostVertices) return out;
  const LonLat metre = degrees_of(1, (polygon.low.lat + polygon.high.lat) / 2);
  for (int i = 0; i < kDirections; ++i) out = std::min(out, longest_chord(strips_of(turned(polygon, polygon.low, metre, angle_of(i)))));
  const double rounding = 10 * grid_of(polygon).metres;  // of largest_circle()
  return out + rounding;
}

double geodesic_area(const Outline& polygon) {
  double sum = 0;
  for (std::size_t i = 0; i < polygon.rings.size(); ++i) sum += i == 0 ? ring_area(polygon.rings[i]) : -ring_area(polygon.rings[i]);
  return sum;
}

std::vector<Outline> polygons_of(const std::string& wkb) {
  const Context context(GEOS_init_r());
  std::vector<Outline> out;
  const auto read = read_polygons(context.get(), {&wkb, 1});
  if (!read || !read->front()) return out;
  for (int i = 0; i < GEOSGetNumGeometries_r(context.get(), read->front().get()); ++i) out.push_back(outline_of(context.get(), GEOSGetGeometryN_r(context.get(), read->front().get(), i)));
  return out;
}

}  // namespace gridward::geo
