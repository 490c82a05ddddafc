#pragma once

#include <string>

namespace gridward {

/// Tiles that others serve, on which the page may draw its map. All are cut by the grid of EPSG:3857, which is what a map in a browser is drawn in.
struct Basemap {
  std::string name;         // by which people choose it
  bool gcj02 = false;       // what it shows stands where GCJ-02 puts it, some hundred metres away
  std::string url;          // of a tile, with {z}, {x} and {y}; begins with a slash where it is below our own address
  bool from_south = false;  // rows are counted from the south (TMS)
  int min_zoom = 0, max_zoom = 18;
  int tile_pixels = 256;
  std::string credit;  // shown with it, such as 审图号
};

}  // namespace gridward
