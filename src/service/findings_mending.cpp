#include "service/findings_mending.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "geo/coverage.h"
#include "geo/inscribed.h"

namespace gridward::service {
namespace {

/// Points of GeoJSON with every digit, so that they meet the vertices that are there.
std::string coordinates_of(const std::vector<geo::LonLat>& points) {
  std::vector<std::string> out;
  for (const geo::LonLat p : points) out.push_back(fmt::format("[{},{}]", p.lon, p.lat));
  return fmt::format("[{}]", fmt::join(out, ","));
}

std::string coordinates_of(const geo::Outline& piece) {
  std::vector<std::string> rings;
  for (const auto& ring : piece.rings) rings.push_back(coordinates_of(ring));
  return fmt::format("[{}]", fmt::join(rings, ","));
}

/// The operation `boundary` with polygons as one of its members.
std::string boundary(std::int64_t cell, const char* member, const std::vector<const geo::Outline*>& pieces) {
  std::vector<std::string> polygons;
  for (const geo::Outline* piece : pieces) polygons.push_back(coordinates_of(*piece));
  return fmt::format(R"({{"kind":"boundary","cell":"{}","{}":{{"type":"MultiPolygon","coordinates":[{}]}}}})", cell, member, fmt::join(polygons, ","));
}

std::string gains(std::int64_t cell, const std::vector<const geo::Outline*>& pieces) { return boundary(cell, "gains", pieces); }

}  // namespace

std::string move_below(std::int64_t cell, std::int64_t parent) { return fmt::format(R"({{"kind":"move_cell","cell":"{}","parent":"{}"}})", cell, parent); }

std::string redrawn(std::int64_t cell, const std::vector<geo::Outline>& polygons) {
  std::vector<const geo::Outline*> all;
  for (const geo::Outline& polygon : polygons) all.push_back(&polygon);
  return boundary(cell, "geometry", all);
}

std::string with_corners(std::int64_t cell, const std::vector<geo::LonLat>& corners) {
  return fmt::format(R"({{"kind":"boundary","cell":"{}","corners":{{"type":"MultiPoint","coordinates":{}}}}})", cell, coordinates_of(corners));
}

const std::vector<Mending::Below>& Mending::below(std::int64_t cell) {
  const auto [found, fresh] = below_.try_emplace(cell);
  for (const DistrictMap::Area& area : map_.areas)
    if (fresh && area.parent == cell && !area.wkb.empty()) found->second.push_back({area.cell.id, geo::polygons_of(area.wkb)});
  return found->second;
}

/// The cell below another that has the longest border with a piece of ground; 0: none has any.
std::int64_t Mending::beside_below(std::int64_t cell, const geo::Outline& piece) {
  std::int64_t out = 0;
  double longest = 0;
  for (const Below& b : below(cell)) {
    double metres = 0;
    for (const geo::Outline& polygon : b.polygons) metres += geo::shared_border(piece, polygon, geo::kBeside).metres;
    if (metres > longest) longest = metres, out = b.cell;
  }
  return out;
}

std::string Mending::of_gap(std::int64_t parent, const Pieces& pieces, const std::vector<std::int64_t>& beside, geo::LonLat at) {
  std::map<std::int64_t, std::vector<const geo::Outline*>> gained;
  const DistrictMap::Area* there = map_.find(ground_.cell_at({at.lon, at.lat}));
  const DistrictMap::Area* above = there == nullptr ? nullptr : map_.find(there->parent);
  if (pieces.size() == 1 && above != nullptr && above->parent == parent) {
    gained[above->cell.id].push_back(&pieces.front());  // one below it has the ground already
  } else {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (beside[i] == 0) continue;
      const std::int64_t inner = beside_below(beside[i], pieces[i]);
      if (inner == 0 && !below(beside[i]).empty()) continue;  // it would be a gap of that cell
      gained[beside[i]].push_back(&pieces[i]);
      if (inner != 0) gained[inner].push_back(&pieces[i]);
    }
  }
  std::vector<std::string> operations;
  for (const auto& [cell, ground] : gained) operations.push_back(gains(cell, ground));
  return fmt::format("{}", fmt::join(operations, ","));
}

std::string Mending::of_outside(std::int64_t parent, const Pieces& pieces) const {
  const DistrictMap::Area* above = map_.find(parent);
  if (above == nullptr || above->parent == 0) return "";  // a district's border is not its own to draw
  std::vector<const geo::Outline*> all;
  for (const geo::Outline& piece : pieces) all.push_back(&piece);
  return gains(parent, all);
}

std::int64_t Mending::counted_in(std::int64_t one, std::int64_t two, geo::LonLat at) const {
  const std::int64_t there = ground_.cell_at({at.lon, at.lat});
  if (map_.below(there, one) != map_.below(there, two)) return map_.below(there, one) ? one : two;
  return map_.cell(one).code <= map_.cell(two).code ? one : two;
}

std::string Mending::of_overlap(std::int64_t one, std::int64_t two, std::int64_t owner, const Pieces& pieces, geo::LonLat at) const {
  std::vector<const geo::Outline*> all;
  for (const geo::Outline& piece : pieces) all.push_back(&piece);
  return gains(owner != 0 ? owner : counted_in(one, two, at), all);
}

}  // namespace gridward::service
