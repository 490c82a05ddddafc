#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "map/sheet.h"

namespace gridward::map {
namespace {

using geo::Anchor;
using geo::Canvas;
using geo::PaperBox;
using geo::PaperLine;
using geo::PaperPoint;

PaperBox box_of(const std::vector<std::vector<PaperLine>>& polygons) {
  constexpr double far = std::numeric_limits<double>::max();
  double west = far, north = far, east = -far, south = -far;
  for (const auto& polygon : polygons)
    for (const PaperPoint& p : polygon.front()) west = std::min(west, p.x), north = std::min(north, p.y), east = std::max(east, p.x), south = std::max(south, p.y);
  return {west, north, east - west, south - north};
}

/// A place for a name: the middle of a horizontal line that lies in the area, and how long that is.
struct Room {
  PaperPoint middle;
  double width = 0;
};

/// The longest line through a polygon at a height, even-odd.
Room room_at(const std::vector<PaperLine>& polygon, double y, const PaperBox& frame) {
  std::vector<double> crossings;
  for (const PaperLine& ring : polygon)
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const PaperPoint &a = ring[i], &b = ring[(i + 1) % ring.size()];
      if ((a.y > y) != (b.y > y)) crossings.push_back(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x));
    }
  std::ranges::sort(crossings);
  Room best;
  for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
    const double west = std::max(crossings[i], frame.x), east = std::min(crossings[i + 1], frame.right());
    if (east - west > best.width) best = {{(west + east) / 2, y}, east - west};
  }
  return best;
}

/// Where the name of an area has most room within the frame.
Room room_in(const SheetArea& area, const PaperBox& frame) {
  Room best;
  for (const auto& polygon : area.polygons) {
    const PaperBox box = box_of({polygon});
    const double top = std::max(box.y, frame.y), bottom = std::min(box.bottom(), frame.bottom());
    for (const double part : {0.5, 0.4, 0.6, 0.3, 0.7}) {
      const Room room = room_at(polygon, top + part * (bottom - top), frame);
      if (room.width > best.width * 1.1) best = room;
    }
  }
  return best;
}

/// Writes names, each where it lies over no other.
class Names {
 public:
  Names(Canvas& canvas, const PaperBox& frame) : canvas_(canvas), frame_(frame) {}

  /// In the middle of a place; false, and nothing is written, where there is no room. `least`: the part of its width that must lie in its area.
  bool write(const Room& room, const std::string& text, const geo::TextStyle& style, double below, double least) {
    const PaperPoint size = canvas_.measure(text, style);
    if (size.x * least > room.width) return false;
    const PaperBox box{room.middle.x - size.x / 2, room.middle.y - size.y / 2 + below, size.x, size.y};
    if (!frame_.holds(box) || std::ranges::any_of(taken_, [&](const PaperBox& other) { return other.overlaps(box); })) return false;
    taken_.push_back(box);
    canvas_.text({box.x, box.y}, text, style);
    return true;
  }

 private:
  Canvas& canvas_;
  const PaperBox frame_;
  std::vector<PaperBox> taken_;
};

void write_names(const Sheet& sheet, const SheetLayout& layout, Canvas& canvas) {
  const double u = layout.unit;
  Names names(canvas, layout.map);
  for (const SheetArea& area : sheet.names) names.write(room_in(area, layout.map), area.name, {3.4 * u, 0x1f2933, true, true}, 0, 0.4);
  std::vector<std::pair<Room, const SheetArea*>> places;
  for (const SheetArea& area : sheet.areas) places.emplace_back(room_in(area, layout.map), &area);
  std::ranges::stable_sort(places, [](const auto& a, const auto& b) { return a.first.width > b.first.width; });
  for (const auto& [room, area] : places) {
    // A letter says what a colour does: under the name of a town it moves up or down.
    double letter_at = 0;
    bool has_letter = false;
    for (const double below : {0.0, -4.4 * u, 4.4 * u}) {
      if (area->letter.empty() || has_letter) break;
      has_letter = names.write(room, area->letter, {2.9 * u, 0x1f2933, true, true}, below, 0.9);
      letter_at = below;
    }
    for (const double height : {2.3, 1.9})
      if (names.write(room, area->name, {height * u, 0x323f4b, false, true}, has_letter ? letter_at + 4.1 * u : 0, 1.04)) break;
  }
}

}  // namespace

void draw_sheet_map(const Sheet& sheet, const SheetLayout& layout, Canvas& canvas) {
  const double u = layout.unit;
  canvas.box(layout.map, {geo::Fill::solid, 0xf4f6f8});
  canvas.cut(layout.map);
  for (const SheetArea& area : sheet.ground)
    for (const auto& polygon : area.polygons) {
      canvas.area(polygon, area.style);
      // Those that lie side by side are drawn over their seam, which would else shine through where neither covers a whole pixel.
      if (area.style.fill == geo::Fill::solid) canvas.lines(polygon, {area.style.colour, 0.1 * u}, true);
    }
  for (const SheetArea& area : sheet.areas)
    for (const auto& polygon : area.polygons) canvas.area(polygon, area.style);
  for (const SheetArea& area : sheet.areas)
    for (const auto& polygon : area.polygons) canvas.lines(polygon, {0x7b8794, 0.12 * u}, true);
  for (const SheetBorders& borders : sheet.borders) canvas.lines(borders.rings, {borders.pen.colour, borders.pen.width * u}, true);
  for (const SheetPoint& point : sheet.points) canvas.circle(point.at, point.radius * u, {geo::Fill::solid, point.colour}, {0xffffff, 0.1 * u});
  write_names(sheet, layout, canvas);
  canvas.uncut();
}

}  // namespace gridward::map
