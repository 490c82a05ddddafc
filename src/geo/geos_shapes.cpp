#include "geo/geos_shapes.h"

#include <algorithm>
#include <cmath>

namespace gridward::geo {
namespace {

struct DestroyReader {
  GEOSContextHandle_t context;
  void operator()(GEOSWKBReader* reader) const { GEOSWKBReader_destroy_r(context, reader); }
};
using Reader = std::unique_ptr<GEOSWKBReader, DestroyReader>;

void add_ring(GEOSContextHandle_t geos, const GEOSGeometry* ring, Outline& out) {
  const GEOSCoordSequence* points = GEOSGeom_getCoordSeq_r(geos, ring);
  unsigned size = 0;
  GEOSCoordSeq_getSize_r(geos, points, &size);
  std::vector<double> pairs(2 * std::size_t{size});
  GEOSCoordSeq_copyToBuffer_r(geos, points, pairs.data(), 0, 0);
  out.rings.emplace_back();
  for (std::size_t i = 0; i < size; ++i) {
    const LonLat p{pairs[2 * i], pairs[2 * i + 1]};
    out.rings.back().push_back(p);
    out.low = {std::min(out.low.lon, p.lon), std::min(out.low.lat, p.lat)};
    out.high = {std::max(out.high.lon, p.lon), std::max(out.high.lat, p.lat)};
  }
}

}  // namespace

Result<std::vector<Geometry>> read_polygons(GEOSContextHandle_t geos, std::span<const std::string> shapes) {
  const Reader reader(GEOSWKBReader_create_r(geos), {geos});
  std::vector<Geometry> out;
  for (const std::string& wkb : shapes) {
    Geometry g(nullptr, {geos});
    if (!wkb.empty()) {
      g.reset(GEOSWKBReader_read_r(geos, reader.get(), reinterpret_cast<const unsigned char*>(wkb.data()), wkb.size()));
      const int type = g ? GEOSGeomTypeId_r(geos, g.get()) : -1;
      if (type != GEOS_POLYGON && type != GEOS_MULTIPOLYGON) return fail(Errc::invalid_argument, "shape " + std::to_string(out.size()) + " is not the WKB of a polygon");
      if (GEOSisEmpty_r(geos, g.get()) != 0) g.reset();
    }
    out.push_back(std::move(g));
  }
  return out;
}

Outline outline_of(GEOSContextHandle_t geos, const GEOSGeometry* shape) {
  Outline out{{}, {180, 90}, {-180, -90}};
  for (int part = 0; part < GEOSGetNumGeometries_r(geos, shape); ++part) {
    const GEOSGeometry* polygon = GEOSGetGeometryN_r(geos, shape, part);
    add_ring(geos, GEOSGetExteriorRing_r(geos, polygon), out);
    for (int hole = 0; hole < GEOSGetNumInteriorRings_r(geos, polygon); ++hole) add_ring(geos, GEOSGetInteriorRingN_r(geos, polygon, hole), out);
  }
  return out;
}

Boxes::Boxes(GEOSContextHandle_t geos, const std::vector<Geometry>& shapes) : geos_(geos), tree_(GEOSSTRtree_create_r(geos, 10), {geos}), numbers_(shapes.size()) {
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    numbers_[i] = i;
    if (shapes[i]) GEOSSTRtree_insert_r(geos, tree_.get(), shapes[i].get(), &numbers_[i]);
  }
}

std::vector<std::size_t> Boxes::near(const Outline& area, double metres) const {
  const LonLat margin = degrees_of(metres, std::max(std::abs(area.low.lat), std::abs(area.high.lat)));
  const Geometry box(GEOSGeom_createRectangle_r(geos_, area.low.lon - margin.lon, area.low.lat - margin.lat, area.high.lon + margin.lon, area.high.lat + margin.lat), {geos_});
  std::vector<std::size_t> out;
  const auto take = [](void* item, void* list) { static_cast<std::vector<std::size_t>*>(list)->push_back(*static_cast<std::size_t*>(item)); };
  GEOSSTRtree_query_r(geos_, tree_.get(), box.get(), take, &out);
  std::ranges::sort(out);
  return out;
}

}  // namespace gridward::geo
