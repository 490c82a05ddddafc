#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/principal.h"
#include "service/figures.h"
#include "service/known.h"
#include "service/tile_maps.h"

namespace gridward::service {

/// What tiles are made from.
struct TileSources {
  FigureSources& figures;
  TileMaps& maps;
  Known& known;
};

/// A layer as it is asked for.
struct LayerAsked {
  std::string layer;  // districts, towns, villages; enterprises, hazards, inspections
  bool gcj02 = false;
  std::string at;                       // the day of the map; empty: that of the figures, the last of their window, or today
  std::optional<FiguresAsked> figures;  // a window, a mode and filters; its measures are joined to cells, its window chooses events
  std::string open_at;                  // of hazards: open on this day, instead of found in the window
  std::string source, grade;            // of hazards; empty: all
};

/// Whether a layer shows cells; else it shows points.
[[nodiscard]] bool is_of_cells(std::string_view layer);

/// Where a tile lies, in degrees: what it can show of storage. One in GCJ-02 shows what lies up to a kilometre beside it.
[[nodiscard]] map::DegreeBox box_of(const map::TileId& tile, bool gcj02);
/// Whether what a layer shows follows from the map of a district alone, not from its data.
[[nodiscard]] bool follows_from_map(std::string_view layer, bool has_measures);

/// A tile with the one layer, only what the caller may see; empty where there is nothing.
Result<std::string> make_tile(TileSources& sources, const Principal& who, const LayerAsked& asked, const map::TileId& tile);

/// What a map of cells does not show of a figure: map plus `off_map` is the district, or the part of it that the caller may see.
struct OffMap {
  std::int64_t district = 0;
  std::string measure;
  double on_map = 0, off_map = 0;  // sums of numerators
};
/// A district that a layer shows.
struct LayerDistrict {
  std::int64_t id = 0;
  std::string scheme;
  std::string at;          // the day of its map
  std::string data_until;  // the last day of which it has a record; empty: it has none
  bool synthetic = false;
};
/// A layer as TileJSON describes it.
struct LayerDescription {
  map::DegreeBox bounds;  // around what the caller may see; nowhere, if that is nothing
  std::vector<std::pair<std::string, std::string>> fields;
  std::vector<LayerDistrict> districts;
  std::vector<OffMap> off_map;
};
Result<LayerDescription> describe_layer(TileSources& sources, const Principal& who, const LayerAsked& asked);

}  // namespace gridward::service
