#pragma once

#include <optional>
#include <string>
#include <vector>

#include "geo/shared_border.h"

namespace gridward::geo {

/// A circle on the ground.
struct Circle {
  LonLat centre;
  double radius_m = 0;
};

/// The largest circle in a polygon (its first ring the shell, the others holes); twice its radius is how wide the polygon is. Its centre is a vertex
/// of the Voronoi diagram of the polygon's edges (Boost.Polygon), so that a sliver of kilometres is measured as exactly as a square. In a plane that
/// is true to scale at the polygon's middle, on a grid of a billionth of its extent; nullopt where nothing is left of the polygon on it.
[[nodiscard]] std::optional<Circle> largest_circle(const Outline& polygon);

/// Metres that no circle in a polygon is wider than: its longest chord in the one of eight directions in which that is shortest, as a circle has its diameter in each. Found much
/// sooner than the circle, so that of thousands of slivers few are to be measured. Infinite for a polygon of hundreds of edges, where it is not sooner.
[[nodiscard]] double most_width(const Outline& polygon);

/// The geodesic area of a polygon in m2 on GRS80: of its shell without its holes.
[[nodiscard]] double geodesic_area(const Outline& polygon);

/// The polygons of a WKB polygon or multipolygon in degrees; none where it is empty or not one.
[[nodiscard]] std::vector<Outline> polygons_of(const std::string& wkb);

}  // namespace gridward::geo
