#pragma once

#include <geodesic.h>

namespace gridward::geo {

/// GRS80, the ellipsoid of CGCS2000, for PROJ's geodesics. Made once: its series take longer than a short geodesic.
[[nodiscard]] inline const geod_geodesic& grs80() {
  static const geod_geodesic ellipsoid = [] {
    geod_geodesic out;
    geod_init(&out, 6378137.0, 1 / 298.257222101);
    return out;
  }();
  return ellipsoid;
}

}  // namespace gridward::geo
