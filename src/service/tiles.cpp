#include "service/tiles.h"

#include "service/tile_points.h"

namespace gridward::service {
namespace {

using Drawn = Result<void>;

PointsAsked points_asked(const Principal& who, const Shown& shown, const LayerAsked& asked) {
  constexpr Window always{std::chrono::year{1} / 1 / 1, std::chrono::year{9999} / 12 / 31};
  PointsAsked out{asked.layer, shown.district, shown.outline.extent};
  out.cells = cells_of(who, shown);
  out.day = *parse_day(day_of_map(asked, shown.district));
  out.window = asked.figures ? settle(asked.figures->period, *parse_day(shown.district.today)).window : always;
  out.open_at = asked.open_at;
  out.source = asked.source;
  out.grade = asked.grade;
  out.gcj02 = asked.gcj02;
  return out;
}

Drawn draw_cells(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked, const map::TileId& tile, map::MvtLayer& layer) {
  const auto cells = level_map(sources, shown, asked, asked.level);
  if (!cells) return fail(cells.error());
  const auto joined = joined_to(sources, who, shown, asked, **cells);
  if (!joined) return fail(joined.error());
  const auto band = sources.maps.band(**cells, {shown.district, asked.level, shown.since, asked.gcj02}, tile.z);
  const map::Tags missing = tags_of_missing(asked);
  const bool plain = missing.empty();
  map::Tags all;
  const auto tags = [&](std::size_t index) -> const map::Tags* {
    const LevelMap::Said& said = (*cells)->said[index];
    if (!may_see(who, shown, said.way)) return nullptr;
    if (plain) return &said.tags;
    all = said.tags;
    const auto row = (*joined)->find((*cells)->topology.areas()[index].cell);
    const map::Tags& more = row != (*joined)->end() ? row->second : missing;
    all.insert(all.end(), more.begin(), more.end());
    return &all;
  };
  map::draw_areas((*cells)->topology, *band, tile, tags, layer);
  return {};
}

Drawn draw_adjacency(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked, const map::TileId& tile, map::MvtLayer& layer) {
  const TileMaps::Layer of{shown.district, asked.level, shown.since, asked.gcj02};
  const auto cells = level_map(sources, shown, asked, asked.level);
  if (!cells) return fail(cells.error());
  const auto borders = sources.maps.borders(sources.figures, **cells, of);
  if (!borders) return fail(borders.error());
  const auto band = sources.maps.band(**cells, of, tile.z);
  draw_borders(**borders, *band, tile, asked.least_shared_m, [&](const BorderMap::Pair& pair) { return may_see(who, shown, pair.a) && may_see(who, shown, pair.b); }, layer);
  return {};
}

Drawn draw(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked, const map::TileId& tile, map::MvtLayer& layer) {
  if (is_of_cells(asked.kind)) return draw_cells(sources, who, shown, asked, tile, layer);
  if (asked.kind == LayerKind::adjacency) return draw_adjacency(sources, who, shown, asked, tile, layer);
  return draw_points({sources.figures.reads, sources.events}, points_asked(who, shown, asked), tile, layer);
}

/// What of a district a layer does not show.
Result<std::vector<OffMap>> not_drawn(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked) {
  if (asked.kind != LayerKind::points) return off_map_of(sources, who, shown, asked);
  const auto points = points_off_map({sources.figures.reads, sources.events}, points_asked(who, shown, asked));
  if (!points) return fail(points.error());
  return std::vector{*points};
}

/// Around what the caller may see of a district.
Result<map::DegreeBox> visible_box(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked) {
  map::DegreeBox box;
  if (shown.whole) return shown.outline.extent;
  for (int level = 1; level <= 3; ++level) {
    const auto cells = level_map(sources, shown, asked, level);
    if (!cells) return fail(cells.error());
    for (const LevelMap::Said& said : (*cells)->said)
      if (may_see(who, shown, said.way)) box.extend(said.box);
  }
  return box;
}

}  // namespace

map::DegreeBox box_of(const map::TileId& tile, bool gcj02) {
  map::DegreeBox box = map::degrees_of(tile, true);
  constexpr double most = 0.02;  // degrees by which GCJ-02 moves a point, and more
  if (gcj02) box = {box.west - most, box.south - most, box.east + most, box.north + most};
  return box;
}

bool follows_from_map(std::string_view layer, bool has_measures) {
  const LayerKind kind = kind_of(layer);
  return kind == LayerKind::adjacency || (kind == LayerKind::cells && !has_measures);
}

Result<std::string> make_tile(TileSources& sources, const Principal& who, const LayerAsked& asked, const map::TileId& tile) {
  const auto state = sources.known.versions();
  if (!state) return fail(state.error());
  const map::DegreeBox box = box_of(tile, asked.gcj02);
  map::MvtLayer layer(asked.layer);
  for (const Shown& shown : shown_districts(**state, who, asked)) {
    if (!shown.outline.extent.touches(box)) continue;
    if (const auto drawn = draw(sources, who, shown, asked, tile, layer); !drawn) return fail(drawn.error());
  }
  return layer.empty() ? std::string() : layer.finish();
}

Result<LayerDescription> describe_layer(TileSources& sources, const Principal& who, const LayerAsked& asked) {
  const auto state = sources.known.versions();
  if (!state) return fail(state.error());
  LayerDescription out;
  out.fields = asked.kind == LayerKind::points ? point_fields(asked.layer) : asked.kind == LayerKind::adjacency ? border_fields() : joined_fields(asked);
  for (const Shown& shown : shown_districts(**state, who, asked)) {
    const auto box = visible_box(sources, who, shown, asked);
    if (!box) return fail(box.error());
    out.bounds.extend(*box);
    out.districts.push_back({shown.district.id, shown.district.scheme, day_of_map(asked, shown.district), shown.district.last_day, shown.district.synthetic});
    const auto off_map = not_drawn(sources, who, shown, asked);
    if (!off_map) return fail(off_map.error());
    out.off_map.insert(out.off_map.end(), off_map->begin(), off_map->end());
  }
  return out;
}

}  // namespace gridward::service
