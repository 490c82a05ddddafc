#include "service/tile_maps.h"

#include <algorithm>

#include <fmt/format.h>

#include "geo/gcj02.h"
#include "service/kept_read.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::size_t kMostLevels = std::size_t{256} << 20, kMostBands = std::size_t{512} << 20, kMostBorders = std::size_t{128} << 20, kMostJoined = std::size_t{128} << 20;
constexpr std::size_t kTag = 100;  // bytes, about, of a tag with its name

std::size_t bytes_of(const LevelMap& map) {
  std::size_t sum = map.topology.bytes();
  for (const LevelMap::Said& said : map.said) sum += sizeof said + said.tags.size() * kTag;
  return sum;
}

std::size_t bytes_of(const TileMaps::Joined& joined) {
  std::size_t sum = sizeof joined;
  for (const auto& [cell, tags] : joined) sum += kTag + tags.size() * kTag;
  return sum;
}

map::Point to_gcj02(map::Point p) {
  const geo::LonLat moved = geo::to_gcj02({p.x, p.y});
  return {moved.lon, moved.lat};
}

std::string key_of(const TileMaps::Layer& layer) { return fmt::format("{} {}{}", layer.level, layer.since, layer.gcj02 ? " gcj02" : ""); }

map::Tags tags_of(const Cell& cell) {
  map::Tags tags = {{"id", cell.id}, {"code", cell.code}, {"name", cell.name}, {"level", std::string(level_name(cell.level))}};
  if (!cell.kind.empty()) tags.emplace_back("kind", cell.kind);
  return tags;
}

LevelMap read_level(storage::Tx& tx, MapCells& cells, const TileMaps::Layer& layer) {
  const Day day = *parse_day(layer.since);
  const auto listed = cells.find(tx, layer.district, day, day + std::chrono::days{1}, "");
  const auto rows = tx.run(sql::tiles_cells, {std::to_string(layer.district.id), std::to_string(layer.level), layer.since});
  std::vector<map::Topology::Source> sources;
  std::vector<LevelMap::Said> said;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto found = listed->find(rows.integer(i, "cell_id"));
    if (found == listed->end()) continue;  // its life had ended
    sources.push_back({found->first, rows.bytes(i, "wkb")});
    said.push_back({found->second.ways.back(), {rows.real(i, "west"), rows.real(i, "south"), rows.real(i, "east"), rows.real(i, "north")}, tags_of(found->second.cell)});
  }
  return {map::Topology(sources, layer.gcj02 ? to_gcj02 : std::function<map::Point(map::Point)>{}), std::move(said)};
}

}  // namespace

TileMaps::TileMaps()
    : levels_(kMostLevels, [](const LevelMap& m) { return bytes_of(m); }), bands_(kMostBands, [](const map::ZoomBand& b) { return b.bytes(); }),
      borders_(kMostBorders, [](const BorderMap& b) { return b.bytes(); }), joined_(kMostJoined, [](const Joined& j) { return bytes_of(j); }) {}

Result<std::shared_ptr<const LevelMap>> TileMaps::level(storage::Pool& pool, MapCells& cells, const Layer& layer) {
  return find_or_make<LevelMap>(levels_, {layer.district.id, layer.district.map_version, key_of(layer)},
                                [&] { return pool.read<LevelMap>([&](storage::Tx& tx) -> Result<LevelMap> { return read_level(tx, cells, layer); }); });
}

std::shared_ptr<const map::ZoomBand> TileMaps::band(const LevelMap& level, const Layer& layer, int zoom) {
  const int of = std::min(zoom, map::kLastZoom);
  return bands_.find({layer.district.id, layer.district.map_version, fmt::format("{} z{}", key_of(layer), of)}, [&] { return std::make_shared<const map::ZoomBand>(level.topology, of); });
}

Result<std::shared_ptr<const BorderMap>> TileMaps::borders(FigureSources& sources, const LevelMap& level, const Layer& layer) {
  return find_or_make<BorderMap>(borders_, {layer.district.id, layer.district.map_version, key_of(layer)}, [&] {
    return sources.reads.read<BorderMap>([&](storage::Tx& tx) -> Result<BorderMap> {
      const Day day = *parse_day(layer.since);
      const auto cells = sources.cells.find(tx, layer.district, day, day + std::chrono::days{1}, "");
      return border_map(level, *sources.neighbours.find(tx, layer.district, layer.level, layer.since, ""), *cells, layer.gcj02);
    });
  });
}

Result<std::shared_ptr<const TileMaps::Joined>> TileMaps::joined(const District& district, const std::string& asked, const MakeJoined& make) {
  return find_or_make<Joined>(joined_, {district.id, district.data_version, asked}, make);
}

std::vector<std::pair<const char*, std::function<KeptState()>>> TileMaps::kept() {
  return {{"tile_levels", [&] { return levels_.state(); }}, {"tile_bands", [&] { return bands_.state(); }}, {"tile_borders", [&] { return borders_.state(); }}, {"tile_joined", [&] { return joined_.state(); }}};
}

}  // namespace gridward::service
