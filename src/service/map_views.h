#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/colour_scale.h"
#include "geo/canvas.h"
#include "map/sheet.h"
#include "service/heat_surface.h"
#include "service/layer.h"

namespace gridward::service {

/// A density surface as it is seen: of the cell that is shown, in a scale of colours.
struct HeatView {
  HeatAsked asked;
  ColourScale scale;
};

/// A map view as it is taken out on paper.
struct MapAsked {
  LayerAsked layer;  // of cells: with one measure; risk, hotspots, key_regions. Its figures name the cell that is shown (within)
  std::optional<map::DegreeBox> view;  // what is shown; none: all of the cell
  std::optional<HeatView> heat;        // a surface instead of classes of cells
  std::vector<std::string> points;     // layers of points drawn over it: enterprises, hazards
  std::vector<double> limits;          // of the classes, in place of those of the unit
  std::string title, classification, review_number;
  map::Paper paper;
  geo::Canvas::Kind kind = geo::Canvas::Kind::png;
  double dots_per_inch = 150;
  std::string made_by;  // of a PDF's author: this server
};

/// A map of a cell as PNG or PDF. rule_violated where nothing of it has a shape on the day of the map, or where no font of this machine has some character
/// of it; else the errors of figures(), hotspots(), key_regions() or make_contours().
Result<std::string> draw_map(TileSources& sources, HeatSources& heat, const Principal& who, const MapAsked& asked);

}  // namespace gridward::service
