#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/principal.h"
#include "service/event_points.h"
#include "service/figures.h"
#include "service/hotspots.h"
#include "service/known.h"
#include "service/tile_maps.h"

namespace gridward::service {

/// What tiles are made from.
struct TileSources {
  FigureSources& figures;
  TileMaps& maps;
  EventPoints& events;
  Known& known;
};

/// What a layer shows: cells as they are, with figures if asked; points; who lies beside whom; and cells with what a question about all of them answers.
enum class LayerKind { cells, points, adjacency, risk, hotspots, key_regions };
[[nodiscard]] LayerKind kind_of(std::string_view layer);
/// Whether a layer shows cells as areas.
[[nodiscard]] bool is_of_cells(LayerKind kind);
/// The level of a layer that is called by it; 0 for others.
[[nodiscard]] int level_of(std::string_view layer);

/// A layer as it is asked for.
struct LayerAsked {
  std::string layer;  // districts, towns, villages; enterprises, hazards, inspections; adjacency; risk, hotspots, key-regions
  LayerKind kind = LayerKind::cells;
  int level = 0;  // of its cells
  bool gcj02 = false;
  std::string at;                       // the day of the map; empty: that of the figures, the last of their window, or today
  std::optional<FiguresAsked> figures;  // a window, a mode and filters; its measures are joined to cells, its window chooses events
  HotspotsAsked hotspots;               // of hotspots: beside `figures`, how they are looked for
  double least_shared_m = 0;            // of adjacency: metres of border
  std::string open_at;                  // of hazards: open on this day, instead of found in the window
  std::string source, grade;            // of hazards; empty: all
};

/// The day of the map that is drawn of a district.
[[nodiscard]] std::string day_of_map(const LayerAsked& asked, const District& district);

/// A district as a layer shows it.
struct Shown {
  const District& district;
  const Outline& outline;
  std::string since;   // the last day, up to that of the map, on which the map changed
  bool whole = false;  // the caller may see all of it
};
/// The districts that the caller has a part of and whose map has begun.
[[nodiscard]] std::vector<Shown> shown_districts(const Known::State& state, const Principal& who, const LayerAsked& asked);

[[nodiscard]] bool may_see(const Principal& who, const Shown& shown, const Way& way);

/// The cells of a district that someone may see with all below them; none: all of it.
[[nodiscard]] std::optional<std::vector<std::int64_t>> cells_of(const Principal& who, const Shown& shown);

/// The cells of a level of a district as they are drawn.
Result<std::shared_ptr<const LevelMap>> level_map(TileSources& sources, const Shown& shown, const LayerAsked& asked, int level);

}  // namespace gridward::service
