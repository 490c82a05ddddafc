#include "service/tile_points.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/risk.h"
#include "geo/gcj02.h"
#include "service/tiles.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr double kSquaresAcross = 64;

/// What is said of points beside how many they are: of a single one, of those of a square, or of both.
using Fields = std::vector<std::pair<const char*, const char*>>;
Fields fields_of(const std::string& layer) {
  if (layer == "enterprises") return {{"risk_grade", "Number"}, {"code", "String"}, {"name", "String"}, {"industry", "String"}};
  if (layer == "hazards") return {{"n_open", "Number"}, {"n_major", "Number"}, {"id", "String"}, {"day", "String"}, {"source", "String"}, {"grade", "String"}, {"category", "String"}, {"open", "Boolean"}};
  return {{"n_completed", "Number"}, {"id", "String"}, {"day", "String"}, {"result", "String"}, {"outcome", "String"}};
}

/// The box to be read: the tile's, of whole squares and one more around, so that those which it shows have all their points.
map::DegreeBox box_to_read(const PointsAsked& asked, const map::TileId& tile, double side) {
  map::DegreeBox box = box_of(tile, asked.gcj02);
  if (side > 0) box = {(std::floor(box.west / side) - 1) * side, (std::floor(box.south / side) - 1) * side, (std::floor(box.east / side) + 2) * side, (std::floor(box.north / side) + 2) * side};
  return {std::max(box.west, asked.extent.west), std::max(box.south, asked.extent.south), std::min(box.east, asked.extent.east), std::min(box.north, asked.extent.north)};
}

/// The cells that the caller may see, as an array; null: all.
storage::Param cells_param(const PointsAsked& asked) { return asked.cells ? storage::Param{fmt::format("{{{}}}", fmt::join(*asked.cells, ","))} : storage::Param{}; }

Result<storage::Rows> read_enterprises(PointSources sources, const PointsAsked& asked, const map::DegreeBox& box, double side) {
  std::vector<storage::Param> p = {std::to_string(asked.district.id)};
  for (const double edge : {box.west, box.south, box.east, box.north}) p.emplace_back(fmt::format("{:.17g}", edge));
  p.insert(p.end(), {to_string(asked.day), cells_param(asked), fmt::format("{:.17g}", side)});
  return sources.reads.read<storage::Rows>([&](storage::Tx& tx) -> Result<storage::Rows> { return tx.run(sql::tiles_enterprises, p); });
}

bool is_in(const map::DegreeBox& box, geo::LonLat at) { return at.lon >= box.west && at.lon <= box.east && at.lat >= box.south && at.lat <= box.north; }

PointFilter filter_of(const PointsAsked& asked) { return {asked.layer == "hazards" ? "hazard" : "inspection", asked.window, asked.open_at, asked.source, asked.grade, ""}; }

/// Calls `each` with every event that is asked for in a box, its year, and what was chosen of that.
template <class Each>
Result<void> each_event(PointSources sources, const PointsAsked& asked, const map::DegreeBox& box, const Each& each) {
  const PointFilter filter = filter_of(asked);
  const auto years = sources.events.find(sources.reads, asked.district, filter);
  if (!years) return fail(years.error());
  for (const auto& year : *years) {
    const ChosenEvents chosen(*year, filter, asked.cells);
    for (const EventPoint& p : year->between(box.south, box.north))
      if (p.at.lon >= box.west && p.at.lon <= box.east && chosen.has(p)) each(*year, chosen, p);
  }
  return {};
}

/// Events that are counted together.
struct Square {
  double lon = 0, lat = 0;  // sums
  std::int64_t n = 0, open = 0, major = 0, completed = 0;

  [[nodiscard]] geo::LonLat mean() const { return {lon / static_cast<double>(n), lat / static_cast<double>(n)}; }
};
using Squares = std::map<std::pair<double, double>, Square>;  // by row and column

Result<Squares> squares_in(PointSources sources, const PointsAsked& asked, const map::DegreeBox& box, double side) {
  Squares out;
  const auto read = each_event(sources, asked, box, [&](const EventYear& year, const ChosenEvents& chosen, const EventPoint& p) {
    Square& square = out[{std::floor(p.at.lat / side), std::floor(p.at.lon / side)}];
    square.lon += p.at.lon;
    square.lat += p.at.lat;
    ++square.n;
    square.open += chosen.is_open(p) ? 1 : 0;
    square.major += year.texts[p.grade] == "major" ? 1 : 0;
    square.completed += year.texts[p.result] == "completed" ? 1 : 0;
  });
  if (!read) return fail(read.error());
  return out;
}

geo::GridPoint placed(const map::TileId& tile, bool gcj02, geo::LonLat at) {
  if (gcj02) at = geo::to_gcj02(at);
  return map::in_tile(tile, map::to_world({at.lon, at.lat}));
}

bool is_shown(const geo::GridPoint& p) { return std::min(p.x, p.y) >= -map::kTileBuffer && std::max(p.x, p.y) < map::kTileExtent + map::kTileBuffer; }

void add_text(const char* name, const std::string& text, map::Tags& tags) {
  if (!text.empty()) tags.emplace_back(name, text);
}

Result<void> draw_squares(PointSources sources, const PointsAsked& asked, const map::TileId& tile, const map::DegreeBox& box, double side, map::MvtLayer& layer) {
  const auto squares = squares_in(sources, asked, box, side);
  if (!squares) return fail(squares.error());
  for (const auto& [where, square] : *squares) {
    const geo::GridPoint at = placed(tile, asked.gcj02, square.mean());
    if (!is_shown(at)) continue;
    map::Tags tags;
    if (asked.layer == "hazards") tags = {{"n_open", square.open}, {"n_major", square.major}};
    else tags = {{"n_completed", square.completed}};
    tags.insert(tags.end(), {{"n", square.n}, {"aggregated", true}});
    layer.add_points(0, {&at, 1}, tags);
  }
  return {};
}

Result<void> draw_each(PointSources sources, const PointsAsked& asked, const map::TileId& tile, const map::DegreeBox& box, map::MvtLayer& layer) {
  const bool hazards = asked.layer == "hazards";
  return each_event(sources, asked, box, [&](const EventYear& year, const ChosenEvents& chosen, const EventPoint& p) {
    const geo::GridPoint at = placed(tile, asked.gcj02, p.at);
    if (!is_shown(at)) return;
    map::Tags tags{{"id", text_of(p.id)}, {"day", to_string(day_of(p.day))}};
    add_text("source", year.texts[p.source], tags);
    add_text("grade", year.texts[p.grade], tags);
    add_text("category", year.texts[p.category], tags);
    if (hazards) tags.emplace_back("open", chosen.is_open(p));
    add_text("result", year.texts[p.result], tags);
    add_text("outcome", year.texts[p.outcome], tags);
    tags.emplace_back("n", std::int64_t{1});
    layer.add_points(0, {&at, 1}, tags);
  });
}

void add_risk(const RiskGrade& grade, map::Tags& tags) {
  tags.insert(tags.end(), {{"risk_zh", std::string(grade.zh)}, {"risk_colour", std::string(grade.colour)}, {"risk_letter", std::string(grade.letter)}});
}

Result<void> draw_enterprises(PointSources sources, const PointsAsked& asked, const map::TileId& tile, const map::DegreeBox& box, double side, map::MvtLayer& layer) {
  const auto rows = read_enterprises(sources, asked, box, side);
  if (!rows) return fail(rows.error());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const geo::GridPoint at = placed(tile, asked.gcj02, {rows->real(i, "lon"), rows->real(i, "lat")});
    if (!is_shown(at)) continue;
    map::Tags tags;
    if (!rows->null(i, "risk_grade")) tags.emplace_back("risk_grade", rows->integer(i, "risk_grade"));
    for (const char* name : {"code", "name", "industry"}) add_text(name, rows->text(i, name), tags);
    tags.emplace_back("n", rows->integer(i, "n"));
    if (side > 0) tags.emplace_back("aggregated", true);
    if (!rows->null(i, "risk_grade")) add_risk(kRiskGrades[rows->integer(i, "risk_grade")], tags);
    const std::int64_t cell = rows->integer(i, "cell_id");
    if (cell != 0) tags.emplace_back("id", cell);
    layer.add_points(static_cast<std::uint64_t>(cell), {&at, 1}, tags);
  }
  return {};
}

Result<OffMap> enterprises_off_map(PointSources sources, const PointsAsked& asked) {
  const std::vector<storage::Param> p = {std::to_string(asked.district.id), to_string(asked.day), cells_param(asked)};
  const auto places = sources.reads.read<storage::Rows>([&](storage::Tx& tx) -> Result<storage::Rows> { return tx.run(sql::tiles_enterprise_places, p); });
  if (!places) return fail(places.error());
  OffMap out{asked.district.id, "enterprises", 0, 0};
  for (std::size_t i = 0; i < places->size(); ++i) ++(!places->null(i, "lon") && is_in(asked.extent, {places->real(i, "lon"), places->real(i, "lat")}) ? out.on_map : out.off_map);
  return out;
}

}  // namespace

Result<OffMap> points_off_map(PointSources sources, const PointsAsked& asked) {
  if (asked.layer == "enterprises") return enterprises_off_map(sources, asked);
  const PointFilter filter = filter_of(asked);
  const auto years = sources.events.find(sources.reads, asked.district, filter);
  if (!years) return fail(years.error());
  OffMap out{asked.district.id, asked.layer, 0, 0};
  for (const auto& year : *years) {
    const ChosenEvents chosen(*year, filter, asked.cells);
    for (const EventPoint& p : year->points)
      if (chosen.has(p)) ++(p.placed() && is_in(asked.extent, p.at) ? out.on_map : out.off_map);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> point_fields(const std::string& layer) {
  std::vector<std::pair<std::string, std::string>> out = {{"n", "Number: how many are counted together"}, {"aggregated", fmt::format("Boolean: true below zoom {}, where points are counted together", kEachFromZoom)}};
  if (layer == "enterprises") out.insert(out.end(), {{"id", "Number"}, {"risk_zh", "String: 重大, 较大, 一般, 低; of a square the highest in it"}, {"risk_colour", "String: red, orange, yellow, blue"}, {"risk_letter", "String: R, O, Y, B"}});
  const Fields fields = fields_of(layer);
  out.insert(out.end(), fields.begin(), fields.end());
  return out;
}

Result<std::vector<PlacedPoint>> points_in(PointSources sources, const PointsAsked& asked, const map::DegreeBox& box, double side) {
  std::vector<PlacedPoint> out;
  if (asked.layer == "enterprises") {
    const auto rows = read_enterprises(sources, asked, box, side);
    if (!rows) return fail(rows.error());
    for (std::size_t i = 0; i < rows->size(); ++i) out.push_back({{rows->real(i, "lon"), rows->real(i, "lat")}, rows->integer(i, "n")});
    return out;
  }
  if (side > 0) {
    const auto squares = squares_in(sources, asked, box, side);
    if (!squares) return fail(squares.error());
    for (const auto& [where, square] : *squares) out.push_back({square.mean(), square.n});
    return out;
  }
  const auto read = each_event(sources, asked, box, [&](const EventYear& /*year*/, const ChosenEvents& /*chosen*/, const EventPoint& p) { out.push_back({p.at}); });
  if (!read) return fail(read.error());
  return out;
}

Result<void> draw_points(PointSources sources, const PointsAsked& asked, const map::TileId& tile, map::MvtLayer& layer) {
  const double side = tile.z < kEachFromZoom ? 360 / std::ldexp(kSquaresAcross, tile.z) : 0;
  const map::DegreeBox box = box_to_read(asked, tile, side);
  if (box.west > box.east || box.south > box.north) return {};
  if (asked.layer == "enterprises") return draw_enterprises(sources, asked, tile, box, side, layer);
  return side > 0 ? draw_squares(sources, asked, tile, box, side, layer) : draw_each(sources, asked, tile, box, layer);
}

}  // namespace gridward::service
