#include "service/heat_surface.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "map/bandwidth.h"

namespace gridward::service {
namespace {

constexpr double kMostNodes = 4'000'000;
constexpr double kNodesInBandwidth = 4, kNodesInPilot = 8;  // of which the least of the adaptive ones has a quarter
constexpr double kLeastBandwidth = 10;
constexpr double kSquareKilometre = 1e6;

Result<map::Raster> lattice_of(const HeatRegion& region, double bandwidth, double nodes) {
  return raster_around(region, bandwidth / nodes, map::kLatticeMargin, kMostNodes, "bandwidth", nodes);
}

/// The likeliest between a sixteenth and the double of Scott's, as far down as its lattice is not too large.
double likeliest(const HeatRegion& region, const HeatEvents& events, double scott) {
  double low = std::max(kLeastBandwidth, scott / 16);
  while (!lattice_of(region, low, kNodesInBandwidth)) low *= 1.1;
  return map::likelihood_bandwidth(events.points, region.land, [&](double h) { return *lattice_of(region, h, kNodesInBandwidth); }, low, std::max(2 * low, 2 * scott));
}

Result<HeatBandwidth> choose_bandwidth(const HeatAsked& asked, const HeatRegion& region, const HeatEvents& events) {
  HeatBandwidth out{asked.bandwidth ? *asked.bandwidth : map::scott_bandwidth(events.points), {}};
  if (!(out.metres > 0))
    return fail(Errc::rule_violated, fmt::format("Scott's rule needs events in two places that differ in both directions; {} are in the cell. Give bandwidth in metres.", events.points.size()));
  if (asked.rule == BandwidthRule::likelihood) {
    out.metres = likeliest(region, events, out.metres);
    if (!(out.metres > 0)) return fail(Errc::rule_violated, "No bandwidth has a likelihood: some event has no other near it at any. Give bandwidth in metres.");
  }
  if (asked.rule != BandwidthRule::adaptive || events.points.empty()) return out;
  const auto lattice = lattice_of(region, out.metres, kNodesInBandwidth);
  if (!lattice) return fail(lattice.error());
  out.each = map::adaptive_bandwidths(events.points, region.land, *lattice, out.metres);
  return out;
}

}  // namespace

HeatGround heat_ground(const HeatAsked& asked, const District& district, const Outline& outline) {
  HeatGround out{district, settle(asked.period, *parse_day(district.today)), {}, {}, {{asked.kind, {}, asked.open_at, asked.source, asked.grade, asked.category}, asked.major_weight}};
  out.filter.window = out.period.window;
  const std::string last = asked.open_at.empty() ? to_string(out.period.window.to - std::chrono::days{1}) : asked.open_at;
  out.map_day = !asked.at.empty() ? asked.at : std::min(last, district.today);
  out.since = outline.since(out.map_day);
  if (asked.versus) {
    out.second = out.filter;
    out.second->window = *asked.versus;
  } else if (asked.relative) {
    const Day day = *parse_day(std::min(last, district.today));
    out.second = HeatFilter{{"enterprise", {day, day + std::chrono::days{1}}}};
  }
  return out;
}

double least_base_density(double enterprises, double bandwidth) { return enterprises / (4 * std::numbers::pi * bandwidth * bandwidth) * kSquareKilometre; }

double combined(const HeatAsked& asked, double least_base, double density, double second) {
  if (asked.versus) return density - second;
  if (!asked.relative) return density;
  return second < least_base ? std::numeric_limits<double>::quiet_NaN() : density / second;
}

Result<map::Raster> raster_around(const HeatRegion& region, double spacing, double margin, double most, const char* parameter, double times) {
  const double width = region.high.x - region.low.x, height = region.high.y - region.low.y;
  const double columns = std::max(1.0, std::ceil(width / spacing)) + 2 * margin, rows = std::max(1.0, std::ceil(height / spacing)) + 2 * margin;
  if (columns * rows > most)
    return fail(Error::field(parameter, fmt::format("would make {:.0f} pixels of {:.0f} m, and {:.0f} are the most: give at least {:.0f}", columns * rows, spacing, most,
                                                    std::ceil(times * (std::sqrt(width * height / most) * (1 + 2 * margin / std::sqrt(most)) + 1)))));
  return map::Raster{region.low.x - margin * spacing, region.high.y + margin * spacing, spacing, static_cast<std::size_t>(columns), static_cast<std::size_t>(rows)};
}

Result<HeatParts> find_parts(HeatSources& sources, const HeatGround& ground, std::int64_t cell, const HeatAsked& asked) {
  const HeatMaps::Land land{ground.district, cell, ground.since};
  HeatParts out;
  const auto region = sources.maps.region(sources.reads, land);
  if (!region) return fail(region.error());
  out.region = *region;
  const auto events = sources.maps.events(sources.reads, sources.events, **region, land, ground.filter);
  if (!events) return fail(events.error());
  out.events = *events;
  if (ground.second) {
    const auto second = sources.maps.events(sources.reads, sources.events, **region, land, *ground.second);
    if (!second) return fail(second.error());
    out.second = *second;
  }
  const std::string name = fmt::format("{} {} {} {}", name_of(land), static_cast<int>(asked.rule), asked.bandwidth.value_or(0), name_of(ground.filter));
  const auto bandwidth = sources.maps.bandwidth(ground.district, name, [&] { return choose_bandwidth(asked, **region, **events); });
  if (!bandwidth) return fail(bandwidth.error());
  out.bandwidth = *bandwidth;
  return out;
}

Result<HeatSurface> make_surface(HeatSources& sources, const HeatGround& ground, std::int64_t cell, const HeatAsked& asked) {
  const auto parts = find_parts(sources, ground, cell, asked);
  if (!parts) return fail(parts.error());
  const double h = parts->bandwidth->metres;
  const HeatMaps::Land land{ground.district, cell, ground.since};
  const bool adaptive = asked.rule == BandwidthRule::adaptive;
  const auto lattice = lattice_of(*parts->region, h, adaptive ? kNodesInPilot : kNodesInBandwidth);
  if (!lattice) return fail(lattice.error());
  const auto density = [&](const HeatFilter& filter, const HeatEvents& events) {
    const std::string name = fmt::format("{} {} {} {} {}", name_of(land), h, adaptive, static_cast<int>(asked.correction), name_of(filter));
    return sources.maps.surface(ground.district, name, [&] {
      if (adaptive) return map::adaptive_field(events.points, parts->bandwidth->each, parts->region->land, *lattice, asked.correction);
      if (asked.correction == map::EdgeCorrection::none) return map::density_field(events.points, *lattice, nullptr, h, asked.correction);
      return map::density_field(events.points, *lattice, sources.maps.part_inside(*parts->region, land, *lattice, h).get(), h, asked.correction);
    });
  };
  HeatSurface out{*parts, density(ground.filter, *parts->events), nullptr, least_base_density(asked.least_base, h)};
  if (ground.second) out.second = density(*ground.second, *parts->second);
  return out;
}

}  // namespace gridward::service
