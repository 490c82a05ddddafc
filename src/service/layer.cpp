#include "service/layer.h"

#include <algorithm>

#include "service/auth.h"

namespace gridward::service {
namespace {

constexpr std::pair<std::string_view, int> kCellLayers[] = {{"districts", 1}, {"towns", 2}, {"villages", 3}};
constexpr std::pair<std::string_view, LayerKind> kOtherLayers[] = {{"adjacency", LayerKind::adjacency}, {"risk", LayerKind::risk}, {"hotspots", LayerKind::hotspots}, {"key-regions", LayerKind::key_regions}};

}  // namespace

int level_of(std::string_view layer) {
  for (const auto& [name, level] : kCellLayers)
    if (layer == name) return level;
  return 0;
}

LayerKind kind_of(std::string_view layer) {
  if (level_of(layer) != 0) return LayerKind::cells;
  for (const auto& [name, kind] : kOtherLayers)
    if (layer == name) return kind;
  return LayerKind::points;
}

bool is_of_cells(LayerKind kind) { return kind != LayerKind::points && kind != LayerKind::adjacency; }

std::string day_of_map(const LayerAsked& asked, const District& district) {
  if (!asked.at.empty()) return asked.at;
  if (!asked.figures || asked.figures->mode == Mode::as_is) return district.today;
  if (asked.figures->mode == Mode::as_of) return asked.figures->as_of;
  const Period period = settle(asked.figures->period, *parse_day(district.today));
  return std::min(to_string(period.window.to - std::chrono::days{1}), district.today);
}

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

bool may_see(const Principal& who, const Shown& shown, const Way& way) { return shown.whole || reaches(who, shown.district.id, {std::begin(way.at), std::end(way.at)}); }

std::optional<std::vector<std::int64_t>> cells_of(const Principal& who, const Shown& shown) {
  if (shown.whole) return std::nullopt;
  std::vector<std::int64_t> cells;
  for (const Grant& g : who.grants)
    if (g.district == 0 || g.district == shown.district.id) cells.push_back(g.cell);
  return cells;
}

Result<std::shared_ptr<const LevelMap>> level_map(TileSources& sources, const Shown& shown, const LayerAsked& asked, int level) {
  return sources.maps.level(sources.figures.reads, sources.figures.cells, {shown.district, level, shown.since, asked.gcj02});
}

}  // namespace gridward::service
