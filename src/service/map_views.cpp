#include "service/map_views.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "geo/local_plane.h"
#include "service/ground.h"
#include "service/map_heat.h"
#include "service/map_themes.h"
#include "service/tile_points.h"

namespace gridward::service {
namespace {

using geo::PaperPoint;
using map::SheetArea;

/// Where land stands on the paper: a plane in metres around the middle of the view.
class Placing {
 public:
  Placing(const map::DegreeBox& view, const geo::PaperBox& frame) : plane_({(view.west + view.east) / 2, (view.south + view.north) / 2}), frame_(frame) {
    geo::PlanePoint low{1e12, 1e12}, high{-1e12, -1e12};
    for (const double lon : {view.west, (view.west + view.east) / 2, view.east})
      for (const double lat : {view.south, view.north}) {
        const geo::PlanePoint p = plane_.to_plane({lon, lat});
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
      }
    middle_ = {(low.x + high.x) / 2, (low.y + high.y) / 2};
    metres_per_mm_ = map::metres_per_mm(high.x - low.x, high.y - low.y, frame);
  }
  [[nodiscard]] PaperPoint on_paper(geo::LonLat at) const {
    const geo::PlanePoint p = plane_.to_plane(at);
    return {frame_.x + frame_.width / 2 + (p.x - middle_.x) / metres_per_mm_, frame_.y + frame_.height / 2 - (p.y - middle_.y) / metres_per_mm_};
  }
  /// What the frame shows, in degrees.
  [[nodiscard]] map::DegreeBox shown() const {
    const double east = frame_.width / 2 * metres_per_mm_, north = frame_.height / 2 * metres_per_mm_;
    map::DegreeBox out;
    for (const double dx : {-east, 0.0, east})
      for (const double dy : {-north, 0.0, north}) {
        const geo::LonLat at = plane_.to_degrees({middle_.x + dx, middle_.y + dy});
        out.extend({at.lon, at.lat, at.lon, at.lat});
      }
    return out;
  }
  [[nodiscard]] double metres_per_mm() const { return metres_per_mm_; }

 private:
  geo::LocalPlane plane_;
  geo::PaperBox frame_;
  geo::PlanePoint middle_;
  double metres_per_mm_ = 1;
};

/// The zoom at which a border is off by a tenth of a mm of paper at most.
int zoom_for(double metres_per_mm, double latitude) {
  constexpr double equator = 40075016.7, tolerance = 4;  // units of a zoom's grid
  const double unit = 0.1 * metres_per_mm / tolerance;
  return std::clamp(static_cast<int>(std::ceil(std::log2(equator * std::cos(latitude * std::numbers::pi / 180) / (map::kTileExtent * unit)))), 0, map::kLastZoom);
}

/// What a map is drawn of.
struct View {
  const MapAsked& asked;
  const Shown& shown;
  const Cell& within;
  const Placing& placing;
  int zoom;
};

/// The areas of a level within the cell that reach into the frame.
Result<std::vector<std::pair<std::int64_t, SheetArea>>> areas_of(TileSources& sources, const View& view, int level) {
  const auto cells = level_map(sources, view.shown, view.asked.layer, level);
  if (!cells) return fail(cells.error());
  const auto band = sources.maps.band(**cells, {view.shown.district, level, view.shown.since, false}, view.zoom);
  const map::DegreeBox frame = view.placing.shown();
  const double scale = std::ldexp(double{map::kTileExtent}, view.zoom);
  std::vector<std::pair<std::int64_t, SheetArea>> out;
  std::size_t last = (*cells)->said.size();
  for (const auto& area : band->areas()) {
    const LevelMap::Said& said = (*cells)->said[area.index];
    if (said.way.at[view.within.level] != view.within.id || !said.box.touches(frame)) continue;
    if (area.index != last) {
      out.emplace_back((*cells)->topology.areas()[area.index].cell, SheetArea{});
      for (const auto& [name, value] : said.tags)
        if (name == "name") out.back().second.name = std::get<std::string>(value);
      last = area.index;
    }
    auto& polygon = out.back().second.polygons.emplace_back();
    for (const auto& ring : area.polygon) {
      geo::PaperLine line;
      for (const geo::GridPoint& p : ring) {
        const map::Point at = map::from_world({p.x / scale, p.y / scale});
        line.push_back(view.placing.on_paper({at.x, at.y}));
      }
      polygon.push_back(std::move(line));
    }
  }
  return out;
}

/// Around the cells of a level within a cell; nowhere, if none has a shape.
Result<map::DegreeBox> box_of_cell(TileSources& sources, const Shown& shown, const MapAsked& asked, const Cell& within) {
  const auto cells = level_map(sources, shown, asked.layer, asked.layer.level);
  if (!cells) return fail(cells.error());
  map::DegreeBox box;
  for (const LevelMap::Said& said : (*cells)->said)
    if (said.way.at[within.level] == within.id) box.extend(said.box);
  return box;
}

std::string day_zh(Day day) {
  const std::chrono::year_month_day d{day};
  return fmt::format("{}年{}月{}日", static_cast<int>(d.year()), static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

/// With its last day, as people say it.
std::string window_zh(Window window) {
  const Day last = window.to - std::chrono::days{1};
  return window.from == last ? day_zh(last) : day_zh(window.from) + "—" + day_zh(last) + "（含首尾两日）";
}

std::string mode_zh(const FiguresAsked& f) {
  switch (f.mode) {
    case Mode::as_was: return "按事发当时的网格归属";
    case Mode::as_is: return "按今天的网格归属";
    case Mode::as_of: break;
  }
  return "按" + day_zh(*parse_day(f.as_of)) + "的网格归属";
}

std::string level_zh(int level) { return level == 1 ? "区县" : level == 2 ? "街镇（园区）" : "村居"; }

std::string number_zh(double n) { return n == std::floor(n) ? fmt::format("{:.0f}", n) : fmt::format("{:.1f}", n); }

void add_facts(const MapTheme& theme, const View& view, const Ground& ground, double counted, std::int64_t drawn, map::Sheet& sheet) {
  const District& district = view.shown.district;
  auto& facts = sheet.facts;
  facts.emplace_back("统计时段", window_zh(ground.period.window));
  if (!theme.surface) facts.emplace_back("归属口径", mode_zh(*view.asked.layer.figures));
  facts.emplace_back("网格地图", day_zh(*parse_day(day_of_map(view.asked.layer, district))) + "，" + level_zh(view.asked.layer.level));
  if (!theme.surface) facts.emplace_back("网格", fmt::format("图上 {} 个，不在图上 {} 个", drawn, theme.areas - drawn));
  if (!theme.counted_zh.empty()) facts.emplace_back(theme.counted_zh, fmt::format("图上 {}，不在图上 {}，合计 {}", number_zh(counted), number_zh(theme.total - counted), number_zh(theme.total)));
  facts.insert(facts.end(), theme.facts.begin(), theme.facts.end());
  facts.emplace_back("数据截至", district.last_day.empty() ? "无记录" : day_zh(*parse_day(district.last_day)));
  facts.emplace_back("坐标系", "CGCS2000；投影：以图幅中心为中央经线的横轴墨卡托");
  facts.emplace_back("制图日期", day_zh(ground.today));
}

/// What the classes are drawn on, with what stands above them.
Result<void> add_areas(TileSources& sources, const View& view, MapTheme& theme, const Ground& ground, map::Sheet& sheet) {
  auto areas = areas_of(sources, view, view.asked.layer.level);
  if (!areas) return fail(areas.error());
  double counted = 0;
  std::int64_t drawn = 0;
  for (auto& [cell, area] : *areas) {
    const auto found = theme.cells.find(cell);
    if (theme.surface) {
      area.style = {geo::Fill::none};
      sheet.areas.push_back(std::move(area));
      continue;
    }
    const MapTheme::Said said = found == theme.cells.end() ? MapTheme::Said{theme.legend.size() - 1, "", 0} : found->second;
    area.style = theme.legend[said.entry].style;
    area.letter = said.letter;
    ++theme.legend[said.entry].areas;
    counted += said.counted;
    drawn += found == theme.cells.end() ? 0 : 1;
    sheet.areas.push_back(std::move(area));
  }
  for (int level = view.asked.layer.level - 1; level >= view.within.level; --level) {
    auto above = areas_of(sources, view, level);
    if (!above) return fail(above.error());
    for (auto& [cell, area] : *above) {
      map::SheetBorders borders{{}, {0x323f4b, level == view.within.level ? 0.6 : 0.35}};
      for (const auto& polygon : area.polygons) borders.rings.insert(borders.rings.end(), polygon.begin(), polygon.end());
      sheet.borders.push_back(std::move(borders));
      // Land of a cell that has no shape is hatched as what is not known is, and not left white like a zero.
      if (level == view.within.level && theme.legend.back().style.fill == geo::Fill::hatched) sheet.ground.push_back({area.polygons, theme.legend.back().style, "", ""});
      if (level == view.asked.layer.level - 1 && level > view.within.level) sheet.names.push_back(std::move(area));
    }
  }
  add_facts(theme, view, ground, counted, drawn, sheet);
  return {};
}

/// The land of the classes of a surface, below all else.
void add_bands(const HeatOnPaper& heat, const View& view, map::Sheet& sheet) {
  for (const auto& [style, polygons] : heat.bands) {
    SheetArea area;
    area.style = style;
    for (const geo::PlanePolygon& polygon : polygons) {
      auto& rings = area.polygons.emplace_back();
      for (const auto& ring : polygon) {
        auto& line = rings.emplace_back();
        for (const geo::PlanePoint& p : ring) line.push_back(view.placing.on_paper({p.x, p.y}));
      }
    }
    sheet.ground.push_back(std::move(area));
  }
}

/// What a map says, of its cells or as a surface.
Result<HeatOnPaper> find_theme(TileSources& sources, HeatSources& heat, const Principal& who, const MapAsked& asked) {
  if (asked.heat) return heat_on_paper(heat, who, *asked.heat);
  auto theme = map_theme(sources, who, asked);
  if (!theme) return fail(theme.error());
  return HeatOnPaper{std::move(*theme), {}};
}

/// A layer of points as it is drawn over a map.
struct PointLook {
  std::string_view layer;
  const char *zh, *measure_word;
  geo::Rgb colour;
};
constexpr PointLook kPoints[] = {{"enterprises", "企业", "家", 0x323f4b}, {"hazards", "隐患", "处", 0xb5179e}};

/// Adds the points of a layer: each as a dot, or, where they are many, those of each two millimetres as a circle whose area grows with their number.
Result<void> add_points(PointSources sources, const View& view, const Ground& ground, const PointLook& look, map::Sheet& sheet) {
  constexpr std::int64_t most = 2000;
  constexpr double square_mm = 2, metres_per_degree = 111195;
  PointsAsked asked{std::string(look.layer), view.shown.district, view.shown.outline.extent};
  asked.cells = std::vector{view.within.id};
  asked.day = *parse_day(day_of_map(view.asked.layer, view.shown.district));
  asked.window = ground.period.window;
  asked.source = view.asked.layer.figures->source;
  asked.grade = view.asked.layer.figures->grade;
  auto points = points_in(sources, asked, view.placing.shown(), square_mm * view.placing.metres_per_mm() / metres_per_degree);
  if (!points) return fail(points.error());
  std::int64_t n = 0, densest = 1;
  for (const PlacedPoint& p : *points) n += p.n, densest = std::max(densest, p.n);
  const bool together = n > most;
  if (!together) points = points_in(sources, asked, view.placing.shown(), 0);
  if (!points) return fail(points.error());
  for (const PlacedPoint& p : *points) sheet.points.push_back({view.placing.on_paper(p.at), together ? 0.25 + 0.75 * std::sqrt(static_cast<double>(p.n) / static_cast<double>(densest)) : 0.5, look.colour});
  sheet.point_legend.push_back({{geo::Fill::solid, look.colour}, "", fmt::format("{} {} {}{}", look.zh, n, look.measure_word, together ? "（圆面积表示数量）" : ""), 0, true});
  return {};
}

map::Sheet sheet_of(const MapAsked& asked, const MapTheme& theme, const View& view, const Ground& ground) {
  map::Sheet sheet;
  sheet.title = asked.title.empty() ? view.within.name + theme.title : asked.title;
  sheet.subtitle = (asked.title.empty() ? "" : view.within.name + theme.title + "　") + window_zh(ground.period.window);
  sheet.mark = view.shown.district.synthetic ? kSynthetic : "";
  sheet.classification = asked.classification;
  sheet.review_number = asked.review_number;
  sheet.legend_title = theme.legend_title;
  sheet.legend_note = theme.legend_note;
  sheet.metres_per_mm = view.placing.metres_per_mm();
  return sheet;
}

Result<std::string> print(const MapAsked& asked, const map::Sheet& sheet, const map::SheetLayout& layout, const Ground& ground) {
  geo::Canvas canvas(asked.kind, asked.paper.width, asked.paper.height, asked.dots_per_inch, {sheet.title, asked.made_by, sheet.subtitle + " " + sheet.mark, to_string(ground.today)});
  map::draw_sheet(sheet, layout, canvas);
  if (const auto missing = canvas.missing_characters(); missing > 0)
    return fail(Errc::rule_violated, fmt::format("No font of the server has {} characters of this map, Chinese ones for example: install fonts-noto-cjk (or fonts-wqy-microhei, which is smaller) there, or leave such characters out of title, classification and review_number.", missing));
  return canvas.finish();
}

}  // namespace

Result<std::string> draw_map(TileSources& sources, HeatSources& heat, const Principal& who, const MapAsked& asked) {
  const auto state = sources.known.versions();
  if (!state) return fail(state.error());
  const auto ground = sources.figures.reads.read<Ground>([&](storage::Tx& tx) { return find_ground(tx, who, *asked.layer.figures); });
  if (!ground) return fail(ground.error());
  const auto all = shown_districts(**state, who, asked.layer);
  const auto shown = std::ranges::find(all, ground->district.id, [](const Shown& s) { return s.district.id; });
  if (shown == all.end()) return fail(Errc::rule_violated, "The map of this district begins on " + ground->district.holds_from + ".");
  const auto box = box_of_cell(sources, *shown, asked, ground->within);
  if (!box) return fail(box.error());
  if (box->nowhere()) return fail(Errc::rule_violated, "No cell of this level has a shape on that day: there is nothing to draw. /api/v1/figures has the numbers.");
  auto found = find_theme(sources, heat, who, asked);
  if (!found) return fail(found.error());
  MapTheme& theme = found->theme;
  const map::SheetLayout layout = map::layout_of(asked.paper);
  const map::DegreeBox frame = asked.view.value_or(*box);
  const Placing placing(frame, layout.map);
  const View view{asked, *shown, ground->within, placing, zoom_for(placing.metres_per_mm(), (frame.south + frame.north) / 2)};
  map::Sheet sheet = sheet_of(asked, theme, view, *ground);
  if (const auto added = add_areas(sources, view, theme, *ground, sheet); !added) return fail(added.error());
  add_bands(*found, view, sheet);
  sheet.legend = std::move(theme.legend);
  for (const PointLook& look : kPoints) {
    if (std::ranges::find(asked.points, look.layer) == asked.points.end()) continue;
    if (const auto added = add_points({sources.figures.reads, sources.events}, view, *ground, look, sheet); !added) return fail(added.error());
  }
  return print(asked, sheet, layout, *ground);
}

}  // namespace gridward::service
