#include "service/heat.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "map/snapshot.h"
#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;

constexpr double kMostPixels = 1'000'000;

/// The land of a cell.
struct Region {
  std::string wkb;
  map::DegreeBox box;
};

Result<Region> read_region(storage::Tx& tx, const Cell& cell, const std::string& day) {
  const auto rows = tx.run(sql::heat_region, {std::to_string(cell.district), std::to_string(cell.id), day});
  if (rows.size() == 0) return fail(Errc::rule_violated, fmt::format("The cell has no shape on {}, so there is no surface over it.", day));
  return Region{rows.bytes(0, "wkb"), {rows.real(0, "west"), rows.real(0, "south"), rows.real(0, "east"), rows.real(0, "north")}};
}

std::vector<map::Polygon> polygons_on(const geo::LocalPlane& plane, const std::string& wkb) {
  auto out = map::read_multi_polygon(wkb);
  for (map::Polygon& polygon : out)
    for (auto& ring : polygon)
      for (map::Point& p : ring) {
        const geo::PlanePoint moved = plane.to_plane({p.x, p.y});
        p = {moved.x, moved.y};
      }
  return out;
}

/// The events that lie in the region, on its border too.
std::vector<map::WeightedPoint> read_points(storage::Tx& tx, const HeatAsked& asked, const Cell& cell, const Window& window, const Region& region, const geo::LocalPlane& plane) {
  std::vector<storage::Param> p = {std::to_string(cell.district)};
  for (const double edge : {region.box.west, region.box.south, region.box.east, region.box.north}) p.emplace_back(fmt::format("{:.17g}", edge));
  p.insert(p.end(), {asked.kind, to_string(window.from), to_string(window.to), or_null(asked.open_at), or_null(asked.source), or_null(asked.grade), or_null(asked.category)});
  const auto rows = tx.run(sql::heat_points, p);
  const map::Snapshot inside({{cell.id, cell.level, cell.code, region.wkb}});
  std::vector<map::WeightedPoint> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double lon = rows.real(i, "lon"), lat = rows.real(i, "lat");
    if (inside.cell_at({lon, lat}) == 0) continue;
    const geo::PlanePoint at = plane.to_plane({lon, lat});
    out.push_back({at.x, at.y, rows.boolean(i, "major") ? asked.major_weight : 1});
  }
  return out;
}

/// The raster around polygons, its pixels counted from the west and the north.
Result<map::Raster> raster_around(const std::vector<map::Polygon>& polygons, double spacing) {
  map::Point low{INFINITY, INFINITY}, high{-INFINITY, -INFINITY};
  for (const map::Polygon& polygon : polygons)
    for (const map::Point& p : polygon.front()) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
  const double columns = std::ceil((high.x - low.x) / spacing), rows = std::ceil((high.y - low.y) / spacing);
  if (columns * rows > kMostPixels)
    return fail(Error::field("spacing", fmt::format("would make {:.0f} pixels of {:.0f} m, and {:.0f} are the most: give at least {:.0f}", columns * rows, spacing, kMostPixels,
                                                    std::ceil(std::sqrt((high.x - low.x) * (high.y - low.y) / kMostPixels)) + 1)));
  return map::Raster{low.x, high.y, spacing, static_cast<std::size_t>(std::max(1.0, columns)), static_cast<std::size_t>(std::max(1.0, rows))};
}

Result<void> settle_bandwidth(const HeatAsked& asked, const std::vector<map::WeightedPoint>& points, Heat& heat) {
  heat.by_scott = !asked.bandwidth;
  heat.bandwidth = asked.bandwidth ? *asked.bandwidth : map::scott_bandwidth(points);
  if (heat.bandwidth > 0) return {};
  return fail(Errc::rule_violated, fmt::format("Scott's rule needs events in two places that differ in both directions; {} are in the cell. Give bandwidth in metres.", points.size()));
}

Result<Heat> heat_of(storage::Tx& tx, const Principal& who, const HeatAsked& asked) {
  Heat heat;
  auto cell = cell_in_window(tx, who, asked.cell, "", "");  // its district tells which day is today
  if (!cell) return fail(cell.error());
  const std::string today = local_day(tx, cell->district, "");
  const Period period = settle(asked.period, *parse_day(today));
  if (asked.open_at.empty()) heat.period = period;
  const std::string last = asked.open_at.empty() ? to_string(period.window.to - std::chrono::days{1}) : asked.open_at;
  heat.map_day = !asked.at.empty() ? asked.at : std::min(last, today);
  cell = visible_cell(tx, who, asked.cell, heat.map_day, false);
  if (!cell) return fail(cell.error());
  heat.cell = *cell;
  const auto region = read_region(tx, heat.cell, heat.map_day);
  if (!region) return fail(region.error());
  heat.bounds = region->box;
  const geo::LocalPlane plane({(region->box.west + region->box.east) / 2, (region->box.south + region->box.north) / 2});
  heat.plane = plane.definition();
  const auto polygons = polygons_on(plane, region->wkb);
  const auto points = read_points(tx, asked, heat.cell, period.window, *region, plane);
  if (auto ok = settle_bandwidth(asked, points, heat); !ok) return fail(ok.error());
  const auto raster = raster_around(polygons, asked.spacing ? *asked.spacing : heat.bandwidth / 4);
  if (!raster) return fail(raster.error());
  heat.raster = *raster;
  const auto covered = map::coverage(polygons, heat.raster);
  heat.density = map::kernel_density(points, heat.raster, covered, heat.bandwidth, asked.correction);
  heat.integral = map::integral(heat.raster, heat.density, covered);
  heat.count = points.size();
  for (const map::WeightedPoint& p : points) heat.weight += p.weight;
  for (const double part : covered) heat.area_km2 += part * heat.raster.spacing * heat.raster.spacing / 1e6;
  for (double& value : heat.density) value *= 1e6;
  return heat;
}

}  // namespace

Result<Heat> make_heat(storage::Pool& pool, const Principal& who, const HeatAsked& asked) {
  return pool.read<Heat>([&](storage::Tx& tx) { return heat_of(tx, who, asked); });
}

}  // namespace gridward::service
