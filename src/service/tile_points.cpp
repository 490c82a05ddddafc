#include "service/tile_points.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/risk.h"
#include "geo/gcj02.h"
#include "service/tiles.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;

constexpr double kSquaresAcross = 64;

enum class Kind { text, whole, flag };
/// A property of a point: how it is named here and in the query. Counts are told of squares, all else of single points.
struct Field {
  const char* name;
  Kind kind;
  bool of_squares = false;
};

std::vector<Field> fields_of(const std::string& layer) {
  if (layer == "enterprises") return {{"risk_grade", Kind::whole, true}, {"code", Kind::text}, {"name", Kind::text}, {"industry", Kind::text}};
  if (layer == "hazards")
    return {{"n_open", Kind::whole, true}, {"n_major", Kind::whole, true}, {"id", Kind::text}, {"day", Kind::text}, {"source", Kind::text}, {"grade", Kind::text}, {"category", Kind::text}, {"open", Kind::flag}};
  return {{"n_completed", Kind::whole, true}, {"id", Kind::text}, {"day", Kind::text}, {"result", Kind::text}, {"outcome", Kind::text}};
}

/// The box to be read: the tile's, of whole squares and one more around, so that those which it shows have all their points.
map::DegreeBox box_to_read(const PointsAsked& asked, const map::TileId& tile, double side) {
  map::DegreeBox box = box_of(tile, asked.gcj02);
  if (side > 0) box = {(std::floor(box.west / side) - 1) * side, (std::floor(box.south / side) - 1) * side, (std::floor(box.east / side) + 2) * side, (std::floor(box.north / side) + 2) * side};
  return {std::max(box.west, asked.extent.west), std::max(box.south, asked.extent.south), std::min(box.east, asked.extent.east), std::min(box.north, asked.extent.north)};
}

storage::Rows read_points(storage::Tx& tx, const PointsAsked& asked, const map::DegreeBox& box, double side) {
  const Param cells = asked.cells ? Param{fmt::format("{{{}}}", fmt::join(*asked.cells, ","))} : Param{}, squares = fmt::format("{:.17g}", side);
  std::vector<Param> p = {std::to_string(asked.district)};
  for (const double edge : {box.west, box.south, box.east, box.north}) p.emplace_back(fmt::format("{:.17g}", edge));
  if (asked.layer == "enterprises") {
    p.insert(p.end(), {to_string(asked.day), cells, squares});
    return tx.run(sql::tiles_enterprises, p);
  }
  p.insert(p.end(), {to_string(asked.window.from), to_string(asked.window.to)});
  if (asked.layer == "hazards") {
    p.insert(p.end(), {or_null(asked.open_at), or_null(asked.source), or_null(asked.grade), cells, squares});
    return tx.run(sql::tiles_hazards, p);
  }
  p.insert(p.end(), {cells, squares});
  return tx.run(sql::tiles_inspections, p);
}

geo::GridPoint placed(const map::TileId& tile, bool gcj02, geo::LonLat at) {
  if (gcj02) at = geo::to_gcj02(at);
  return map::in_tile(tile, map::to_world({at.lon, at.lat}));
}

bool is_shown(const geo::GridPoint& p) { return std::min(p.x, p.y) >= -map::kTileBuffer && std::max(p.x, p.y) < map::kTileExtent + map::kTileBuffer; }

map::Tags tags_of(const storage::Rows& rows, std::size_t i, const std::vector<Field>& fields, bool square) {
  map::Tags tags;
  for (const Field& field : fields) {
    // A grade is told of both.
    if ((square && !field.of_squares) || (!square && std::string_view(field.name).starts_with("n_")) || rows.null(i, field.name)) continue;
    if (field.kind == Kind::text) tags.emplace_back(field.name, rows.text(i, field.name));
    else if (field.kind == Kind::whole) tags.emplace_back(field.name, rows.integer(i, field.name));
    else tags.emplace_back(field.name, rows.boolean(i, field.name));
  }
  return tags;
}

void add_risk(const RiskGrade& grade, map::Tags& tags) {
  tags.insert(tags.end(), {{"risk_zh", std::string(grade.zh)}, {"risk_colour", std::string(grade.colour)}, {"risk_letter", std::string(grade.letter)}});
}

}  // namespace

std::vector<std::pair<std::string, std::string>> point_fields(const std::string& layer) {
  std::vector<std::pair<std::string, std::string>> out = {{"n", "Number: how many are counted together"}, {"aggregated", fmt::format("Boolean: true below zoom {}, where points are counted together", kEachFromZoom)}};
  if (layer == "enterprises") out.insert(out.end(), {{"id", "Number"}, {"risk_zh", "String: 重大, 较大, 一般, 低; of a square the highest in it"}, {"risk_colour", "String: red, orange, yellow, blue"}, {"risk_letter", "String: R, O, Y, B"}});
  for (const Field& field : fields_of(layer)) out.emplace_back(field.name, field.kind == Kind::text ? "String" : field.kind == Kind::whole ? "Number" : "Boolean");
  return out;
}

std::vector<PlacedPoint> points_in(storage::Tx& tx, const PointsAsked& asked, const map::DegreeBox& box, double side) {
  std::vector<PlacedPoint> out;
  const auto rows = read_points(tx, asked, box, side);
  for (std::size_t i = 0; i < rows.size(); ++i) out.push_back({{rows.real(i, "lon"), rows.real(i, "lat")}, rows.integer(i, "n")});
  return out;
}

void draw_points(storage::Tx& tx, const PointsAsked& asked, const map::TileId& tile, map::MvtLayer& layer) {
  const bool squares = tile.z < kEachFromZoom, units = asked.layer == "enterprises";
  const double side = squares ? 360 / std::ldexp(kSquaresAcross, tile.z) : 0;
  const map::DegreeBox box = box_to_read(asked, tile, side);
  if (box.west > box.east || box.south > box.north) return;
  const auto fields = fields_of(asked.layer);
  const auto rows = read_points(tx, asked, box, side);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const geo::GridPoint at = placed(tile, asked.gcj02, {rows.real(i, "lon"), rows.real(i, "lat")});
    if (!is_shown(at)) continue;
    map::Tags tags = tags_of(rows, i, fields, squares);
    tags.emplace_back("n", rows.integer(i, "n"));
    if (squares) tags.emplace_back("aggregated", true);
    if (units && !rows.null(i, "risk_grade")) add_risk(kRiskGrades[rows.integer(i, "risk_grade")], tags);
    const std::int64_t cell = units && !squares ? rows.integer(i, "cell_id") : 0;
    if (cell != 0) tags.emplace_back("id", cell);
    layer.add_points(static_cast<std::uint64_t>(cell), {&at, 1}, tags);
  }
}

}  // namespace gridward::service
