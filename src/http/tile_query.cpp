#include "http/tile_query.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "http/credential.h"
#include "http/figure_query.h"
#include "http/hotspot_query.h"
#include "service/measures.h"

namespace gridward::http {
namespace {

bool is_tile(Operation operation) {
  constexpr Operation tiles[] = {Operation::GetTile,           Operation::GetTileGcj02,      Operation::GetHeatTile,
                                 Operation::GetHeatTileDouble, Operation::GetHeatTileGcj02, Operation::GetHeatTileGcj02Double};
  return std::ranges::find(tiles, operation) != std::end(tiles);
}

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

using service::LayerKind;

/// What a layer takes beside `layer`, `z`, `x`, `y` and `at`.
std::vector<std::string_view> taken_by(const service::LayerAsked& asked, bool has_measures) {
  std::vector<std::string_view> out;
  const auto add = [&](std::initializer_list<std::string_view> names) { out.insert(out.end(), names); };
  if (asked.kind != LayerKind::adjacency) add({"from", "to", "period"});
  if (service::is_of_cells(asked.kind)) add({"mode", "as_of", "known_at"});
  if (asked.kind == LayerKind::cells) add({"measures"});
  else if (asked.kind != LayerKind::points) add({"level"});
  if (asked.layer == "hazards") add({"open_at"});
  if (asked.layer == "hazards" || asked.kind == LayerKind::hotspots || has_measures) add({"source", "grade"});
  if (asked.kind == LayerKind::adjacency) add({"contiguity", "min_shared_m"});
  if (asked.kind == LayerKind::hotspots) add({"measure", "statistic", "rates", "contiguity", "min_shared_m", "distance_m", "permutations", "seed", "fdr"});
  return out;
}

Result<void> check_taken(const Input& p, const service::LayerAsked& asked) {
  constexpr std::string_view some[] = {"measures", "mode", "as_of", "known_at", "from", "to", "period", "level", "measure", "open_at", "source", "grade", "statistic", "rates", "contiguity", "min_shared_m", "distance_m", "permutations", "seed", "fdr"};
  const auto taken = taken_by(asked, p.has("measures"));
  for (const std::string_view name : some)
    if (p.has(std::string(name).c_str()) && std::ranges::find(taken, name) == taken.end())
      return fail(Error::field(std::string(name), fmt::format("is not for the layer {}{}, which takes at, {}", asked.layer, asked.kind == LayerKind::cells && (name == "source" || name == "grade") ? " without measures" : "", fmt::join(taken, ", "))));
  for (const char* name : {"from", "to", "period"})
    if (p.has(name) && p.has("open_at")) return fail(Error::field(name, "does not go with open_at: give one or the other"));
  return {};
}

/// The level of a layer's cells: its own, the asked one, or villages.
Result<int> read_level(const Input& p, const service::LayerAsked& asked) {
  if (asked.kind == LayerKind::cells) return service::level_of(asked.layer);
  const int level = p.has("level") ? level_number(p.text("level")) : 3;
  if (level == 1 && asked.kind != LayerKind::risk) return fail(Error::field("level", fmt::format("must be town or village with {}", asked.layer)));
  return level;
}

/// The window and what is joined to cells in it.
Result<std::optional<service::FiguresAsked>> read_figures(const Input& p, const service::LayerAsked& asked) {
  const bool window = p.has("from") || p.has("to") || p.has("period"), needed = asked.kind == LayerKind::hotspots || asked.kind == LayerKind::key_regions;
  if (!window) {
    if (needed) return fail(Error::field("from", fmt::format("and to, or period, are needed with {}", asked.layer)));
    for (const char* name : {"measures", "mode", "as_of", "known_at"})
      if (p.has(name)) return fail(Error::field("from", std::string("and to, or period, are needed with ") + name));
    if (asked.kind != LayerKind::risk) return std::optional<service::FiguresAsked>();
  }
  auto read = window ? read_figures_asked(p) : read_mode(p);
  if (!read) return fail(read.error());
  if (!window) {
    const auto day = parse_day(asked.at);
    read->period = day ? PeriodAsked{PeriodKind::own, false, {*day, *day + std::chrono::days{1}}} : PeriodAsked{PeriodKind::month, true, {}};
  }
  return std::optional(std::move(*read));
}

/// What is joined to the cells, and how it is looked for.
Result<void> read_joined(const Input& p, service::LayerAsked& asked) {
  if (asked.kind == LayerKind::risk) asked.figures->measures = {"risk_highest", "risk_index"};
  if (p.has("measures")) {
    auto measures = read_measures(p.text("measures"));
    if (!measures) return fail(measures.error());
    asked.figures->measures = std::move(*measures);
  }
  if (asked.kind == LayerKind::adjacency) {
    if (p.text("contiguity") == "distance") return fail(Error::field("contiguity", "must be rook or queen with adjacency"));
    const auto linking = read_linking(p);
    if (!linking) return fail(linking.error());
    asked.least_shared_m = linking->kind == service::Linking::Kind::rook ? linking->min_shared_m : 0;
  }
  if (asked.kind != LayerKind::hotspots) return {};
  const auto measure = read_measure(p);
  if (!measure) return fail(measure.error());
  if (!service::family_of(*measure)) return fail(Error::field("measure", "must be a rate of counts or a share, such as hazards_per_enterprise or inspection_coverage"));
  asked.figures->measures = {*measure};
  auto hotspots = read_hotspots_asked(p);
  if (!hotspots) return fail(hotspots.error());
  asked.hotspots = std::move(*hotspots);
  asked.hotspots.moran_local = p.text("statistic") == "moran_local";
  asked.hotspots.gi_star = !asked.hotspots.moran_local;
  asked.hotspots.moran_global = false;
  return {};
}

}  // namespace

bool is_gcj02(const Route& route) {
  constexpr Operation moved[] = {Operation::GetTileGcj02, Operation::GetTileJsonGcj02, Operation::GetHeatTileGcj02, Operation::GetHeatTileGcj02Double, Operation::GetBasemapTileGcj02, Operation::GetBasemapTileJsonGcj02};
  return std::ranges::find(moved, route.operation) != std::end(moved);
}

Result<map::TileId> read_tile_id(const Input& p) {
  const std::int64_t z = p.integer("z"), x = p.integer("x"), y = p.integer("y");
  for (const auto& [name, n] : {std::pair{"x", x}, std::pair{"y", y}})
    if (n >= std::int64_t{1} << z) return fail(Error::field(name, fmt::format("is beyond the last tile of zoom {}, which is {}", z, (std::int64_t{1} << z) - 1)));
  return map::TileId{static_cast<int>(z), static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)};
}

std::string with_sent_parameters(std::string address, const Request& request) {
  const std::string_view sent = request.target;
  const auto question = sent.find('?');
  char sign = '?';
  for (std::string_view rest = question == std::string_view::npos ? "" : sent.substr(question + 1); !rest.empty();) {
    const auto end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (pair.substr(0, pair.find('=')) == kKeyParameter) continue;
    address.append(1, sign).append(pair);
    sign = '&';
  }
  return address;
}

std::optional<TileAddress> find_tile_address(const Routed& routed, const Request& request) {
  const Route& route = *routed.route;
  if (!is_tile(route.operation)) return std::nullopt;
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
  asked.kind = service::kind_of(asked.layer);
  asked.at = p.text("at");
  asked.gcj02 = is_gcj02(route);
  asked.open_at = p.text("open_at");
  asked.source = p.text("source");
  asked.grade = p.text("grade");
  if (const auto taken = check_taken(p, asked); !taken) return fail(taken.error());
  const auto level = read_level(p, asked);
  if (!level) return fail(level.error());
  asked.level = *level;
  auto figures = read_figures(p, asked);
  if (!figures) return fail(figures.error());
  asked.figures = std::move(*figures);
  if (asked.figures) asked.figures->source = asked.source, asked.figures->grade = asked.grade;
  if (const auto read = read_joined(p, asked); !read) return fail(read.error());
  return asked;
}

}  // namespace gridward::http
