#include "service/heat_contours.h"

#include <algorithm>
#include <cmath>

namespace gridward::service {
namespace {

constexpr double kPixelsInBandwidth = 8;  // of the raster that is contoured: its edges are straight between them
constexpr double kMostPixels = 4'000'000;
constexpr double kMargin = 2;  // of its pixels around the land; the lattice of the surface has more

std::vector<geo::PlanePolygon> as_plane(const std::vector<map::Polygon>& polygons) {
  std::vector<geo::PlanePolygon> out;
  for (const map::Polygon& polygon : polygons) {
    geo::PlanePolygon moved;
    for (const auto& ring : polygon) {
      moved.emplace_back();
      for (const map::Point& p : ring) moved.back().push_back({p.x, p.y});
    }
    out.push_back(std::move(moved));
  }
  return out;
}

void to_degrees(const geo::LocalPlane& plane, std::vector<geo::PlanePoint>& points) {
  for (geo::PlanePoint& p : points) {
    const geo::LonLat at = plane.to_degrees(p);
    p = {at.lon, at.lat};
  }
}

/// Values in the middles of pixels.
template <class At>
std::vector<float> sampled(const map::Raster& raster, const At& at) {
  std::vector<float> out;
  out.reserve(raster.size());
  for (std::size_t row = 0; row < raster.rows; ++row)
    for (std::size_t column = 0; column < raster.columns; ++column)
      out.push_back(static_cast<float>(at(raster.west + (static_cast<double>(column) + 0.5) * raster.spacing, raster.north - (static_cast<double>(row) + 0.5) * raster.spacing)));
  return out;
}

}  // namespace

Result<HeatContours> make_contours(HeatSources& sources, const Principal& who, const HeatAsked& asked, std::span<const double> breaks, bool lines) {
  const auto state = sources.known.versions();
  if (!state) return fail(state.error());
  const auto place = find_heat_place(sources, who, asked, **state);
  if (!place) return fail(place.error());
  const auto surface = make_surface(sources, place->ground, place->cell.id, asked);
  if (!surface) return fail(surface.error());
  const HeatRegion& region = *surface->parts.region;
  const auto raster = raster_around(region, surface->parts.bandwidth->metres / kPixelsInBandwidth, kMargin, kMostPixels, "bandwidth", kPixelsInBandwidth);
  if (!raster) return fail(raster.error());
  const auto on_raster = [&](const std::vector<float>& values) { return geo::PlaneRaster{raster->west, raster->north, raster->spacing, raster->columns, raster->rows, values}; };
  auto land = as_plane(region.land);
  if (asked.relative) land = geo::region_from(on_raster(sampled(*raster, [&](double x, double y) { return surface->second->at(x, y); })), surface->least_base, land);
  // Beyond the mask the ratio is that to the least base, so that it has a value at every pixel; what lies there is cut away.
  const auto values = sampled(*raster, [&](double x, double y) {
    return combined(asked, surface->least_base, surface->density->at(x, y), surface->second ? asked.relative ? std::max(surface->second->at(x, y), surface->least_base) : surface->second->at(x, y) : 0);
  });
  HeatContours out{place->cell, place->ground.map_day, {}, surface->parts.bandwidth, surface->parts.events->points.size(), surface->parts.second ? surface->parts.second->points.size() : 0, surface->parts.events->off_map, {}, {}};
  if (asked.open_at.empty()) out.period = place->ground.period;
  if (lines) out.lines = geo::isolines(on_raster(values), breaks, land);
  else out.bands = geo::isobands(on_raster(values), breaks, land);
  const geo::LocalPlane plane = region.plane();
  for (geo::Isoband& band : out.bands)
    for (geo::PlanePolygon& polygon : band.polygons)
      for (auto& ring : polygon) to_degrees(plane, ring);
  for (geo::Isoline& line : out.lines)
    for (auto& part : line.lines) to_degrees(plane, part);
  return out;
}

}  // namespace gridward::service
