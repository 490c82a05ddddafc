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
  const bool figures = p.has("measures"), window = p.has("from") || p.has("to") || p.has("period");
  if (!figures && !window) {
    for (const char* name : {"mode", "as_of", "known_at", "source", "grade"})
      if (p.has(name)) return fail(Error::field(name, "goes with measures and a window of days"));
    return asked;
  }
  auto read = read_figures_asked(p);
  if (!read) return fail(read.error());
  if (figures) {
    auto measures = read_measures(p.text("measures"));
    if (!measures) return fail(measures.error());
    read->measures = std::move(*measures);
  }
  read->source = p.text("source");
  read->grade = p.text("grade");
  asked.figures = std::move(*read);
  return asked;
}

}  // namespace gridward::http
