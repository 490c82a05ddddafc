#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "geo/canvas.h"

namespace gridward::map {

/// A sheet of paper, in mm.
struct Paper {
  double width = 297, height = 210;
};

/// Where the parts of a sheet stand.
struct SheetLayout {
  double unit = 1;  // what is 1 mm on A4
  geo::PaperBox map, legend, facts;
  geo::PaperPoint title;  // the middle of its upper edge
};
/// Across, legend and facts stand beside the map; upright, below it.
[[nodiscard]] SheetLayout layout_of(const Paper& paper);

/// Metres on the ground to a mm of paper: the least round number at which so much land fits into a box.
[[nodiscard]] double metres_per_mm(double metres_east, double metres_north, const geo::PaperBox& box);

/// An area as it stands on the paper.
struct SheetArea {
  std::vector<std::vector<geo::PaperLine>> polygons;  // of each its shell, then its holes
  geo::AreaStyle style;
  std::string letter;  // drawn in it, for those who do not tell its colour; or empty
  std::string name;    // drawn where there is room for it
};
/// The outlines of the areas above those that are drawn, with their names.
struct SheetBorders {
  std::vector<geo::PaperLine> rings;
  geo::Pen pen;
};
struct SheetPoint {
  geo::PaperPoint at;
  double radius = 0.6;
  geo::Rgb colour = 0;
};

struct LegendEntry {
  geo::AreaStyle style;
  std::string letter, text;
  std::int64_t areas = 0;  // that are drawn so
  bool point = false;      // a circle, of which no areas are told
  bool uncounted = false;  // nor are they of a class of a surface
};

/// A map on paper, as it is handed round: all that it says.
struct Sheet {
  std::string title, subtitle;
  std::string mark;  // what must not be overlooked, such as 演示数据·合成; or empty
  std::string classification, review_number;  // 密级, 审图号; empty: a line to write on
  std::vector<SheetArea> ground;  // below the areas: what none of them covers is seen to be of nobody's class
  std::vector<SheetArea> areas;
  std::vector<SheetBorders> borders;
  std::vector<SheetArea> names;  // areas of which the name alone is drawn
  std::vector<SheetPoint> points;
  std::string legend_title;
  std::vector<LegendEntry> legend;
  std::vector<LegendEntry> point_legend;
  std::string legend_note;
  std::vector<std::pair<std::string, std::string>> facts;
  double metres_per_mm = 1;  // in the middle of the map
};

/// Draws a sheet: areas, borders, names where they fit, legend, a scale bar that is true in the middle of the map, an arrow to the north, facts.
void draw_sheet(const Sheet& sheet, const SheetLayout& layout, geo::Canvas& canvas);

/// The map alone, within its frame.
void draw_sheet_map(const Sheet& sheet, const SheetLayout& layout, geo::Canvas& canvas);

/// The length in metres of a scale bar of at most so many mm: 1, 2 or 5 with zeros.
[[nodiscard]] double scale_bar_metres(double metres_per_mm, double most_mm);

}  // namespace gridward::map
