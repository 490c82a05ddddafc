#include "service/heat_maps.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "service/kept_read.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;

constexpr std::size_t kMostRegions = std::size_t{128} << 20, kMostEvents = std::size_t{256} << 20, kMostBandwidths = std::size_t{64} << 20,
                      kMostFields = std::size_t{256} << 20;

std::size_t bytes_of(const std::vector<map::Polygon>& polygons) {
  std::size_t sum = sizeof polygons;
  for (const map::Polygon& polygon : polygons)
    for (const auto& ring : polygon) sum += sizeof ring + ring.size() * sizeof(map::Point);
  return sum;
}

std::size_t bytes_of(const HeatRegion& region) { return bytes_of(region.outline) + bytes_of(region.land) + region.inside.bytes(); }

template <class Move>
std::vector<map::Polygon> moved(std::vector<map::Polygon> polygons, const Move& move) {
  for (map::Polygon& polygon : polygons)
    for (auto& ring : polygon)
      for (map::Point& p : ring) p = move(p);
  return polygons;
}

Result<HeatRegion> read_region(storage::Tx& tx, const HeatMaps::Land& land) {
  const auto rows = tx.run(sql::heat_region, {std::to_string(land.district.id), std::to_string(land.cell), or_null(land.since)});
  if (rows.size() == 0) return fail(Errc::rule_violated, "The cell has no shape on the day of the map, so there is no surface over it.");
  const map::DegreeBox box{rows.real(0, "west"), rows.real(0, "south"), rows.real(0, "east"), rows.real(0, "north")};
  const geo::LonLat middle{(box.west + box.east) / 2, (box.south + box.north) / 2};
  const std::string wkb = rows.bytes(0, "wkb");
  HeatRegion out{box, middle, map::read_multi_polygon(wkb), {}, map::Snapshot({{land.cell, 0, "", wkb}}), {INFINITY, INFINITY}, {-INFINITY, -INFINITY}};
  const geo::LocalPlane plane(middle);
  out.land = moved(out.outline, [&](map::Point p) {
    const geo::PlanePoint at = plane.to_plane({p.x, p.y});
    out.low = {std::min(out.low.x, at.x), std::min(out.low.y, at.y)};
    out.high = {std::max(out.high.x, at.x), std::max(out.high.y, at.y)};
    return map::Point{at.x, at.y};
  });
  return out;
}

double number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// What of a kind lies in a region is gathered.
class Gatherer {
 public:
  explicit Gatherer(const HeatRegion& region) : region_(region), plane_(region.plane()) {}
  /// Says whether it does.
  bool add(geo::LonLat place, double weight) {
    const map::DegreeBox& box = region_.box;
    if (place.lat < box.south || place.lat > box.north || place.lon < box.west || place.lon > box.east || region_.inside.cell_at({place.lon, place.lat}) == 0) return false;
    const geo::PlanePoint at = plane_.to_plane(place);
    events_.points.push_back({at.x, at.y, weight});
    events_.weight += weight;
    return true;
  }
  void add_off_map() { ++events_.off_map; }
  HeatEvents finish() { return std::move(events_); }

 private:
  const HeatRegion& region_;
  const geo::LocalPlane plane_;
  HeatEvents events_;
};

HeatEvents read_enterprises(storage::Tx& tx, const HeatRegion& region, const HeatMaps::Land& land, const HeatFilter& filter) {
  std::vector<storage::Param> p = {std::to_string(land.district.id)};
  for (const double edge : {region.box.west, region.box.south, region.box.east, region.box.north}) p.emplace_back(fmt::format("{:.17g}", edge));
  p.emplace_back(to_string(filter.window.to - std::chrono::days{1}));
  const auto rows = tx.run(sql::heat_enterprises, p);
  const int lons = rows.column("lon"), lats = rows.column("lat");
  Gatherer out(region);
  for (std::size_t i = 0; i < rows.size(); ++i) out.add({number(rows.view(i, lons)), number(rows.view(i, lats))}, 1);
  return out.finish();
}

HeatEvents gather_events(const EventPoints::Years& years, const HeatRegion& region, const HeatMaps::Land& land, const HeatFilter& filter) {
  Gatherer out(region);
  for (const auto& year : years) {
    const ChosenEvents chosen(*year, filter, std::nullopt);
    std::vector<char> assigned;  // of chains; all are to the district, also what could not be placed
    for (const EventYear::Chain& chain : year->chains) assigned.push_back(land.cell == land.district.cell || std::ranges::find(chain.way.at, land.cell) != std::end(chain.way.at) ? 1 : 0);
    for (const EventPoint& p : year->points) {
      if (!chosen.has(p) || out.add(p.at, year->texts[p.grade] == "major" ? filter.major_weight : 1)) continue;
      if (assigned[p.chain] != 0) out.add_off_map();
    }
  }
  return out.finish();
}

}  // namespace

std::string name_of(const HeatMaps::Land& land) { return fmt::format("{} {}", land.cell, land.since); }

std::string name_of(const HeatFilter& f) {
  // The category is a text of the client's: it comes last, where nothing can be mistaken for what follows it.
  return fmt::format("{} {} {} {} {} {} {} {}", f.kind, to_string(f.window.from), to_string(f.window.to), f.open_at, f.source.size(), f.source, f.grade, f.major_weight) + ' ' + f.category;
}

HeatMaps::HeatMaps()
    : regions_(kMostRegions, [](const HeatRegion& r) { return bytes_of(r); }), moved_(kMostRegions, [](const std::vector<map::Polygon>& p) { return bytes_of(p); }),
      events_(kMostEvents, [](const HeatEvents& e) { return sizeof e + e.points.size() * sizeof(map::WeightedPoint); }),
      bandwidths_(kMostBandwidths, [](const HeatBandwidth& b) { return sizeof b + b.each.size() * sizeof(double); }), parts_(kMostFields, [](const map::Field& f) { return f.bytes(); }),
      surfaces_(kMostFields, [](const map::Field& f) { return f.bytes(); }) {}

Result<std::shared_ptr<const HeatRegion>> HeatMaps::region(storage::Pool& pool, const Land& land) {
  return find_or_read<HeatRegion>(regions_, {land.district.id, land.district.map_version, name_of(land)}, pool, [&](storage::Tx& tx) { return read_region(tx, land); });
}

std::shared_ptr<const std::vector<map::Polygon>> HeatMaps::gcj02_outline(const HeatRegion& region, const Land& land) {
  return moved_.find({land.district.id, land.district.map_version, name_of(land)}, [&] {
    return std::make_shared<const std::vector<map::Polygon>>(moved(region.outline, [](map::Point p) {
      const geo::LonLat at = geo::to_gcj02({p.x, p.y});
      return map::Point{at.lon, at.lat};
    }));
  });
}

Result<std::shared_ptr<const HeatEvents>> HeatMaps::events(storage::Pool& pool, EventPoints& points, const HeatRegion& region, const Land& land, const HeatFilter& filter) {
  const KeptKey key{land.district.id, land.district.data_version, name_of(land) + ' ' + name_of(filter)};
  if (filter.kind == "enterprise") return find_or_read<HeatEvents>(events_, key, pool, [&](storage::Tx& tx) -> Result<HeatEvents> { return read_enterprises(tx, region, land, filter); });
  return find_or_make<HeatEvents>(events_, key, [&]() -> Result<HeatEvents> {
    const auto years = points.find(pool, land.district, filter);
    if (!years) return fail(years.error());
    return gather_events(*years, region, land, filter);
  });
}

Result<std::shared_ptr<const HeatBandwidth>> HeatMaps::bandwidth(const District& district, const std::string& asked, const std::function<Result<HeatBandwidth>()>& make) {
  return find_or_make<HeatBandwidth>(bandwidths_, {district.id, district.data_version, asked}, make);
}

std::shared_ptr<const map::Field> HeatMaps::part_inside(const HeatRegion& region, const Land& land, const map::Raster& lattice, double bandwidth) {
  return parts_.find({land.district.id, land.district.map_version, fmt::format("{} {} {}", name_of(land), bandwidth, lattice.spacing)},
                     [&] { return std::make_shared<const map::Field>(map::part_inside_field(region.land, lattice, bandwidth)); });
}

std::shared_ptr<const map::Field> HeatMaps::surface(const District& district, const std::string& asked, const std::function<map::Field()>& make) {
  return surfaces_.find({district.id, district.data_version, asked}, [&] { return std::make_shared<const map::Field>(make()); });
}

std::vector<std::pair<const char*, std::function<KeptState()>>> HeatMaps::kept() {
  return {{"heat_regions", [&] { return regions_.state(); }}, {"heat_gcj02", [&] { return moved_.state(); }}, {"heat_events", [&] { return events_.state(); }},
          {"heat_bandwidths", [&] { return bandwidths_.state(); }}, {"heat_parts", [&] { return parts_.state(); }}, {"heat_surfaces", [&] { return surfaces_.state(); }}};
}

}  // namespace gridward::service
