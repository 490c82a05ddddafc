#pragma once

#include <utility>
#include <vector>

#include "domain/figure.h"
#include "service/event_points.h"
#include "service/figures.h"
#include "service/overlays.h"

namespace gridward::service {

struct OverlayFigureRow {
  std::int64_t area = 0;  // 0: of the ground in none, or of all
  std::string code, name;
  std::vector<std::pair<std::string, Figure>> figures;
};
struct OverlayFigures {
  NamedOverlay overlay;
  Cell within;
  std::string at;  // the day whose areas these are
  Period period;
  std::vector<OverlayFigureRow> rows;  // by code
  OverlayFigureRow outside, total;     // what lies in no area, or has no place; and all: it is the sum of the others
};

/// What counts for a cell on its day (as_was), by where it lies in the areas that an overlay has on the last day of the window: by its own point, else by that of its enterprise. On a border, or where areas
/// overlap, it counts for the lowest code.
Result<OverlayFigures> overlay_figures(storage::Pool& pool, EventPoints& events, const Principal& who, std::int64_t overlay, const FiguresAsked& asked);

}  // namespace gridward::service
