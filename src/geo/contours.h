#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "geo/local_plane.h"

namespace gridward::geo {

/// Values in the middles of the pixels of a raster in a plane, rows from the north.
struct PlaneRaster {
  double west = 0, north = 0, spacing = 1;  // its corner and the side of a pixel in metres
  std::size_t columns = 0, rows = 0;
  std::span<const float> values;
};
/// A shell and its holes, each closed.
using PlanePolygon = std::vector<std::vector<PlanePoint>>;

/// Where values lie between two breaks, or below the first or beyond the last of them: `break_index` is that of the lower one, -1 below the first.
struct Isoband {
  int break_index = -1;
  std::vector<PlanePolygon> polygons;
};
/// Where they are that of a break.
struct Isoline {
  int break_index = 0;
  std::vector<std::vector<PlanePoint>> lines;
};

/// The land of each band, by GDAL's contour generator, cut to a region (valid polygons; GEOS). The raster reaches beyond the region by a pixel. Bands tile the region; empty ones are left
/// out. Throws std::runtime_error when GDAL cannot.
[[nodiscard]] std::vector<Isoband> isobands(const PlaneRaster& raster, std::span<const double> breaks, const std::vector<PlanePolygon>& region);
/// Its lines, cut likewise.
[[nodiscard]] std::vector<Isoline> isolines(const PlaneRaster& raster, std::span<const double> breaks, const std::vector<PlanePolygon>& region);
/// The part of a region where a raster is at least so much.
[[nodiscard]] std::vector<PlanePolygon> region_from(const PlaneRaster& raster, double least, const std::vector<PlanePolygon>& region);

}  // namespace gridward::geo
