#include "service/basemaps.h"

#include <cmath>
#include <numbers>
#include <sstream>

#include <fmt/format.h>

#include "geo/gcj02.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr double kHalf = 20037508.342789244;  // metres from the middle of the plane of tiles to its edge

struct PlanePoint {
  double x = 0, y = 0;
};

geo::LonLat degrees_of(PlanePoint p) {
  return {p.x / kHalf * 180, std::atan(std::sinh(p.y / kHalf * std::numbers::pi)) * 180 / std::numbers::pi};
}

PlanePoint plane_of(geo::LonLat p) {
  return {p.lon / 180 * kHalf, std::asinh(std::tan(p.lat * std::numbers::pi / 180)) / std::numbers::pi * kHalf};
}

/// How the plane is moved: x' = xx x + xy y + x, and y' likewise.
struct Move {
  double xx = 1, xy = 0, yx = 0, yy = 1, x = 0, y = 0;
};

/// The move to GCJ-02 around a tile, as straight as the tile is small, and the true place of its middle.
std::pair<Move, PlanePoint> move_at(PlanePoint middle, double size) {
  const PlanePoint at = plane_of(geo::from_gcj02(degrees_of(middle)));
  const auto moved = [&](double east, double north) { return plane_of(geo::to_gcj02(degrees_of({at.x + east, at.y + north}))); };
  const double step = size / 2;
  const PlanePoint east = moved(step, 0), west = moved(-step, 0), north = moved(0, step), south = moved(0, -step), centre = moved(0, 0);
  Move m{(east.x - west.x) / size, (north.x - south.x) / size, (east.y - west.y) / size, (north.y - south.y) / size};
  m.x = centre.x - m.xx * at.x - m.xy * at.y;
  m.y = centre.y - m.yx * at.x - m.yy * at.y;
  return {m, at};
}

storage::Param number(double n) { return fmt::format("{:.17g}", n); }

}  // namespace

ImportedBasemap read_imported_basemap(storage::Tx& tx) {
  const auto rows = tx.run(sql::basemap_state);
  ImportedBasemap out;
  out.version = rows.integer(0, "version");
  if (!rows.null(0, "west")) out.box = {rows.real(0, "west"), rows.real(0, "south"), rows.real(0, "east"), rows.real(0, "north")};
  out.credit = rows.text(0, "credit");
  out.synthetic = rows.boolean(0, "synthetic");
  std::istringstream kinds(rows.text(0, "kinds"));
  for (std::string kind; kinds >> kind;) out.kinds.push_back(kind);
  return out;
}

const std::vector<std::string>& basemap_layers() {
  static const std::vector<std::string> layers = {"land", "water", "rail", "road", "place"};
  return layers;
}

std::vector<std::pair<std::string, std::string>> basemap_fields(const std::string& layer) {
  static const std::vector<std::pair<std::string, std::string>> classes = {
      {"land", "String: forest, park, grass, farmland, residential, industrial"},
      {"water", "String: water, river, canal, stream"},
      {"rail", "String: rail, subway"},
      {"road", "String: motorway, trunk, primary, secondary, tertiary, residential, service, path"},
      {"place", "String: city, town, village, locality; water or land where it is the name of such an area"}};
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [name, class_words] : classes)
    if (name == layer) out.emplace_back("class", class_words);
  if (layer != "land") out.emplace_back("name", "String: where it has one");
  return out;
}

Result<std::string> make_basemap_tile(storage::Pool& reads, const map::TileId& tile, bool gcj02) {
  const double size = std::ldexp(2 * kHalf, -tile.z), west = tile.x * size - kHalf, north = kHalf - tile.y * size;
  Move move;
  const PlanePoint middle{west + size / 2, north - size / 2};
  PlanePoint at = middle;
  if (gcj02) std::tie(move, at) = move_at(middle, size);
  const double reach = size / 2 + size * map::kTileBuffer / map::kTileExtent + (gcj02 ? size / 50 : 0);
  return reads.read<std::string>([&](storage::Tx& tx) -> Result<std::string> {
    const auto rows = tx.run(sql::basemap_tile, {std::to_string(tile.z), number(west), number(north - size), number(west + size), number(north), number(move.xx), number(move.xy), number(move.yx), number(move.yy), number(move.x),
                                                 number(move.y), number(at.x - reach), number(at.y - reach), number(at.x + reach), number(at.y + reach)});
    return rows.bytes(0, "mvt");
  });
}

}  // namespace gridward::service
