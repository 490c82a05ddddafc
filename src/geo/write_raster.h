#pragma once

#include <string>

#include "geo/contours.h"

namespace gridward::geo {

/// A raster as a Cloud Optimized GeoTIFF (GDAL's COG driver): one band of 32-bit numbers with its unit and a description, NaN as no data. `crs` as PROJ names it; `metadata`: names and
/// values that it carries. Throws std::runtime_error when GDAL cannot.
[[nodiscard]] std::string write_geotiff(const PlaneRaster& raster, const std::string& crs, const std::string& description, const std::string& unit,
                                        const std::vector<std::pair<std::string, std::string>>& metadata);

}  // namespace gridward::geo
