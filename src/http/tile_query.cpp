#include "http/tile_query.h"

#include <algorithm>
#include <charconv>

#include "http/figure_query.h"

namespace gridward::http {
namespace {

bool is_gcj02(const Route& route) { return route.operation == Operation::GetTileGcj02 || route.operation == Operation::GetTileJsonGcj02; }

/// The value of a name in a path, as a number; -1 where it is none.
std::int64_t number_of(const Pairs& path, std::string_view name) {
  const auto found = std::ranges::find(path, name, &Pairs::value_type::first);
  std::int64_t n = -1;
  if (found == path.end()) return n;
  const char* const end = found->second.data() + found->second.size();
  const auto read = std::from_chars(found->second.data(), end, n);
  return read.ec == std::errc{} && read.ptr == end ? n : -1;
}

bool has_value(const Pairs& query, std::string_view name) {
  return std::ranges::any_of(query, [&](const auto& pair) { return pair.first == name && !pair.second.empty(); });
}

}  // namespace

std::optional<TileAddress> find_tile_address(const Routed& routed, const Request& request) {
  const Route& route = *routed.route;
  if (route.operation != Operation::GetTile && route.operation != Operation::GetTileGcj02) return std::nullopt;
  const std::int64_t z = number_of(routed.path, "z"), x = number_of(routed.path, "x"), y = number_of(routed.path, "y");
  if (z < 0 || z > map::kDeepestZoom) return std::nullopt;
  const std::int64_t side = std::int64_t{1} << z;
  if (x < 0 || x >= side || y < 0 || y >= side) return std::nullopt;
  const auto layer = std::ranges::find(routed.path, "layer", &Pairs::value_type::first);
  const bool from_map = layer != routed.path.end() && service::follows_from_map(layer->second, has_value(request.query, "measures"));
  return TileAddress{{static_cast<int>(z), static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)}, is_gcj02(route), from_map};
}

Result<service::LayerAsked> read_layer_asked(const Input& p, const Route& route) {
  service::LayerAsked asked;
  asked.layer = p.text("layer");
  asked.at = p.text("at");
  asked.gcj02 = is_gcj02(route);
  asked.open_at = p.text("open_at");
  const bool cells = service::is_of_cells(asked.layer), hazards = asked.layer == "hazards", window = p.has("from") || p.has("to") || p.has("period");
  for (const char* name : {"measures", "mode", "as_of", "known_at"})
    if (p.has(name) && !cells) return fail(Error::field(name, "is for layers of cells: districts, towns, villages"));
  for (const char* name : {"from", "to", "period"})
    if (p.has(name) && p.has("open_at")) return fail(Error::field(name, "does not go with open_at: give one or the other"));
  if (p.has("open_at") && !hazards) return fail(Error::field("open_at", "is for the layer hazards"));
  for (const char* name : {"source", "grade"})
    if (p.has(name) && !hazards && !(cells && p.has("measures"))) return fail(Error::field(name, "is for the layer hazards, and for measures"));
  if (cells && !window)
    for (const char* name : {"measures", "mode", "as_of", "known_at"})
      if (p.has(name)) return fail(Error::field("from", std::string("and to, or period, are needed with ") + name));
  if (window) {
    auto read = read_figures_asked(p);
    if (!read) return fail(read.error());
    asked.figures = std::move(*read);
  }
  if (p.has("measures")) {
    auto measures = read_measures(p.text("measures"));
    if (!measures) return fail(measures.error());
    asked.figures->measures = std::move(*measures);
  }
  asked.source = p.text("source");
  asked.grade = p.text("grade");
  if (asked.figures) asked.figures->source = asked.source, asked.figures->grade = asked.grade;
  return asked;
}

}  // namespace gridward::http
