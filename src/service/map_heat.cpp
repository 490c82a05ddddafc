#include "service/map_heat.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "domain/map_classes.h"
#include "service/heat_contours.h"

namespace gridward::service {
namespace {

constexpr std::pair<const char*, const char*> kKinds[] = {{"hazard", "隐患"}, {"inspection", "检查"}, {"patrol", "巡查"}, {"accident", "事故"}};

std::string kind_zh(const std::string& kind) { return std::ranges::find(kKinds, kind, [](const auto& k) { return std::string(k.first); })->second; }

/// A colour as it is seen on the white of the paper.
geo::Rgb on_white(const Colour& c) {
  const double opacity = c.opacity / 255.0;
  const auto seen = [&](std::uint8_t part) { return static_cast<geo::Rgb>(std::lround(part * opacity + 255 * (1 - opacity))); };
  return seen(c.red) << 16U | seen(c.green) << 8U | seen(c.blue);
}

/// With a minus that is no dash.
std::string number_zh(double n) { return (n < 0 ? "−" : "") + fmt::format("{:g}", std::abs(n)); }

/// The classes between breaks: below the first (of a difference; a density begins with 0), between two, beyond the last.
struct Classes {
  explicit Classes(const ColourScale& of) : scale(of) {
    for (const double b : scale.breaks())
      if (b != 0) breaks.push_back(b);
  }
  [[nodiscard]] std::size_t count() const { return breaks.size() + 1; }
  /// The value whose colour a class has: its middle, or where it has no end the last break.
  [[nodiscard]] double middle(std::size_t i) const {
    if (i == 0) return breaks[0] > 0 ? breaks[0] / 2 : breaks[0];
    return i == breaks.size() ? breaks.back() : (breaks[i - 1] + breaks[i]) / 2;
  }
  [[nodiscard]] std::string text(std::size_t i) const {
    if (i == breaks.size()) return ">" + number_zh(breaks.back());
    if (i == 0) return breaks[0] > 0 ? "0–" + number_zh(breaks[0]) : "<" + number_zh(breaks[0]);
    return number_zh(breaks[i - 1]) + (breaks[0] < 0 ? " 至 " : "–") + number_zh(breaks[i]);
  }
  [[nodiscard]] geo::AreaStyle style(std::size_t i) const { return {geo::Fill::solid, on_white(scale.palette()[scale.number_of(middle(i))])}; }

  const ColourScale& scale;
  std::vector<double> breaks;
};

std::string bandwidth_zh(const HeatAsked& asked, const HeatBandwidth& bandwidth) {
  constexpr const char* rules[] = {"指定", "斯科特法则", "留一似然", "自适应，所示为先导带宽"};
  constexpr std::pair<map::EdgeCorrection, const char*> corrections[] = {{map::EdgeCorrection::jones_diggle, "Jones–Diggle 边界校正"}, {map::EdgeCorrection::uniform, "均匀边界校正"}, {map::EdgeCorrection::none, "无边界校正"}};
  const auto* const correction = std::ranges::find(corrections, asked.correction, &std::pair<map::EdgeCorrection, const char*>::first);
  return fmt::format("高斯核，带宽 {:.0f} 米（{}），{}", bandwidth.metres, rules[static_cast<std::size_t>(asked.rule)], correction->second);
}

std::string days_zh(Window w) { return to_string(w.from) + " 至 " + to_string(w.to - std::chrono::days{1}); }

void add_facts(const HeatAsked& asked, const HeatContours& contours, MapTheme& theme) {
  auto& facts = theme.facts;
  facts.emplace_back("核密度", bandwidth_zh(asked, *contours.bandwidth));
  if (!asked.category.empty()) facts.emplace_back("类别", asked.category);
  if (asked.major_weight != 1) facts.emplace_back("重大隐患权重", fmt::format("{:g}（一般为 1）", asked.major_weight));
  facts.emplace_back(kind_zh(asked.kind), fmt::format("图上 {}（按发生地点），不在图上 {}（归属{}，无坐标或在界外），合计 {}", contours.count, contours.off_map, contours.cell.name, contours.count + contours.off_map));
  if (asked.versus) facts.emplace_back("减去时段", fmt::format("{}，{} {}", days_zh(*asked.versus), kind_zh(asked.kind), contours.second_count));
  if (asked.relative) facts.emplace_back("企业", fmt::format("图上 {}；4πh² 内不足 {:g} 家处不计", contours.second_count, asked.least_base));
}

}  // namespace

std::string heat_name_zh(const std::string& kind, bool relative, bool difference) { return kind_zh(kind) + (relative ? "相对风险" : difference ? "密度之差" : "密度"); }

Result<HeatOnPaper> heat_on_paper(HeatSources& sources, const Principal& who, const HeatView& view) {
  const HeatAsked& asked = view.asked;
  const Classes classes(view.scale);
  auto contours = make_contours(sources, who, asked, classes.breaks, false);
  if (!contours) return fail(contours.error());
  HeatOnPaper out;
  MapTheme& theme = out.theme;
  theme.surface = true;
  theme.title = heat_name_zh(asked.kind, asked.relative, asked.versus.has_value()) + "热力图";
  theme.legend_title = heat_name_zh(asked.kind, asked.relative, asked.versus.has_value()) + (asked.relative ? "（件／家）" : "（件／平方公里）");
  theme.legend_note = std::string("色标固定，不随时段和缩放改变。") + (asked.relative ? "" : "反映记录所在，不等于风险所在。");
  for (std::size_t i = 0; i < classes.count(); ++i) theme.legend.push_back({classes.style(i), "", classes.text(i), 0, false, true});
  if (asked.relative) theme.legend.push_back({{geo::Fill::hatched, kNoDataColour}, "", "企业过少", 0, false, true});
  for (geo::Isoband& band : contours->bands) out.bands.emplace_back(classes.style(static_cast<std::size_t>(band.break_index + 1)), std::move(band.polygons));
  add_facts(asked, *contours, theme);
  return out;
}

}  // namespace gridward::service
