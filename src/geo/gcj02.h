#pragma once

namespace gridward::geo {

struct LonLat {
  double lon = 0, lat = 0;  // degrees
};

/// GCJ-02 (the system of Chinese internet maps) and BD-09 (Baidu's) to CGCS2000, by the well-known public approximation and
/// fixed-point iteration: four steps agree with the forward formula to 1.3 um. Outside China both are the identity.
/// How far the approximation is from the official algorithm is not public: for import and display, never for measuring.
[[nodiscard]] LonLat from_gcj02(LonLat p);
[[nodiscard]] LonLat from_bd09(LonLat p);
/// The forward formula, which the iteration inverts.
[[nodiscard]] LonLat to_gcj02(LonLat p);

}  // namespace gridward::geo
