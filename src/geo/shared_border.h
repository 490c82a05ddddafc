#pragma once

#include <vector>

#include "geo/gcj02.h"

namespace gridward::geo {

/// The rings of an area, holes too, each closed (the last point is the first), and the box around them, in degrees.
struct Outline {
  std::vector<std::vector<LonLat>> rings;
  LonLat low, high;
};

/// What two areas have in common.
struct SharedBorder {
  bool touches = false;  // somewhere they are no further apart than the tolerance
  double metres = 0;     // geodesic, on GRS80, the mean of what each border has of it
};

/// The border that two areas share, as contiguity() defines it. tolerance in metres, > 0. Distances are taken in a plane that is true to
/// scale where the boxes of the two meet.
[[nodiscard]] SharedBorder shared_border(const Outline& a, const Outline& b, double tolerance);

/// Degrees of longitude and latitude that are at least so many metres at a latitude.
[[nodiscard]] LonLat degrees_of(double metres, double latitude);

}  // namespace gridward::geo
