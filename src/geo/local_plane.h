#pragma once

#include <memory>
#include <string>

#include "geo/gcj02.h"

namespace gridward::geo {

struct PlanePoint {
  double x = 0, y = 0;  // metres eastwards and northwards
};

/// A plane in metres around a place: transverse Mercator on GRS80 with its central meridian there, true to scale on it (PROJ). Within 50 km of it lengths
/// are right to 1 : 30,000. Not for several threads at once.
class LocalPlane {
 public:
  explicit LocalPlane(LonLat centre);
  [[nodiscard]] PlanePoint to_plane(LonLat at) const;
  [[nodiscard]] LonLat to_degrees(PlanePoint at) const;
  /// How PROJ names it.
  [[nodiscard]] const std::string& definition() const { return definition_; }

 private:
  struct Transform;
  struct Free {
    void operator()(Transform* t) const;
  };
  std::string definition_;
  std::unique_ptr<Transform, Free> transform_;
};

}  // namespace gridward::geo
