#include "service/heat_tiles.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "service/auth.h"
#include "service/cells.h"
#include "service/heat.h"
#include "service/tiles.h"

namespace gridward::service {
namespace {

/// The land that a surface is over.
struct Target {
  HeatGround ground;
  std::int64_t cell = 0;
};

/// The cells of a district that someone was given, but for those that lie in another of them.
Result<std::vector<std::int64_t>> granted_cells(HeatSources& sources, const Principal& who, const HeatGround& ground) {
  std::set<std::int64_t> granted;
  for (const Grant& g : who.grants)
    if (g.district == ground.district.id || g.district == 0) granted.insert(g.cell);
  return sources.reads.read<std::vector<std::int64_t>>([&](storage::Tx& tx) -> Result<std::vector<std::int64_t>> {
    const Day day = *parse_day(ground.since);
    const auto listed = sources.cells.find(tx, ground.district, day, day + std::chrono::days{1}, "");
    std::vector<std::int64_t> out;
    for (const std::int64_t cell : granted) {
      const auto found = listed->find(cell);
      if (found == listed->end()) continue;  // it is an enterprise, or not alive
      const Way& way = found->second.ways.back();
      if (std::ranges::none_of(way.at, [&](std::int64_t above) { return above != 0 && above != cell && granted.contains(above); })) out.push_back(cell);
    }
    return out;
  });
}

/// What is drawn for someone: where it was not asked for one cell, each district, or the cells in it that are the caller's.
Result<std::vector<Target>> find_targets(HeatSources& sources, const Principal& who, const HeatAsked& asked, const Known::State& state, const map::DegreeBox* box) {
  std::vector<Target> out;
  const auto is_near = [&](const Outline& outline) { return box == nullptr || outline.extent.touches(*box); };
  if (!asked.cell.empty()) {
    const auto place = find_heat_place(sources, who, asked, state);
    if (!place) return fail(place.error());
    if (!place->ground.since.empty()) out.push_back({place->ground, place->cell.id});
    return out;
  }
  for (std::size_t i = 0; i < state.districts.size(); ++i) {
    const District& district = state.districts[i];
    if (!in_district(who, district.id) || !is_near(*state.outlines[i])) continue;
    const HeatGround ground = heat_ground(asked, district, *state.outlines[i]);
    if (ground.since.empty()) continue;
    if (reaches(who, district.id, {})) {
      out.push_back({ground, district.cell});
      continue;
    }
    const auto cells = granted_cells(sources, who, ground);
    if (!cells) return fail(cells.error());
    for (const std::int64_t cell : *cells) out.push_back({ground, cell});
  }
  return out;
}

geo::LonLat as_stored(geo::LonLat p) { return p; }

}  // namespace

Result<std::string> make_heat_tile(HeatSources& sources, const Principal& who, const HeatAsked& asked, const ColourScale& scale, const map::TileId& tile, std::size_t side, bool gcj02) {
  const auto state = sources.known.versions();
  if (!state) return fail(state.error());
  const map::DegreeBox box = box_of(tile, gcj02);
  const auto targets = find_targets(sources, who, asked, **state, &box);
  if (!targets) return fail(targets.error());
  map::Picture picture{tile, side};
  for (const Target& target : *targets) {
    const HeatMaps::Land land{target.ground.district, target.cell, target.ground.since};
    const auto region = sources.maps.region(sources.reads, land);
    if (!region && region.error().code == Errc::rule_violated) continue;  // it has no shape
    if (!region) return fail(region.error());
    if (!(*region)->box.touches(box)) continue;
    const auto surface = make_surface(sources, target.ground, target.cell, asked);
    if (!surface && surface.error().code == Errc::rule_violated) continue;  // its bandwidth cannot be chosen; the layer's document says so
    if (!surface) return fail(surface.error());
    const auto colour = [&](double x, double y) {
      const double value = surface->at(asked, x, y);
      return std::isnan(value) ? kMasked : scale.number_of(value);
    };
    if (gcj02) map::paint(picture, *sources.maps.gcj02_outline(**region, land), (*region)->plane(), geo::from_gcj02, colour);
    else map::paint(picture, (*region)->outline, (*region)->plane(), as_stored, colour);
  }
  return map::write_png(picture, scale.palette());
}

Result<HeatDescription> describe_heat(HeatSources& sources, const Principal& who, const HeatAsked& asked) {
  const auto state = sources.known.versions();
  if (!state) return fail(state.error());
  const auto targets = find_targets(sources, who, asked, **state, nullptr);
  if (!targets) return fail(targets.error());
  HeatDescription out;
  for (const Target& target : *targets) {
    const HeatMaps::Land land{target.ground.district, target.cell, target.ground.since};
    const auto region = sources.maps.region(sources.reads, land);
    if (!region && region.error().code == Errc::rule_violated) continue;
    if (!region) return fail(region.error());
    const auto cell = get_cell(sources.reads, who, std::to_string(target.cell), target.ground.map_day, false);
    if (!cell) return fail(cell.error());
    HeatPart part{*cell, target.ground.map_day};
    const auto parts = find_parts(sources, target.ground, target.cell, asked);
    if (!parts && parts.error().code != Errc::rule_violated) return fail(parts.error());
    if (parts) {
      part.bandwidth = parts->bandwidth;
      part.count = parts->events->points.size();
      part.off_map = parts->events->off_map;
      part.weight = parts->events->weight;
      if (parts->second) part.second_count = parts->second->points.size();
    } else {
      part.nothing = parts.error().detail;
    }
    out.bounds.extend((*region)->box);
    out.synthetic = out.synthetic || target.ground.district.synthetic;
    out.parts.push_back(std::move(part));
    if (asked.open_at.empty()) out.parts.back().period = target.ground.period;
  }
  return out;
}

}  // namespace gridward::service
