#include "geo/grid_polygon.h"

#include <cmath>
#include <memory>
#include <stdexcept>

#include <geos_c.h>

namespace gridward::geo {
namespace {

/// GEOS of this thread.
GEOSContextHandle_t context() {
  struct Context {
    GEOSContextHandle_t handle = GEOS_init_r();
    ~Context() { GEOS_finish_r(handle); }
  };
  thread_local const Context one;
  return one.handle;
}

struct Destroy {
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(context(), g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, Destroy>;

Geometry owned(GEOSGeometry* g) {
  if (g == nullptr) throw std::runtime_error("GEOS has no answer");
  return Geometry(g);
}

Geometry to_ring(const std::vector<GridPoint>& points) {
  GEOSCoordSequence* sequence = GEOSCoordSeq_create_r(context(), static_cast<unsigned>(points.size()), 2);
  for (unsigned i = 0; i < points.size(); ++i) GEOSCoordSeq_setXY_r(context(), sequence, i, points[i].x, points[i].y);
  return owned(GEOSGeom_createLinearRing_r(context(), sequence));
}

Geometry to_geometry(const GridPolygon& polygon) {
  Geometry shell = to_ring(polygon.front());
  std::vector<Geometry> holes;
  std::vector<GEOSGeometry*> raw;
  for (std::size_t i = 1; i < polygon.size(); ++i) holes.push_back(to_ring(polygon[i]));
  for (auto& hole : holes) raw.push_back(hole.release());
  return owned(GEOSGeom_createPolygon_r(context(), shell.release(), raw.data(), static_cast<unsigned>(raw.size())));
}

/// A ring rounded to the grid; empty when less than a triangle is left of it.
std::vector<GridPoint> to_points(const GEOSGeometry* ring) {
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(context(), ring);
  unsigned n = 0;
  GEOSCoordSeq_getSize_r(context(), sequence, &n);
  std::vector<GridPoint> out;
  for (unsigned i = 0; i < n; ++i) {
    double x = 0, y = 0;
    GEOSCoordSeq_getXY_r(context(), sequence, i, &x, &y);
    const GridPoint p{static_cast<std::int32_t>(std::lround(x)), static_cast<std::int32_t>(std::lround(y))};
    if (out.empty() || out.back() != p) out.push_back(p);
  }
  if (out.size() < 4) out.clear();
  return out;
}

/// The polygons of a geometry of any kind; lines and points in it are dropped.
void collect(const GEOSGeometry* g, std::vector<GridPolygon>& out) {
  const int type = GEOSGeomTypeId_r(context(), g);
  if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
    for (int i = 0; i < GEOSGetNumGeometries_r(context(), g); ++i) collect(GEOSGetGeometryN_r(context(), g, i), out);
  } else if (type == GEOS_POLYGON && GEOSisEmpty_r(context(), g) == 0) {
    GridPolygon polygon{to_points(GEOSGetExteriorRing_r(context(), g))};
    if (polygon.front().empty()) return;
    for (int i = 0; i < GEOSGetNumInteriorRings_r(context(), g); ++i) {
      auto hole = to_points(GEOSGetInteriorRingN_r(context(), g, i));
      if (!hole.empty()) polygon.push_back(std::move(hole));
    }
    out.push_back(std::move(polygon));
  }
}

Geometry made_valid(const GEOSGeometry* g) {
  struct Free {
    void operator()(GEOSMakeValidParams* p) const { GEOSMakeValidParams_destroy_r(context(), p); }
  };
  const std::unique_ptr<GEOSMakeValidParams, Free> params(GEOSMakeValidParams_create_r(context()));
  GEOSMakeValidParams_setMethod_r(context(), params.get(), GEOS_MAKE_VALID_STRUCTURE);
  return owned(GEOSMakeValidWithParams_r(context(), g, params.get()));
}

/// Polygons of a geometry on the grid, made valid until rounding breaks nothing any more; what is still broken then is dropped.
std::vector<GridPolygon> on_grid(const GEOSGeometry* g) {
  std::vector<GridPolygon> rest, out;
  collect(g, rest);
  for (int round = 0; round < 4 && !rest.empty(); ++round) {
    std::vector<GridPolygon> broken;
    for (GridPolygon& polygon : rest) {
      if (is_valid(polygon)) out.push_back(std::move(polygon));
      else collect(made_valid(to_geometry(polygon).get()).get(), broken);
    }
    rest = std::move(broken);
  }
  return out;
}

}  // namespace

bool is_valid(const GridPolygon& polygon) { return GEOSisValid_r(context(), to_geometry(polygon).get()) == 1; }

std::vector<GridPolygon> make_valid(const GridPolygon& polygon) { return on_grid(made_valid(to_geometry(polygon).get()).get()); }

std::vector<GridPolygon> clip(const GridPolygon& polygon, const GridBox& box) {
  return on_grid(owned(GEOSClipByRect_r(context(), to_geometry(polygon).get(), box.west, box.north, box.east, box.south)).get());
}

}  // namespace gridward::geo
