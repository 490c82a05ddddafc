#pragma once

#include <string>
#include <vector>

#include "map/wkb.h"

namespace gridward::map {

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// A MultiPolygon, each polygon its outer ring and its holes, as little-endian WKB.
inline std::string wkb(const std::vector<Polygon>& polygons) {
  std::string out;
  const auto head = [&](std::uint32_t type, std::size_t count) {
    put<std::uint8_t>(out, 1);
    put(out, type);
    put(out, static_cast<std::uint32_t>(count));
  };
  head(6, polygons.size());
  for (const auto& rings : polygons) {
    head(3, rings.size());
    for (const auto& ring : rings) {
      put(out, static_cast<std::uint32_t>(ring.size()));
      for (const Point& p : ring) put(out, p);
    }
  }
  return out;
}

}  // namespace gridward::map
