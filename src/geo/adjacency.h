#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "geo/gcj02.h"

namespace gridward::geo {

/// A neighbour of an area, by index.
struct Contact {
  std::size_t to = 0;
  double metres = 0;  // of shared border (contiguity), or between the points (distance_band); geodesic, on GRS80
};

/// Who is whose neighbour. If j is among the contacts of i, then i is among those of j, with the same length.
struct Adjacency {
  std::vector<std::vector<Contact>> contacts;  // of each area, by rising index
  std::vector<std::size_t> islands;            // with a place, but without a neighbour
  std::vector<std::size_t> without_place;      // no shape, no point: they can have none
};

enum class Contiguity {
  rook,   // a shared border of at least min_shared
  queen,  // any contact, a corner too
};

struct ContiguityOptions {
  Contiguity kind = Contiguity::rook;
  double min_shared = 10;  // m
  double tolerance = 1;    // m: borders no further apart than this are the same
};

/// The contiguity of areas of one day. `shapes` are polygons or multipolygons as WKB in degrees (EPSG:4490), "" where an area has none.
///
/// Borders need not have the same vertices: what is counted as shared is the length of each border that lies within the tolerance of the
/// other, the mean of both. A stretch shorter than four tolerances is a corner, and counts as 0 m. A longer one ends where borders part:
/// where they coincide, to millimetres, and seldom to more than two tolerances; elsewhere to a tolerance or two, more where they part at a
/// sharp angle. Areas that overlap or stand apart by more than the tolerance are not neighbours. The antimeridian is not crossed.
///
/// invalid_argument: bytes that are no polygon (which area), a tolerance not above 0, or min_shared below four tolerances, where a corner
/// could not be told from a border.
[[nodiscard]] Result<Adjacency> contiguity(std::span<const std::string> shapes, const ContiguityOptions& options);

/// A point in each shape, in its largest part (GEOS's PointOnSurface); nullopt where there is no shape. invalid_argument as contiguity.
[[nodiscard]] Result<std::vector<std::optional<LonLat>>> representative_points(std::span<const std::string> shapes);

/// Areas whose points are at most so many metres apart. too_large with more pairs than `most`.
[[nodiscard]] Result<Adjacency> distance_band(std::span<const std::optional<LonLat>> points, double metres, std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace gridward::geo
