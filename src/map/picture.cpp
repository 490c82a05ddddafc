#include "map/picture.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <png.h>

namespace gridward::map {
namespace {

constexpr std::size_t kParts = 16;  // of a tile along each side, between which places are linear

/// Degrees of a place in a tile, both from 0 to 1 within it.
geo::LonLat degrees_at(const TileId& tile, double x, double y) {
  const double n = std::ldexp(1.0, tile.z);
  return {(tile.x + x) / n * 360 - 180, std::atan(std::sinh(std::numbers::pi * (1 - 2 * (tile.y + y) / n))) * 180 / std::numbers::pi};
}

/// Where an outline crosses the middle of each row of pixels, in pixels from the west, in order: inside is from the first to the second, and so on.
std::vector<std::vector<double>> crossings(const Picture& picture, const std::vector<Polygon>& outline) {
  const auto side = static_cast<double>(picture.side);
  std::vector<double> latitudes;  // from the north
  for (std::size_t row = 0; row < picture.side; ++row) latitudes.push_back(degrees_at(picture.tile, 0, (static_cast<double>(row) + 0.5) / side).lat);
  std::vector<std::vector<double>> out(picture.side);
  const auto add_edge = [&](Point a, Point b) {
    if (a.y < b.y) std::swap(a, b);
    // A middle on the upper end belongs to the edge, one on the lower does not: each ring is crossed an even number of times.
    const auto first = std::ranges::lower_bound(latitudes, a.y, std::greater{}), last = std::ranges::lower_bound(first, latitudes.end(), b.y, std::greater{});
    for (auto at = first; at < last; ++at) {
      const double lon = a.x + (b.x - a.x) * (a.y - *at) / (a.y - b.y);
      out[static_cast<std::size_t>(at - latitudes.begin())].push_back(((lon + 180) / 360 * std::ldexp(1.0, picture.tile.z) - picture.tile.x) * side);
    }
  };
  for (const Polygon& polygon : outline)
    for (const auto& ring : polygon)
      for (std::size_t i = 0; i + 1 < ring.size(); ++i) add_edge(ring[i], ring[i + 1]);
  for (auto& row : out) std::ranges::sort(row);
  return out;
}

/// Places in the plane at the corners of the parts of a tile, rows from the north.
std::vector<geo::PlanePoint> corners(const TileId& tile, const geo::LocalPlane& plane, ToStored to_stored) {
  std::vector<geo::PlanePoint> out;
  for (std::size_t j = 0; j <= kParts; ++j)
    for (std::size_t i = 0; i <= kParts; ++i) out.push_back(plane.to_plane(to_stored(degrees_at(tile, static_cast<double>(i) / kParts, static_cast<double>(j) / kParts))));
  return out;
}

geo::PlanePoint between(geo::PlanePoint a, geo::PlanePoint b, double t) { return {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}; }

/// The column of the first pixel whose middle is not west of `x`.
std::size_t column_from(double x, std::size_t side) { return static_cast<std::size_t>(std::clamp(std::ceil(x - 0.5), 0.0, static_cast<double>(side))); }

void append(png_structp png, png_bytep data, std::size_t length) { static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(data), length); }
void flush(png_structp) {}
[[noreturn]] void refuse(png_structp, png_const_charp why) { throw std::runtime_error(std::string("libpng: ") + why); }

}  // namespace

void paint(Picture& picture, const std::vector<Polygon>& outline, const geo::LocalPlane& plane, ToStored to_stored, const std::function<std::uint8_t(double x, double y)>& colour) {
  const auto crossed = crossings(picture, outline);
  if (std::ranges::all_of(crossed, &std::vector<double>::empty)) return;
  const auto places = corners(picture.tile, plane, to_stored);
  const double part = static_cast<double>(picture.side) / kParts;
  for (std::size_t row = 0; row < picture.side; ++row) {
    if (crossed[row].empty()) continue;
    const double down = (static_cast<double>(row) + 0.5) / part;
    const auto above = static_cast<std::size_t>(down);
    std::array<geo::PlanePoint, kParts + 1> along;
    for (std::size_t i = 0; i <= kParts; ++i) along[i] = between(places[above * (kParts + 1) + i], places[(above + 1) * (kParts + 1) + i], down - static_cast<double>(above));
    for (std::size_t i = 0; i + 1 < crossed[row].size(); i += 2)
      for (std::size_t column = column_from(crossed[row][i], picture.side); column < column_from(crossed[row][i + 1], picture.side); ++column) {
        const double right = (static_cast<double>(column) + 0.5) / part;
        const auto before = static_cast<std::size_t>(right);
        const geo::PlanePoint at = between(along[before], along[before + 1], right - static_cast<double>(before));
        picture.colours[row * picture.side + column] = colour(at.x, at.y);
      }
  }
}

std::string write_png(const Picture& picture, const Palette& palette) {
  std::string out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, refuse, nullptr);
  if (png == nullptr) throw std::runtime_error("libpng has no memory");
  png_infop info = png_create_info_struct(png);
  const auto free_all = [&] { png_destroy_write_struct(&png, &info); };
  try {
    png_set_write_fn(png, &out, append, flush);
    const auto side = static_cast<png_uint_32>(picture.side);
    png_set_IHDR(png, info, side, side, 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    std::array<png_color, 256> colours{};
    std::array<png_byte, 256> opacities{};
    for (std::size_t i = 0; i < palette.size(); ++i) {
      colours[i] = {palette[i].red, palette[i].green, palette[i].blue};
      opacities[i] = palette[i].opacity;
    }
    png_set_PLTE(png, info, colours.data(), static_cast<int>(colours.size()));
    png_set_tRNS(png, info, opacities.data(), static_cast<int>(opacities.size()), nullptr);
    png_set_compression_level(png, 3);
    png_set_filter(png, 0, PNG_FILTER_NONE);
    png_write_info(png, info);
    for (std::size_t row = 0; row < picture.side; ++row) png_write_row(png, picture.colours.data() + row * picture.side);
    png_write_end(png, info);
  } catch (...) {
    free_all();
    throw;
  }
  free_all();
  return out;
}

}  // namespace gridward::map
