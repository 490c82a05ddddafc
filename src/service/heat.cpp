#include "service/heat.h"

#include <algorithm>

#include <fmt/format.h>

#include "service/cells.h"

namespace gridward::service {
namespace {

constexpr double kMostPixels = 1'000'000, kSquareKilometre = 1e6;

}  // namespace

Result<HeatPlace> find_heat_place(HeatSources& sources, const Principal& who, const HeatAsked& asked, const Known::State& state) {
  return sources.reads.read<HeatPlace>([&](storage::Tx& tx) -> Result<HeatPlace> {
    auto cell = cell_in_window(tx, who, asked.cell, "", "");  // its district tells which day is today
    if (!cell) return fail(cell.error());
    const auto district = std::ranges::find(state.districts, cell->district, &District::id);
    if (district == state.districts.end()) return fail(Errc::not_found, fmt::format("There is no district {}.", cell->district));
    HeatGround ground = heat_ground(asked, *district, *state.outlines[static_cast<std::size_t>(district - state.districts.begin())]);
    cell = visible_cell(tx, who, asked.cell, ground.map_day, false);
    if (!cell) return fail(cell.error());
    return HeatPlace{std::move(*cell), std::move(ground)};
  });
}

Result<Heat> make_heat(HeatSources& sources, const Principal& who, const HeatAsked& asked, std::optional<double> spacing) {
  const auto state = sources.known.versions();
  if (!state) return fail(state.error());
  const auto place = find_heat_place(sources, who, asked, **state);
  if (!place) return fail(place.error());
  const auto parts = find_parts(sources, place->ground, place->cell.id, asked);
  if (!parts) return fail(parts.error());
  const double h = parts->bandwidth->metres;
  const auto raster = raster_around(*parts->region, spacing ? *spacing : h / 4, 0, kMostPixels, "spacing", 1);
  if (!raster) return fail(raster.error());
  const auto covered = map::coverage(parts->region->land, *raster);
  Heat heat{place->cell, place->ground.map_day, {}, parts->bandwidth, parts->region->plane().definition(), *raster, parts->region->box, {}};
  if (asked.open_at.empty()) heat.period = place->ground.period;
  heat.values = asked.rule == BandwidthRule::adaptive ? map::kernel_density(parts->events->points, parts->bandwidth->each, *raster, covered, asked.correction)
                                                      : map::kernel_density(parts->events->points, *raster, covered, h, asked.correction);
  if (parts->second) {
    const auto second = map::kernel_density(parts->second->points, *raster, covered, h, asked.correction);
    const double least = least_base_density(asked.least_base, h) / kSquareKilometre;
    for (std::size_t i = 0; i < second.size(); ++i) heat.values[i] = combined(asked, least, heat.values[i], second[i]);
    heat.second_count = parts->second->points.size();
  }
  heat.count = parts->events->points.size();
  heat.off_map = parts->events->off_map;
  heat.weight = parts->events->weight;
  for (const double part : covered) heat.area_km2 += part * raster->spacing * raster->spacing / kSquareKilometre;
  if (asked.relative) return heat;
  heat.integral = map::integral(*raster, heat.values, covered);
  for (double& value : heat.values) value *= kSquareKilometre;
  return heat;
}

}  // namespace gridward::service
