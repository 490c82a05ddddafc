#pragma once

#include <memory>
#include <optional>
#include <string>

#include <ogr_spatialref.h>

#include "base/result.h"
#include "base/sentence.h"
#include "geo/gcj02.h"
#include "geo/vector_file.h"

namespace gridward::geo {

struct DestroyTransform {
  void operator()(OGRCoordinateTransformation* t) const { OCTDestroyCoordinateTransformation(t); }
};
using Transform = std::unique_ptr<OGRCoordinateTransformation, DestroyTransform>;

/// How coordinates get into storage (EPSG:4490, longitude first): by PROJ, then by our own formula; either may be absent.
struct Way {
  LonLat (*move)(LonLat) = nullptr;
  Transform transform;
  std::optional<OGREnvelope> area;  // where the system is used, in degrees
  int code = 0;                     // EPSG, or 0
  double false_easting = 0;
  bool gauss_kruger = false;        // in the manner of China: 500,000 m at the central meridian, the zone's number before it or not
};

/// The way from a file's system (`own`, if it says one) or the recipe's. The error says what to give.
[[nodiscard]] Result<Way> way_from(const std::string& path, const OGRSpatialReference* own, const OpenOptions& options);

/// Whether longitudes and latitudes are on the earth, and where the system is used (within a degree).
[[nodiscard]] bool placed_right(const Way& way, const OGREnvelope& box);

/// What seems wrong with coordinates of a file that are not placed right: longitude and latitude (or easting and northing) swapped, the number of the zone
/// missing or too many. Empty where nothing better is known and they are on the earth.
[[nodiscard]] Sentence misplaced(const Way& way, double x, double y);

}  // namespace gridward::geo
