#pragma once

#include <ogr_geometry.h>

#include "geo/vector_file.h"
#include "geo/way.h"

namespace gridward::geo {

/// Puts a geometry into the feature: flat, linear, in the storage system, polygons as MultiPolygon with their geodesic area. What cannot be used
/// is said in `out.problem`. With `repair` invalid polygons are made valid (GEOS, method "structure").
void take_geometry(const OGRGeometry& source, const Way& way, bool repair, Feature& out);

}  // namespace gridward::geo
