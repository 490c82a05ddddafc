#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "map/tile.h"
#include "service/figures.h"
#include "service/kept.h"
#include "service/map_cells.h"
#include "service/tile_borders.h"
#include "storage/database.h"

namespace gridward::service {

/// The cells of a level on a day as tiles draw them: what has a shape. Immutable.
struct LevelMap {
  struct Said {
    Way way;  // of who is responsible, for rights
    map::DegreeBox box;
    map::Tags tags;
  };
  map::Topology topology;
  std::vector<Said> said;  // of each of its areas
};

/// What tiles are drawn from. All of it is kept by version: made once for each span of days on which the map does not change, and never stale.
class TileMaps {
 public:
  struct Layer {
    const District& district;
    int level = 0;
    std::string since;   // the last day up to the asked one on which the map changed
    bool gcj02 = false;  // moved to GCJ-02
  };
  using Joined = std::map<std::int64_t, map::Tags>;  // by cell
  using MakeJoined = std::function<Result<Joined>()>;

  TileMaps();
  Result<std::shared_ptr<const LevelMap>> level(storage::Pool& pool, MapCells& cells, const Layer& layer);
  /// The shapes of a level's map at a zoom; beyond kLastZoom those of that.
  std::shared_ptr<const map::ZoomBand> band(const LevelMap& level, const Layer& layer, int zoom);
  /// Who lies beside whom in a level's map.
  Result<std::shared_ptr<const BorderMap>> borders(FigureSources& sources, const LevelMap& level, const Layer& layer);
  /// What is said of the cells of a district; `asked`: all that it follows from beside the district's data.
  Result<std::shared_ptr<const Joined>> joined(const District& district, const std::string& asked, const MakeJoined& make);
  /// By name: maps of levels, their shapes at a zoom, who lies beside whom, what is joined.
  [[nodiscard]] std::vector<std::pair<const char*, std::function<KeptState()>>> kept();

 private:
  Kept<LevelMap> levels_;
  Kept<map::ZoomBand> bands_;
  Kept<BorderMap> borders_;
  Kept<Joined> joined_;
};

}  // namespace gridward::service
