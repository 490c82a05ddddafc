#include "geo/inscribed.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
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
