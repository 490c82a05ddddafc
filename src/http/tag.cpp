#include "http/tag.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "http/asked_area.h"
#include "http/encoding.h"
#include "http/tile_query.h"
#include "service/auth.h"
#include "service/tiles.h"

namespace gridward::http {
namespace {

/// What a tile follows from beside its address.
std::string tile_basis(const TileAddress& address, const Principal& who, const service::Known::State& state) {
  std::string basis = "tile\n";
  const map::DegreeBox box = service::box_of(address.tile, address.gcj02);
  for (std::size_t i = 0; i < state.districts.size(); ++i) {
    const District& d = state.districts[i];
    if (!service::in_district(who, d.id) || !state.outlines[i]->extent.touches(box)) continue;
    basis += fmt::format("{} {} {} {}\n", d.id, d.map_version, address.from_map ? -1 : d.data_version, d.today);
  }
  std::set<std::pair<std::int64_t, std::int64_t>> areas;
  for (const Grant& g : who.grants) areas.emplace(g.district, g.cell);
  for (const auto& [district, cell] : areas) basis += fmt::format("{}:{} ", district, cell);
  return basis;
}

/// What another answer follows from: the districts where it is asked for, and who asks.
std::string area_basis(const AskedArea& area, const service::Known::Places& places, const Request& request, const Principal& who, const service::Known::State& state) {
  std::string basis = fmt::format("{}\n{}\n{}\n", who.account, who.csrf, basis_of(area, places, state));
  for (const Grant& g : who.grants) basis += fmt::format("{}:{}:{} ", g.role, g.district, g.cell);
  if (const std::string* accept = request.header("accept")) basis += *accept;
  return basis;
}

/// Whether an answer is of the imported basemap, which is the same for all and follows from nothing else.
bool is_of_basemap(const Route& route) {
  constexpr Operation all[] = {Operation::GetBasemapTile, Operation::GetBasemapTileGcj02, Operation::GetBasemapTileJson, Operation::GetBasemapTileJsonGcj02};
  return std::ranges::find(all, route.operation) != std::end(all);
}

/// Whether an answer has addresses of ours in full, so that it is another under another one.
bool names_addresses(const Route& route) {
  return route.operation == Operation::GetTileJson || route.operation == Operation::GetTileJsonGcj02 || route.operation == Operation::GetBasemapTileJson || route.operation == Operation::GetBasemapTileJsonGcj02 ||
         route.operation == Operation::GetHeatJson || route.pattern.starts_with("/ogc");
}

std::string sealed(const Sealing& sealing, const Routed& routed, const Request& request, std::string basis) {
  basis = request.target + '\n' + basis;
  if (names_addresses(*routed.route)) basis += '\n' + sealing.address.base(request);
  return with_encoding('"' + service::seal(sealing.key, basis) + '"', accepted_encoding(request));
}

}  // namespace

bool is_tagged(const Route& route, const Request& request) {
  return route.versioned && std::ranges::find(request.query, std::pair<std::string, std::string>{"phones", "true"}) == request.query.end();
}

std::optional<std::string> recall_etag(const Sealing& sealing, const Routed& routed, const Request& request, const Principal& who, const service::Known::State& state, service::Known& known) {
  if (is_of_basemap(*routed.route)) return sealed(sealing, routed, request, fmt::format("basemap\n{}", state.basemap.version));
  if (const auto tile = find_tile_address(routed, request)) return sealed(sealing, routed, request, tile_basis(*tile, who, state));
  const AskedArea area = find_asked_area(routed, request);
  const auto places = known.recall_districts(area.cells);
  if (places.size() != area.cells.size()) return std::nullopt;
  return sealed(sealing, routed, request, area_basis(area, places, request, who, state));
}

Result<std::string> make_etag(const Sealing& sealing, const Routed& routed, const Request& request, const Principal& who, const service::Known::State& state, service::Known& known) {
  if (auto recalled = recall_etag(sealing, routed, request, who, state, known)) return std::move(*recalled);
  const AskedArea area = find_asked_area(routed, request);
  const auto places = known.districts_of(area.cells);
  if (!places) return fail(places.error());
  return sealed(sealing, routed, request, area_basis(area, *places, request, who, state));
}

}  // namespace gridward::http
