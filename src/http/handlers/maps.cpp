#include "service/map_views.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "http/dispatch.h"
#include "http/figure_query.h"
#include "http/heat_query.h"
#include "http/hotspot_query.h"
#include "http/listing.h"
#include "service/event_points.h"
#include "service/known.h"
#include "service/measures.h"
#include "service/tile_maps.h"

namespace gridward::http {
namespace {

using service::LayerKind;

/// Numbers with commas between, as many as there are; nothing where some is none.
std::optional<std::vector<double>> read_numbers(std::string_view text) {
  std::vector<double> out;
  while (true) {
    double n = 0;
    const auto end = text.find(',');
    const std::string_view part = text.substr(0, end);
    const auto [rest, error] = std::from_chars(part.data(), part.data() + part.size(), n);
    if (error != std::errc{} || rest != part.data() + part.size()) return std::nullopt;
    out.push_back(n);
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

Result<std::optional<map::DegreeBox>> read_view(const Input& p) {
  if (!p.has("bbox")) return std::optional<map::DegreeBox>();
  const auto n = read_numbers(p.text("bbox"));
  if (!n || n->size() != 4 || (*n)[0] >= (*n)[2] || (*n)[1] >= (*n)[3] || (*n)[0] < -180 || (*n)[2] > 180 || (*n)[1] < -85 || (*n)[3] > 85)
    return fail(Error::field("bbox", "must be west,south,east,north in degrees, west less than east and south less than north"));
  return std::optional(map::DegreeBox{(*n)[0], (*n)[1], (*n)[2], (*n)[3]});
}

Result<std::vector<double>> read_limits(const Input& p) {
  if (!p.has("limits")) return std::vector<double>();
  auto n = read_numbers(p.text("limits"));
  bool rising = n && !n->empty() && n->size() <= 8 && n->front() > 0;
  for (std::size_t i = 1; rising && i < n->size(); ++i) rising = (*n)[i - 1] < (*n)[i];
  if (!rising) return fail(Error::field("limits", "must be one to eight rising numbers above 0 with commas between, such as 1,2,5,10"));
  return std::move(*n);
}

map::Paper read_paper(const Input& p) {
  constexpr std::array<std::pair<std::string_view, map::Paper>, 4> sizes = {{{"A4", {297, 210}}, {"A3", {420, 297}}, {"A2", {594, 420}}, {"A1", {841, 594}}}};
  map::Paper paper;
  for (const auto& [name, size] : sizes)
    if (p.text("paper") == name) paper = size;
  if (p.text("orientation") == "portrait") std::swap(paper.width, paper.height);
  return paper;
}

constexpr const char* kOfHeat[] = {"kind", "category", "bandwidth", "bandwidth_rule", "edge_correction", "major_weight", "relative_to", "least_base", "versus_from", "versus_to", "ramp", "top"};

/// A surface of the cell that is shown.
Result<void> read_heat(const Input& p, service::MapAsked& asked) {
  if (!p.has("kind")) return fail(Error::field("kind", "is needed with theme=heat: hazard, inspection, patrol or accident"));
  for (const char* name : {"mode", "as_of", "known_at"})
    if (p.has(name)) return fail(Error::field(name, "does not go with theme=heat, which shows events where they happened, as known now"));
  auto heat = read_heat_asked(p);
  if (!heat) return fail(heat.error());
  auto scale = read_scale(p);
  if (!scale) return fail(scale.error());
  heat->cell = p.text("within");
  asked.heat = service::HeatView{std::move(*heat), std::move(*scale)};
  return {};
}

/// What the cells are coloured by.
Result<void> read_theme(const Input& p, service::MapAsked& asked) {
  const std::string theme = p.text("theme");
  auto& layer = asked.layer;
  const bool needs_measure = theme.empty() || theme == "measure" || theme == "hotspots";
  if (needs_measure != p.has("measure")) return fail(Error::field("measure", needs_measure ? "is needed: docs/figures.md has them" : "does not go with this theme"));
  if (p.has("limits") && !theme.empty() && theme != "measure") return fail(Error::field("limits", "go with a measure"));
  if (theme == "heat") return read_heat(p, asked);
  for (const char* name : kOfHeat)
    if (p.has(name)) return fail(Error::field(name, "goes with theme=heat"));
  layer.kind = theme == "risk" ? LayerKind::risk : theme == "hotspots" ? LayerKind::hotspots : theme == "key-regions" ? LayerKind::key_regions : LayerKind::cells;
  if (layer.kind == LayerKind::risk) layer.figures->measures = {"risk_highest"};
  if (layer.kind == LayerKind::key_regions && layer.level == 1) return fail(Error::field("level", "must be town or village with key-regions"));
  if (!needs_measure) return {};
  const auto measure = read_measure(p);
  if (!measure) return fail(measure.error());
  layer.figures->measures = {*measure};
  if (*measure == "risk_highest") layer.kind = LayerKind::risk;
  if (layer.kind != LayerKind::hotspots) return {};
  if (!service::family_of(*measure)) return fail(Error::field("measure", "must be a rate of counts or a share, such as hazards_per_enterprise or inspection_coverage"));
  auto hotspots = read_hotspots_asked(p);
  if (!hotspots) return fail(hotspots.error());
  layer.hotspots = std::move(*hotspots);
  layer.hotspots.moran_local = p.text("statistic") == "moran_local";
  layer.hotspots.gi_star = !layer.hotspots.moran_local;
  layer.hotspots.moran_global = false;
  return {};
}

Result<service::MapAsked> read_asked(const Call& call) {
  const Input& p = call.parameters;
  service::MapAsked asked;
  auto figures = read_figures_asked(p);
  if (!figures) return fail(figures.error());
  figures->source = p.text("source");
  figures->grade = p.text("grade");
  asked.layer.level = figures->level;
  asked.layer.figures = std::move(*figures);
  asked.layer.at = p.text("at");
  if (const auto theme = read_theme(p, asked); !theme) return fail(theme.error());
  auto view = read_view(p);
  if (!view) return fail(view.error());
  auto limits = read_limits(p);
  if (!limits) return fail(limits.error());
  asked.view = *view;
  asked.limits = std::move(*limits);
  if (p.has("points")) asked.points = p.text("points") == "enterprises,hazards" ? std::vector<std::string>{"enterprises", "hazards"} : std::vector{p.text("points")};
  asked.title = p.text("title");
  asked.classification = p.text("classification");
  asked.review_number = p.text("review_number");
  asked.paper = read_paper(p);
  asked.kind = call.format == Format::pdf ? geo::Canvas::Kind::pdf : geo::Canvas::Kind::png;
  asked.dots_per_inch = static_cast<double>(p.integer("dpi", 150));
  asked.made_by = "Gridward " GRIDWARD_VERSION;
  return asked;
}

}  // namespace

Result<Response> get_map(const Call& call) {
  const auto asked = read_asked(call);
  if (!asked) return fail(asked.error());
  service::TileSources sources{call.context.figures, call.context.tile_maps, call.context.event_points, call.context.known};
  auto heat = heat_sources(call);
  auto bytes = service::draw_map(sources, heat, call.who, *asked);
  if (!bytes) return fail(bytes.error());
  Response response;
  response.headers = {{"Content-Type", media_type(call.format)}, {"Content-Disposition", fmt::format("inline; filename=map.{}", call.format == Format::pdf ? "pdf" : "png")}};
  response.body = std::make_shared<const std::string>(std::move(*bytes));
  return response;
}

}  // namespace gridward::http
