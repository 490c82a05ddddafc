#include "service/tiles.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "geo/gcj02.h"
#include "service/auth.h"
#include "service/figure_rows.h"
#include "service/ground.h"
#include "service/tile_points.h"

namespace gridward::service {
namespace {

constexpr std::pair<std::string_view, int> kCellLayers[] = {{"districts", 1}, {"towns", 2}, {"villages", 3}};

int level_of(std::string_view layer) {
  for (const auto& [name, level] : kCellLayers)
    if (layer == name) return level;
  return 0;
}

/// The day of the map that is drawn of a district.
std::string day_of_map(const LayerAsked& asked, const District& district) {
  if (!asked.at.empty()) return asked.at;
  if (!asked.figures || asked.figures->mode == Mode::as_is) return district.today;
  if (asked.figures->mode == Mode::as_of) return asked.figures->as_of;
  const Period period = settle(asked.figures->period, *parse_day(district.today));
  return std::min(to_string(period.window.to - std::chrono::days{1}), district.today);
}

/// A district as a layer shows it.
struct Shown {
  const District& district;
  const Outline& outline;
  std::string since;  // the last day, up to that of the map, on which the map changed
  bool whole = false;  // the caller may see all of it
};

bool may_see(const Principal& who, const Shown& shown, const Way& way) { return shown.whole || reaches(who, shown.district.id, {std::begin(way.at), std::end(way.at)}); }

/// The districts that the caller has a part of and whose map has begun.
std::vector<Shown> shown_districts(const Known::State& state, const Principal& who, const LayerAsked& asked) {
  std::vector<Shown> out;
  for (std::size_t i = 0; i < state.districts.size(); ++i) {
    const District& district = state.districts[i];
    if (!in_district(who, district.id)) continue;
    const Outline& outline = *state.outlines[i];
    if (std::string since = outline.since(day_of_map(asked, district)); !since.empty()) out.push_back({district, outline, std::move(since), reaches(who, district.id, {})});
  }
  return out;
}

Result<std::shared_ptr<const LevelMap>> level_map(TileSources& sources, const Shown& shown, const LayerAsked& asked, int level) {
  return sources.maps.level(sources.figures.reads, sources.figures.cells, {shown.district, level, shown.since, asked.gcj02});
}

map::Tags tags_of(const FigureRow& row) {
  map::Tags tags;
  for (const auto& [name, f] : row.figures) {
    if (f.value) tags.emplace_back(name, *f.value);
    else tags.emplace_back(name + "_reason", f.reason);
    tags.emplace_back(name + "_n", f.numerator);
    if (f.denominator) tags.emplace_back(name + "_d", *f.denominator);
    if (f.low) tags.emplace_back(name + "_low", *f.low);
    if (f.high) tags.emplace_back(name + "_high", *f.high);
  }
  return tags;
}

/// The figures of all cells of a level in a district, whoever may see them.
Result<FigureTable> district_table(storage::Tx& tx, TileSources& sources, const Shown& shown, const FiguresAsked& figures, int level) {
  FiguresAsked asked = figures;
  asked.level = level;
  const auto ground = district_ground(shown.district, asked);
  if (!ground) return fail(ground.error());
  return table_on(tx, sources.figures, *ground, asked);
}

/// What the figures say of the cells, made once for all tiles of a layer.
Result<std::shared_ptr<const TileMaps::Joined>> joined_figures(TileSources& sources, const Shown& shown, const LayerAsked& asked, int level) {
  static const auto none = std::make_shared<const TileMaps::Joined>();
  if (!asked.figures || asked.figures->measures.empty()) return none;
  const FiguresAsked& f = *asked.figures;
  const Period period = settle(f.period, *parse_day(shown.district.today));
  const std::string key = fmt::format("{} {} {} {} {} {} {} {} {} {}", level, fmt::join(f.measures, ","), to_string(period.window.from), to_string(period.window.to), static_cast<int>(f.mode),
                                      f.as_of, f.known_at, f.source, f.grade, shown.district.today);
  return sources.maps.joined(sources.figures.reads, shown.district, key, [&](storage::Tx& tx) -> Result<TileMaps::Joined> {
    TileMaps::Joined out;
    const auto table = district_table(tx, sources, shown, f, level);
    if (!table && table.error().code == Errc::rule_violated) return out;  // its map begins after the day of the figures
    if (!table) return fail(table.error());
    for (const FigureRow& row : table->rows) out.emplace(row.cell.id, tags_of(row));
    return out;
  });
}

/// The cells of a district that someone may see with all below them; none: all of it.
std::optional<std::vector<std::int64_t>> cells_of(const Principal& who, const Shown& shown) {
  if (shown.whole) return std::nullopt;
  std::vector<std::int64_t> cells;
  for (const Grant& g : who.grants)
    if (g.district == 0 || g.district == shown.district.id) cells.push_back(g.cell);
  return cells;
}

PointsAsked points_asked(const Principal& who, const Shown& shown, const LayerAsked& asked) {
  constexpr Window always{std::chrono::year{1} / 1 / 1, std::chrono::year{9999} / 12 / 31};
  PointsAsked out;
  out.layer = asked.layer;
  out.district = shown.district.id;
  out.extent = shown.outline.extent;
  out.cells = cells_of(who, shown);
  out.day = *parse_day(day_of_map(asked, shown.district));
  out.window = asked.figures ? settle(asked.figures->period, *parse_day(shown.district.today)).window : always;
  out.open_at = asked.open_at;
  out.source = asked.source;
  out.grade = asked.grade;
  out.gcj02 = asked.gcj02;
  return out;
}

Result<std::monostate> draw_cells(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked, const map::TileId& tile, map::MvtLayer& layer) {
  const int level = level_of(asked.layer);
  const auto cells = level_map(sources, shown, asked, level);
  if (!cells) return fail(cells.error());
  const auto figures = joined_figures(sources, shown, asked, level);
  if (!figures) return fail(figures.error());
  const auto band = sources.maps.band(**cells, {shown.district, level, shown.since, asked.gcj02}, tile.z);
  map::Tags all;
  const auto tags = [&](std::size_t index) -> const map::Tags* {
    const LevelMap::Said& said = (*cells)->said[index];
    if (!may_see(who, shown, said.way)) return nullptr;
    if (!asked.figures || asked.figures->measures.empty()) return &said.tags;
    all = said.tags;
    if (const auto row = (*figures)->find((*cells)->topology.areas()[index].cell); row != (*figures)->end()) all.insert(all.end(), row->second.begin(), row->second.end());
    else for (const std::string& m : asked.figures->measures) all.emplace_back(m + "_reason", std::string("not_in_window"));
    return &all;
  };
  map::draw_areas((*cells)->topology, *band, tile, tags, layer);
  return std::monostate{};
}

/// Around what the caller may see of a district.
Result<map::DegreeBox> visible_box(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked) {
  map::DegreeBox box;
  if (shown.whole) return shown.outline.extent;
  for (const auto& [name, level] : kCellLayers) {
    const auto cells = level_map(sources, shown, asked, level);
    if (!cells) return fail(cells.error());
    for (const LevelMap::Said& said : (*cells)->said)
      if (may_see(who, shown, said.way)) box.extend(said.box);
  }
  return box;
}

/// Adds up what the map of a district shows of each measure, and what it does not: what lies in cells that it does not draw, directly in
/// a cell above them, or nowhere.
Result<std::vector<OffMap>> off_map_of(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked) {
  std::vector<OffMap> out;
  if (!asked.figures || asked.figures->measures.empty()) return out;
  const int level = level_of(asked.layer);
  const auto drawn = level_map(sources, shown, asked, level);
  if (!drawn) return fail(drawn.error());
  std::map<std::int64_t, bool> on_map;
  for (const auto& area : (*drawn)->topology.areas()) on_map[area.cell] = true;
  return sources.figures.reads.read<std::vector<OffMap>>([&](storage::Tx& tx) -> Result<std::vector<OffMap>> {
    const auto table = district_table(tx, sources, shown, *asked.figures, level);
    if (!table && table.error().code == Errc::rule_violated) return out;
    if (!table) return fail(table.error());
    const Day first = table->as_of.empty() ? table->period.window.from : *parse_day(table->as_of);
    const auto ways = sources.figures.cells.find(tx, shown.district, first, table->as_of.empty() ? table->period.window.to : first + std::chrono::days{1}, asked.figures->known_at);
    std::map<std::string, OffMap> sums;
    const auto add = [&](const FigureRow& row, bool is_row) {
      const auto listed = ways->find(row.cell.id);
      const bool mine = shown.whole || (listed != ways->end() && std::ranges::any_of(listed->second.ways, [&](const Way& way) { return may_see(who, shown, way); }));
      if (!mine) return;
      for (const auto& [measure, figure] : row.figures) {
        OffMap& sum = sums.try_emplace(measure, OffMap{shown.district.id, measure, 0, 0}).first->second;
        (is_row && on_map.contains(row.cell.id) ? sum.on_map : sum.off_map) += figure.numerator;
      }
    };
    for (const FigureRow& row : table->rows) add(row, true);
    for (const FigureRow& row : table->direct) add(row, false);
    if (table->unplaced) add(*table->unplaced, false);
    for (auto& [measure, sum] : sums) out.push_back(std::move(sum));
    return out;
  });
}

std::vector<std::pair<std::string, std::string>> fields_of(const LayerAsked& asked) {
  if (!is_of_cells(asked.layer)) return point_fields(asked.layer);
  std::vector<std::pair<std::string, std::string>> fields = {{"id", "Number"}, {"code", "String"}, {"name", "String"}, {"level", "String"}, {"kind", "String"}};
  if (!asked.figures) return fields;
  for (const std::string& m : asked.figures->measures)
    for (const char* suffix : {"", "_n", "_d", "_low", "_high", "_reason"}) fields.emplace_back(m + suffix, std::string_view(suffix) == "_reason" ? "String: why there is no value" : "Number");
  return fields;
}

}  // namespace

map::DegreeBox box_of(const map::TileId& tile, bool gcj02) {
  map::DegreeBox box = map::degrees_of(tile, true);
  constexpr double most = 0.02;  // degrees by which GCJ-02 moves a point, and more
  if (gcj02) box = {box.west - most, box.south - most, box.east + most, box.north + most};
  return box;
}

bool is_of_cells(std::string_view layer) { return level_of(layer) != 0; }

bool follows_from_map(std::string_view layer, bool has_measures) { return is_of_cells(layer) && !has_measures; }

Result<std::string> make_tile(TileSources& sources, const Principal& who, const LayerAsked& asked, const map::TileId& tile) {
  const auto state = sources.known.versions();
  if (!state) return fail(state.error());
  const map::DegreeBox box = box_of(tile, asked.gcj02);
  map::MvtLayer layer(asked.layer);
  for (const Shown& shown : shown_districts(**state, who, asked)) {
    if (!shown.outline.extent.touches(box)) continue;
    const auto drawn = is_of_cells(asked.layer) ? draw_cells(sources, who, shown, asked, tile, layer)
                                                : sources.figures.reads.read<std::monostate>([&](storage::Tx& tx) -> Result<std::monostate> {
                                                    draw_points(tx, points_asked(who, shown, asked), tile, layer);
                                                    return std::monostate{};
                                                  });
    if (!drawn) return fail(drawn.error());
  }
  return layer.empty() ? std::string() : layer.finish();
}

Result<LayerDescription> describe_layer(TileSources& sources, const Principal& who, const LayerAsked& asked) {
  const auto state = sources.known.versions();
  if (!state) return fail(state.error());
  LayerDescription out;
  out.fields = fields_of(asked);
  for (const Shown& shown : shown_districts(**state, who, asked)) {
    const auto box = visible_box(sources, who, shown, asked);
    if (!box) return fail(box.error());
    out.bounds.extend(*box);
    out.districts.push_back({shown.district.id, shown.district.scheme, day_of_map(asked, shown.district), shown.district.last_day, shown.district.synthetic});
    const auto off_map = off_map_of(sources, who, shown, asked);
    if (!off_map) return fail(off_map.error());
    out.off_map.insert(out.off_map.end(), off_map->begin(), off_map->end());
  }
  return out;
}

}  // namespace gridward::service
