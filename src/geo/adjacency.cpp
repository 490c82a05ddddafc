#include "geo/adjacency.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>

#include <geos_c.h>

#include "geo/ellipsoid.h"
#include "geo/shared_border.h"

namespace gridward::geo {
namespace {

struct FinishContext {
  void operator()(GEOSContextHandle_HS* context) const { GEOS_finish_r(context); }
};
using Context = std::unique_ptr<GEOSContextHandle_HS, FinishContext>;

struct DestroyGeometry {
  GEOSContextHandle_t context;
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(context, g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, DestroyGeometry>;

struct DestroyTree {
  GEOSContextHandle_t context;
  void operator()(GEOSSTRtree* tree) const { GEOSSTRtree_destroy_r(context, tree); }
};
using Tree = std::unique_ptr<GEOSSTRtree, DestroyTree>;

struct DestroyReader {
  GEOSContextHandle_t context;
  void operator()(GEOSWKBReader* reader) const { GEOSWKBReader_destroy_r(context, reader); }
};
using Reader = std::unique_ptr<GEOSWKBReader, DestroyReader>;

/// The shapes as GEOS has them; null where there is none.
Result<std::vector<Geometry>> read(GEOSContextHandle_t geos, std::span<const std::string> shapes) {
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

Outline outline_of(GEOSContextHandle_t geos, const GEOSGeometry* shape) {
  Outline out{{}, {180, 90}, {-180, -90}};
  for (int part = 0; part < GEOSGetNumGeometries_r(geos, shape); ++part) {
    const GEOSGeometry* polygon = GEOSGetGeometryN_r(geos, shape, part);
    add_ring(geos, GEOSGetExteriorRing_r(geos, polygon), out);
    for (int hole = 0; hole < GEOSGetNumInteriorRings_r(geos, polygon); ++hole) add_ring(geos, GEOSGetInteriorRingN_r(geos, polygon, hole), out);
  }
  return out;
}

/// Finds the areas whose boxes come near a box.
class Boxes {
 public:
  Boxes(GEOSContextHandle_t geos, const std::vector<Geometry>& shapes) : geos_(geos), tree_(GEOSSTRtree_create_r(geos, 10), {geos}), numbers_(shapes.size()) {
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      numbers_[i] = i;
      if (shapes[i]) GEOSSTRtree_insert_r(geos, tree_.get(), shapes[i].get(), &numbers_[i]);
    }
  }

  /// In rising order.
  [[nodiscard]] std::vector<std::size_t> near(const Outline& area, double metres) const {
    const LonLat margin = degrees_of(metres, std::max(std::abs(area.low.lat), std::abs(area.high.lat)));
    const Geometry box(GEOSGeom_createRectangle_r(geos_, area.low.lon - margin.lon, area.low.lat - margin.lat, area.high.lon + margin.lon, area.high.lat + margin.lat), {geos_});
    std::vector<std::size_t> out;
    const auto take = [](void* item, void* list) { static_cast<std::vector<std::size_t>*>(list)->push_back(*static_cast<std::size_t*>(item)); };
    GEOSSTRtree_query_r(geos_, tree_.get(), box.get(), take, &out);
    std::ranges::sort(out);
    return out;
  }

 private:
  GEOSContextHandle_t geos_;
  Tree tree_;
  std::vector<std::size_t> numbers_;  // what the tree points to
};

void link(Adjacency& out, std::size_t a, std::size_t b, double metres) {
  out.contacts[a].push_back({b, metres});
  out.contacts[b].push_back({a, metres});
}

/// Sorts, and names those without a place and those without neighbours.
template <class HasPlace>
void finish(Adjacency& out, HasPlace has_place) {
  for (std::size_t i = 0; i < out.contacts.size(); ++i) {
    std::ranges::sort(out.contacts[i], {}, &Contact::to);
    if (!has_place(i)) {
      out.without_place.push_back(i);
    } else if (out.contacts[i].empty()) {
      out.islands.push_back(i);
    }
  }
}

/// A point on the ellipsoid in metres from its centre. The straight way between two is never longer than the geodesic.
std::array<double, 3> in_space(LonLat p) {
  const geod_geodesic& ellipsoid = grs80();
  const double radian = std::numbers::pi / 180;
  const double e2 = ellipsoid.f * (2 - ellipsoid.f);
  const double sine = std::sin(p.lat * radian);
  const double normal = ellipsoid.a / std::sqrt(1 - e2 * sine * sine);
  const double flat = normal * std::cos(p.lat * radian);
  return {flat * std::cos(p.lon * radian), flat * std::sin(p.lon * radian), normal * (1 - e2) * sine};
}

struct Placed {
  std::size_t index;
  LonLat at;
  std::array<double, 3> space;
};

double straight_squared(const Placed& a, const Placed& b) {
  double sum = 0;
  for (std::size_t k = 0; k < 3; ++k) sum += (a.space[k] - b.space[k]) * (a.space[k] - b.space[k]);
  return sum;
}

}  // namespace

Result<Adjacency> contiguity(std::span<const std::string> shapes, const ContiguityOptions& options) {
  if (!(options.tolerance > 0)) return fail(Error::field("tolerance", "must be above 0 m"));
  if (options.kind == Contiguity::rook && !(options.min_shared >= 4 * options.tolerance)) return fail(Error::field("min_shared", "must be at least four times the tolerance, or a corner would pass as a border"));
  const Context context(GEOS_init_r());
  const GEOSContextHandle_t geos = context.get();
  const auto read_shapes = read(geos, shapes);
  if (!read_shapes) return fail(read_shapes.error());
  const Boxes boxes(geos, *read_shapes);
  std::vector<Outline> outlines;
  for (const Geometry& shape : *read_shapes) outlines.push_back(shape ? outline_of(geos, shape.get()) : Outline{});
  Adjacency out;
  out.contacts.resize(shapes.size());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (outlines[i].rings.empty()) continue;
    for (const std::size_t j : boxes.near(outlines[i], options.tolerance)) {
      if (j <= i) continue;
      const SharedBorder border = shared_border(outlines[i], outlines[j], options.tolerance);
      if (options.kind == Contiguity::rook ? border.metres >= options.min_shared : border.touches) link(out, i, j, border.metres);
    }
  }
  finish(out, [&](std::size_t i) { return !outlines[i].rings.empty(); });
  return out;
}

Result<std::vector<std::optional<LonLat>>> representative_points(std::span<const std::string> shapes) {
  const Context context(GEOS_init_r());
  const GEOSContextHandle_t geos = context.get();
  const auto read_shapes = read(geos, shapes);
  if (!read_shapes) return fail(read_shapes.error());
  std::vector<std::optional<LonLat>> out;
  for (const Geometry& shape : *read_shapes) {
    out.emplace_back();
    if (!shape) continue;
    const Geometry point(GEOSPointOnSurface_r(geos, shape.get()), {geos});
    if (!point) return fail(Errc::invalid_argument, "shape " + std::to_string(out.size() - 1) + " has no point inside");
    LonLat at;
    GEOSGeomGetX_r(geos, point.get(), &at.lon);
    GEOSGeomGetY_r(geos, point.get(), &at.lat);
    out.back() = at;
  }
  return out;
}

Result<Adjacency> distance_band(std::span<const std::optional<LonLat>> points, double metres, std::size_t most) {
  const geod_geodesic& ellipsoid = grs80();
  std::vector<Placed> order;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i]) order.push_back({i, *points[i], in_space(*points[i])});
  }
  // From south to north in space, where a pair too far apart is seen without a geodesic.
  std::ranges::sort(order, {}, [](const Placed& p) { return p.space[2]; });
  Adjacency out;
  out.contacts.resize(points.size());
  std::size_t pairs = 0;
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size() && order[b].space[2] - order[a].space[2] <= metres; ++b) {
      if (straight_squared(order[a], order[b]) > metres * metres) continue;
      double distance = 0;
      geod_inverse(&ellipsoid, order[a].at.lat, order[a].at.lon, order[b].at.lat, order[b].at.lon, &distance, nullptr, nullptr);
      if (distance > metres) continue;
      if (++pairs > most) return fail(Errc::too_large, "More than " + std::to_string(most) + " pairs of areas lie within that distance: choose a smaller one.");
      link(out, order[a].index, order[b].index, distance);
    }
  }
  finish(out, [&](std::size_t i) { return points[i].has_value(); });
  return out;
}

}  // namespace gridward::geo
