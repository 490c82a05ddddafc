#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "map/wkb.h"

namespace gridward::map {

/// A raster in a plane of metres: rows from the north, columns from the west, pixels square.
struct Raster {
  double west = 0, north = 0;  // the corner
  double spacing = 1;
  std::size_t columns = 0, rows = 0;
  [[nodiscard]] std::size_t size() const { return columns * rows; }
};

/// How much of each pixel lies in a region of valid polygons, from 0 to 1, exactly. The raster encloses the region.
[[nodiscard]] std::vector<double> coverage(std::span<const Polygon> polygons, const Raster& raster);

struct WeightedPoint {
  double x = 0, y = 0, weight = 1;
};

/// What makes up for the part of a kernel that lies outside the region. With e(u) the part inside of a kernel at u:
/// uniform divides the density at u by e(u), so that an even spread stays even up to the border; jones_diggle divides what each point gives by e at the point, so that
/// the integral over the region is the sum of weights (Diggle 1985; Jones 1993).
enum class EdgeCorrection { none, uniform, jones_diggle };

/// Gaussian kernel density: for each pixel the mean over it, by square metre; NaN where nothing of it is in the region. `bandwidth` is the kernel's standard deviation in metres,
/// which is cut off at 5 of them. Points outside the region must have been left out. Sum over pixels of density · covered area is the sum of weights, with jones_diggle exactly.
[[nodiscard]] std::vector<double> kernel_density(std::span<const WeightedPoint> points, const Raster& raster, std::span<const double> covered, double bandwidth, EdgeCorrection correction);

/// What kernels with a bandwidth for each point put into each pixel, inside the region and beyond; with jones_diggle such that inside it is the weight. Not with the uniform correction,
/// which knows one bandwidth.
[[nodiscard]] std::vector<double> kernel_mass(std::span<const WeightedPoint> points, std::span<const double> bandwidths, const Raster& raster, std::span<const double> covered, EdgeCorrection correction);
/// The density that they are.
[[nodiscard]] std::vector<double> kernel_density(std::span<const WeightedPoint> points, std::span<const double> bandwidths, const Raster& raster, std::span<const double> covered,
                                                 EdgeCorrection correction);

/// Sum over pixels of density · covered area.
[[nodiscard]] double integral(const Raster& raster, std::span<const double> density, std::span<const double> covered);

/// Scott's rule for two dimensions: the geometric mean of the standard deviations along x and y times n^(-1/6), where n is (Σw)²/Σw². NaN for less than two points, 0
/// when they are all in one place.
[[nodiscard]] double scott_bandwidth(std::span<const WeightedPoint> points);

}  // namespace gridward::map
