#include "map/sheet.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace gridward::map {
namespace {

using geo::Anchor;
using geo::AreaStyle;
using geo::Canvas;
using geo::Fill;
using geo::PaperBox;
using geo::PaperLine;
using geo::PaperPoint;

constexpr geo::Rgb kInk = 0x1f2933, kGrey = 0x52606d, kAlarm = 0xc1121f;

/// The largest of 1, 1.2, 1.5, … with zeros that is not below a number.
double rounded_up(double x) {
  constexpr std::array steps = {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0, 10.0};
  const double ten = std::pow(10, std::floor(std::log10(x)));
  for (const double step : steps)
    if (step * ten >= x * (1 - 1e-12)) return step * ten;
  return 10 * ten;
}

std::string with_spaces(double n) {
  std::string digits = fmt::format("{:.0f}", n);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), " ");
  return digits;
}

std::string length_zh(double metres) { return metres >= 1000 ? fmt::format("{:g} 千米", metres / 1000) : fmt::format("{:g} 米", metres); }

void draw_head(const Sheet& sheet, const SheetLayout& layout, Canvas& canvas) {
  const double u = layout.unit;
  double height = 7.5 * u;
  const double room = layout.map.width;
  while (height > 3 * u && canvas.measure(sheet.title, {height, kInk, true}).x > room) height *= 0.92;
  canvas.text(layout.title, sheet.title, {height, kInk, true, false, Anchor::middle});
  canvas.text({layout.title.x, layout.title.y + 11 * u}, sheet.subtitle, {3.6 * u, kGrey, false, false, Anchor::middle});
  canvas.text({layout.map.x, layout.title.y - 4.5 * u}, "密级：" + (sheet.classification.empty() ? std::string("＿＿＿＿＿") : sheet.classification), {3.4 * u, kInk, !sheet.classification.empty()});
  if (sheet.mark.empty()) return;
  const geo::TextStyle style{3.6 * u, kAlarm, true};
  const PaperPoint size = canvas.measure(sheet.mark, style);
  const PaperBox box{layout.map.right() - size.x - 5 * u, layout.map.y + 2 * u, size.x + 3 * u, size.y + 1.6 * u};
  canvas.box(box, {Fill::solid, 0xffffff});
  canvas.frame(box, {kAlarm, 0.35 * u});
  canvas.text({box.x + 1.5 * u, box.y + 0.8 * u}, sheet.mark, style);
}

/// An arrow to the north, its top at a point.
void draw_north(PaperPoint at, double u, Canvas& canvas) {
  canvas.text(at, "北", {3.6 * u, kInk, true, false, Anchor::middle});
  const double top = at.y + 5.4 * u, bottom = top + 10 * u;
  const PaperLine left = {{at.x, top}, {at.x - 3 * u, bottom}, {at.x, bottom - 2.4 * u}}, right = {{at.x, top}, {at.x + 3 * u, bottom}, {at.x, bottom - 2.4 * u}};
  canvas.area(std::array{left}, {Fill::solid, kInk});
  canvas.area(std::array{right}, {Fill::solid, 0xffffff});
  canvas.lines(std::array{left, right}, {kInk, 0.2 * u}, true);
}

/// A bar in four parts, with its length and the scale as a ratio; how high it is.
double draw_scale(PaperPoint at, double width, const Sheet& sheet, double u, Canvas& canvas) {
  const double metres = scale_bar_metres(sheet.metres_per_mm, width - 14 * u), length = metres / sheet.metres_per_mm, height = 1.6 * u;
  for (int part = 0; part < 4; ++part) canvas.box({at.x + length * part / 4, at.y + 4.5 * u, length / 4, height}, {Fill::solid, part % 2 == 0 ? kInk : 0xffffff});
  canvas.frame({at.x, at.y + 4.5 * u, length, height}, {kInk, 0.2 * u});
  canvas.text({at.x, at.y}, "0", {2.8 * u, kInk});
  canvas.text({at.x + length / 2, at.y}, fmt::format("{:g}", metres >= 1000 ? metres / 2000 : metres / 2), {2.8 * u, kInk, false, false, Anchor::middle});
  canvas.text({at.x + length, at.y}, length_zh(metres), {2.8 * u, kInk, false, false, metres / sheet.metres_per_mm > width - 16 * u ? Anchor::right : Anchor::middle});
  canvas.text({at.x, at.y + 7 * u}, fmt::format("比例尺 1:{}（按本纸幅打印）", with_spaces(sheet.metres_per_mm * 1000)), {2.8 * u, kGrey});
  return 13 * u;
}

/// With the scale below it; where it ends.
double draw_legend(const Sheet& sheet, const SheetLayout& layout, Canvas& canvas) {
  const double u = layout.unit;
  const PaperBox& box = layout.legend;
  draw_north({box.right() - 4 * u, box.y}, u, canvas);
  double y = box.y + canvas.paragraph({box.x, box.y}, box.width - 12 * u, sheet.legend_title, {3.6 * u, kInk, true}) + 2 * u;
  y = std::max(y, box.y + 6 * u);
  std::vector<LegendEntry> entries = sheet.legend;
  entries.insert(entries.end(), sheet.point_legend.begin(), sheet.point_legend.end());
  for (const LegendEntry& entry : entries) {
    const PaperBox patch{box.x, y, 8 * u, 4.2 * u};
    if (entry.point) {
      canvas.circle({patch.x + patch.width / 2, patch.y + patch.height / 2}, 0.9 * u, entry.style, {0xffffff, 0.1 * u});
    } else {
      canvas.box(patch, entry.style);
      canvas.frame(patch, {0x7b8794, 0.15 * u});
      if (!entry.letter.empty()) canvas.text({patch.x + patch.width / 2, patch.y + 0.2 * u}, entry.letter, {2.9 * u, kInk, true, true, Anchor::middle});
    }
    const double high = canvas.paragraph({box.x + 10 * u, y + 0.2 * u}, box.width - 10 * u, entry.point || entry.uncounted ? entry.text : fmt::format("{}（{}个）", entry.text, entry.areas), {2.9 * u, kInk});
    y += std::max(5.4 * u, high + 1 * u);
  }
  if (!sheet.legend_note.empty()) y += canvas.paragraph({box.x, y}, box.width, sheet.legend_note, {2.5 * u, kGrey}) + 1 * u;
  y = std::max(y + 2 * u, box.bottom() - 13 * u);
  return y + draw_scale({box.x + 1 * u, y}, box.width, sheet, u, canvas);
}

/// Beside the legend, or below it: then where a long one ends.
void draw_facts(const Sheet& sheet, const SheetLayout& layout, double legend_end, Canvas& canvas) {
  const double u = layout.unit;
  double y = layout.facts.x == layout.legend.x ? std::max(layout.facts.y, legend_end) : layout.facts.y;
  for (const auto& [what, text] : sheet.facts) y += canvas.paragraph({layout.facts.x, y}, layout.facts.width, what + "：" + text, {2.8 * u, kInk}) + 1.1 * u;
}

}  // namespace

double metres_per_mm(double metres_east, double metres_north, const geo::PaperBox& box) {
  constexpr double margin = 1.04;
  return rounded_up(std::max({metres_east / box.width, metres_north / box.height, 1e-3}) * margin);
}

double scale_bar_metres(double metres_per_mm, double most_mm) {
  const double most = metres_per_mm * most_mm, ten = std::pow(10, std::floor(std::log10(most)));
  return most >= 5 * ten ? 5 * ten : most >= 2 * ten ? 2 * ten : ten;
}

SheetLayout layout_of(const Paper& paper) {
  SheetLayout out;
  out.unit = std::min(paper.width, paper.height) / 210;
  const double u = out.unit, margin = 10 * u, top = 27 * u, bottom = paper.height - 14 * u;
  out.title = {paper.width / 2, 9 * u};
  if (paper.width >= paper.height) {
    const double beside = 62 * u;
    out.map = {margin, top, paper.width - 2 * margin - beside, bottom - top};
    const double x = out.map.right() + 4 * u;
    out.legend = {x, top, beside - 4 * u, 98 * u};
    out.facts = {x, out.legend.bottom() + 2 * u, beside - 4 * u, bottom - out.legend.bottom() - 2 * u};
  } else {
    const double below = 84 * u;
    out.map = {margin, top, paper.width - 2 * margin, bottom - top - below};
    const double y = out.map.bottom() + 4 * u, half = out.map.width / 2;
    out.legend = {margin, y, half - 6 * u, below - 4 * u};
    out.facts = {margin + half, y, half, below - 4 * u};
  }
  return out;
}

void draw_sheet(const Sheet& sheet, const SheetLayout& layout, Canvas& canvas) {
  const double u = layout.unit;
  draw_sheet_map(sheet, layout, canvas);
  canvas.frame(layout.map, {kInk, 0.4 * u});
  draw_head(sheet, layout, canvas);
  const double legend_end = draw_legend(sheet, layout, canvas);
  draw_facts(sheet, layout, legend_end, canvas);
  const double foot = std::max({layout.map.bottom(), layout.facts.bottom(), layout.legend.bottom()}) + 3 * u;
  canvas.text({layout.map.x, foot}, "审图号：" + (sheet.review_number.empty() ? std::string("＿＿＿＿＿＿＿＿＿＿") : sheet.review_number), {3 * u, kInk});
}

}  // namespace gridward::map
