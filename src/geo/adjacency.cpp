#include "geo/adjacency.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>

#include "base/in_parallel.h"
#include "geo/ellipsoid.h"
#include "geo/geos_shapes.h"
#include "geo/shared_border.h"

namespace gridward::geo {
namespace {

void link(Adjacency& out, std::size_t a, std::size_t b, double metres) {
  out.contacts[a].push_back({b, metres});
  out.contacts[b].push_back({a, metres});
}

/// Two areas that come near each other.
struct Pair {
  std::size_t a, b;
  SharedBorder border;
};

/// The border of each pair, by as many threads as the machine has: a map of 20,000 villages has 80,000 of them.
void find_borders(const std::vector<Outline>& outlines, double tolerance, std::vector<Pair>& pairs) {
  in_blocks(pairs.size(), 256, 0, [&](std::size_t first, std::size_t last) {
    for (std::size_t k = first; k < last; ++k) pairs[k].border = shared_border(outlines[pairs[k].a], outlines[pairs[k].b], tolerance);
  });
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
  const auto read_shapes = read_polygons(geos, shapes);
  if (!read_shapes) return fail(read_shapes.error());
  const Boxes boxes(geos, *read_shapes);
  std::vector<Outline> outlines;
  for (const Geometry& shape : *read_shapes) outlines.push_back(shape ? outline_of(geos, shape.get()) : Outline{});
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (outlines[i].rings.empty()) continue;
    for (const std::size_t j : boxes.near(outlines[i], options.tolerance))
      if (j > i) pairs.push_back({i, j, {}});
  }
  find_borders(outlines, options.tolerance, pairs);
  Adjacency out;
  out.contacts.resize(shapes.size());
  for (const Pair& p : pairs)
    if (options.kind == Contiguity::rook ? p.border.metres >= options.min_shared : p.border.touches) link(out, p.a, p.b, p.border.metres);
  finish(out, [&](std::size_t i) { return !outlines[i].rings.empty(); });
  return out;
}

Result<std::vector<std::optional<LonLat>>> representative_points(std::span<const std::string> shapes) {
  const Context context(GEOS_init_r());
  const GEOSContextHandle_t geos = context.get();
  const auto read_shapes = read_polygons(geos, shapes);
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
