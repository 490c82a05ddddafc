#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "map/surface.h"

namespace gridward::map {

/// A quantity known in the middle of each pixel of a raster, whose pixels are a quarter of a bandwidth or less: read between them, it is that of the kernels to 3 in 10,000
/// of the height of one.
struct Field {
  Raster lattice;
  std::vector<float> values;

  /// At a place, by cubic (Lagrange) interpolation of the sixteen values around it; 0 where they are not all there.
  [[nodiscard]] double at(double x, double y) const;
  [[nodiscard]] std::size_t bytes() const { return sizeof *this + values.size() * sizeof(float); }
};

/// How many pixels a lattice has beyond the land, so that all of it can be read.
inline constexpr double kLatticeMargin = 3;

/// The part inside the region of a Gaussian kernel in the middle of each pixel; `covered` as from coverage().
[[nodiscard]] std::vector<double> part_inside(const Raster& raster, std::span<const double> covered, double bandwidth);
/// The same to be read at any place.
[[nodiscard]] Field part_inside_field(std::span<const Polygon> polygons, const Raster& lattice, double bandwidth);

/// Gaussian kernel density by square kilometre, as kernel_density() but at places instead of in the mean of pixels. However many points there are, what comes after their
/// first look costs the same: each is laid onto the sixteen nodes around it such that their moments up to the third are its own, and the nodes are smoothed along x, then along y.
/// `inside`: part_inside_field() of the same lattice; nullptr with EdgeCorrection::none. Points lie in the region, the lattice is around it with its margin.
[[nodiscard]] Field density_field(std::span<const WeightedPoint> points, const Raster& lattice, const Field* inside, double bandwidth, EdgeCorrection correction);

/// The same with a bandwidth for each point; not with the uniform correction. Costs as many pixels as each kernel reaches.
[[nodiscard]] Field adaptive_field(std::span<const WeightedPoint> points, std::span<const double> bandwidths, std::span<const Polygon> polygons, const Raster& lattice, EdgeCorrection correction);

}  // namespace gridward::map
