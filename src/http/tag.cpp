#include "http/tag.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

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

std::string basis_of(const Request& request, const Principal& who, const service::Known::State& state) {
  std::string basis = fmt::format("{}\n{}\n{}\n", who.account, who.csrf, state.digest);
  for (const Grant& g : who.grants) basis += fmt::format("{}:{}:{} ", g.role, g.district, g.cell);
  if (const std::string* accept = request.header("accept")) basis += *accept;
  return basis;
}

/// Whether an answer has addresses of ours in full, so that it is another under another one.
bool names_addresses(const Route& route) {
  return route.operation == Operation::GetTileJson || route.operation == Operation::GetTileJsonGcj02 || route.operation == Operation::GetHeatJson || route.pattern.starts_with("/ogc");
}

}  // namespace

bool is_tagged(const Route& route, const Request& request) {
  return route.versioned && std::ranges::find(request.query, std::pair<std::string, std::string>{"phones", "true"}) == request.query.end();
}

std::string make_etag(const Sealing& sealing, const Routed& routed, const Request& request, const Principal& who, const service::Known::State& state) {
  const auto tile = find_tile_address(routed, request);
  std::string basis = request.target + '\n' + (tile ? tile_basis(*tile, who, state) : basis_of(request, who, state));
  if (names_addresses(*routed.route)) basis += '\n' + sealing.address.base(request);
  return with_encoding('"' + service::seal(sealing.key, basis) + '"', accepted_encoding(request));
}

}  // namespace gridward::http
