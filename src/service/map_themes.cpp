#include "service/map_themes.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "domain/map_classes.h"
#include "domain/risk.h"
#include "service/key_regions.h"

namespace gridward::service {
namespace {

using geo::AreaStyle;
using geo::Fill;
using map::LegendEntry;

constexpr geo::Rgb kLooked = 0xe4e7eb;

/// What could not be looked at is hatched, whatever the map: never a colour of a class, and never white, which is zero.
LegendEntry no_data(std::string text) { return {{Fill::hatched, kNoDataColour}, "", std::move(text)}; }

/// Adds up all rows of an answer.
double sum_of(const FigureTable& table, double (*part)(const Figure&)) {
  double sum = 0;
  const auto add = [&](const FigureRow& row) { sum += part(row.figures.front().second); };
  for (const auto* rows : {&table.rows, &table.direct}) std::ranges::for_each(*rows, add);
  if (table.unplaced) add(*table.unplaced);
  return sum;
}

double numerator_of(const Figure& f) { return f.numerator; }
double denominator_of(const Figure& f) { return f.denominator.value_or(0); }

/// What the numerator of a measure counts; empty where it is no plain count.
std::string counted_zh(const std::string& measure) {
  if (measure.starts_with("weighted") || measure.starts_with("risk")) return "";
  if (measure.find("visits") != std::string::npos || measure.find("attempted") != std::string::npos || measure.find("frequency") != std::string::npos) return "家次";
  if (measure.find("accidents") != std::string::npos) return "事故";
  if (measure.find("coverage") != std::string::npos || measure.find("overdue_enterprises") != std::string::npos || measure == "exempt_enterprises" || measure == "effective_supervision" || measure == "over_inspection") return "企业";
  return measure.find("hazard") != std::string::npos || measure.find("rectif") != std::string::npos || measure == "on_time_rate" || measure == "recurrence_90d" || measure == "major_reinspection" ? "隐患" : "";
}

Result<MapTheme> figure_theme(TileSources& sources, const Principal& who, const MapAsked& asked) {
  const auto table = figures(sources.figures, who, *asked.layer.figures);
  if (!table) return fail(table.error());
  const std::string& measure = asked.layer.figures->measures.front();
  std::string unit;
  for (const FigureRow& row : table->rows) unit = row.figures.front().second.unit;
  const std::vector<double>& limits = asked.limits.empty() ? class_limits(unit) : asked.limits;
  const std::size_t count = class_count(unit, limits);
  MapTheme out;
  out.title = measure_zh(measure) + "分布图";
  const std::string unit_name = unit_zh(unit);
  out.legend_title = measure_zh(measure) + (unit_name.empty() ? "" : "（" + unit_name + "）");
  out.legend_note = "分级固定，不随时段和缩放改变；每级含其上限。";
  out.legend.push_back({{Fill::solid, kZeroColour}, "", "0"});
  for (std::size_t i = 0; i < count; ++i) out.legend.push_back({{Fill::solid, class_colour(tendency_of(measure), i, count)}, "", class_text(unit, limits, i)});
  out.legend.push_back(no_data("无数据"));
  for (const FigureRow& row : table->rows) {
    const Figure& f = row.figures.front().second;
    const std::size_t entry = !f.value ? out.legend.size() - 1 : *f.value <= 0 ? 0 : 1 + std::min(class_of(*f.value, limits), count - 1);
    out.cells[row.cell.id] = {entry, "", f.numerator};
  }
  out.areas = static_cast<std::int64_t>(table->rows.size());
  out.counted_zh = counted_zh(measure);
  out.total = sum_of(*table, numerator_of);
  return out;
}

Result<MapTheme> risk_theme(TileSources& sources, const Principal& who, const MapAsked& asked) {
  const auto table = figures(sources.figures, who, *asked.layer.figures);
  if (!table) return fail(table.error());
  MapTheme out;
  out.title = "风险等级分布图";
  out.legend_title = "风险等级（就高）";
  out.legend_note = "区域内企业的最高风险等级；字母供色觉障碍者辨认。";
  for (std::size_t grade = 1; grade <= 4; ++grade)
    out.legend.push_back({{Fill::solid, rgb_of(kRiskGrades[grade].rgb)}, kRiskGrades[grade].letter, fmt::format("{}风险（{}）", kRiskGrades[grade].zh, kRiskGrades[grade].colour_zh)});
  out.legend.push_back(no_data("无企业或未评级"));
  for (const FigureRow& row : table->rows) {
    const Figure& f = row.figures.front().second;
    if (f.value) out.cells[row.cell.id] = {static_cast<std::size_t>(*f.value) - 1, kRiskGrades[static_cast<std::size_t>(*f.value)].letter, denominator_of(f)};
    else out.cells[row.cell.id] = {out.legend.size() - 1, "", denominator_of(f)};
  }
  out.areas = static_cast<std::int64_t>(table->rows.size());
  out.counted_zh = "企业";
  out.total = sum_of(*table, denominator_of);
  return out;
}

/// A class of hot spots as it is drawn. Purple and green are told apart by the colour-blind, and are none of the colours of risk.
struct ClusterLook {
  stats::Cluster cluster;
  geo::Rgb colour;
  const char *letter, *zh;
};
constexpr ClusterLook kClusters[] = {{stats::Cluster::hot, 0x762a83, "热", "热点（显著）"}, {stats::Cluster::cold, 0x1b7837, "冷", "冷点（显著）"}, {stats::Cluster::high_high, 0x762a83, "HH", "高值聚集（显著）"},
                                     {stats::Cluster::high_low, 0xc2a5cf, "HL", "高值被低值包围（显著）"}, {stats::Cluster::low_high, 0xa6dba0, "LH", "低值被高值包围（显著）"}, {stats::Cluster::low_low, 0x1b7837, "LL", "低值聚集（显著）"}};

Result<MapTheme> hotspot_theme(TileSources& sources, const Principal& who, const MapAsked& asked) {
  HotspotsAsked question = asked.layer.hotspots;
  question.figures = *asked.layer.figures;
  question.at = asked.layer.at;
  const auto found = hotspots(sources.figures, who, question);
  if (!found) return fail(found.error());
  const std::string measure = measure_zh(question.figures.measures.front());
  MapTheme out;
  out.title = measure + "热点分析图";
  out.legend_title = measure + (question.moran_local ? "（局部莫兰指数）" : "（Gi*）");
  out.legend_note = fmt::format("错误发现率 {:g}；“不显著”是看过而不突出，“无数据”是无法判断。", found->fdr);
  std::map<stats::Cluster, std::size_t> entries;
  for (const ClusterLook& look : kClusters) {
    const bool local = look.cluster != stats::Cluster::hot && look.cluster != stats::Cluster::cold;
    if (local != question.moran_local) continue;
    entries[look.cluster] = out.legend.size();
    out.legend.push_back({{Fill::solid, look.colour}, look.letter, look.zh});
  }
  entries[stats::Cluster::not_significant] = out.legend.size();
  out.legend.push_back({{Fill::solid, kLooked}, "", "不显著"});
  entries[stats::Cluster::island] = out.legend.size();
  out.legend.push_back({{Fill::solid, 0xffffff}, "", "无相邻区域"});
  entries[stats::Cluster::no_data] = out.legend.size();
  out.legend.push_back(no_data("无数据"));
  for (std::size_t i = 0; i < found->areas.size(); ++i) {
    const auto& local = question.moran_local ? found->areas[i].moran_local : found->areas[i].gi_star;
    const std::size_t entry = entries.at(local->cluster);
    out.cells[found->table.rows[i].cell.id] = {entry, out.legend[entry].letter, found->table.rows[i].figures.front().second.numerator};
  }
  out.areas = static_cast<std::int64_t>(found->areas.size());
  for (const Sentence& warning : found->warnings) out.facts.emplace_back("注意", warning.zh);
  if (!found->evidence.no_evidence.zh.empty()) out.facts.emplace_back("注意", found->evidence.no_evidence.zh);
  return out;
}

Result<MapTheme> region_theme(TileSources& sources, const Principal& who, const MapAsked& asked) {
  const auto found = key_regions(sources.figures, who, *asked.layer.figures);
  if (!found) return fail(found.error());
  constexpr std::size_t classes = 5;
  constexpr std::array<double, classes> limits = {20, 40, 60, 80, 100};
  MapTheme out;
  out.title = "重点区域图";
  out.legend_title = "重点区域得分（0–100）";
  out.legend_note = "图中数字为名次。";
  for (std::size_t i = 0; i < classes; ++i) out.legend.push_back({{Fill::solid, class_colour(Tendency::burden, i, classes)}, "", class_text("", limits, i)});
  out.legend.push_back(no_data("数据不足，不参与排名（不代表安全）"));
  for (const KeyRegion& region : found->ranked) out.cells[region.row.cell.id] = {std::min(class_of(region.score.value, limits), classes - 1), std::to_string(region.rank), 0};
  for (const KeyRegion& region : found->insufficient) out.cells[region.row.cell.id] = {out.legend.size() - 1, "", 0};
  out.areas = static_cast<std::int64_t>(found->ranked.size() + found->insufficient.size());
  return out;
}

}  // namespace

Result<MapTheme> map_theme(TileSources& sources, const Principal& who, const MapAsked& asked) {
  switch (asked.layer.kind) {
    case LayerKind::risk: return risk_theme(sources, who, asked);
    case LayerKind::hotspots: return hotspot_theme(sources, who, asked);
    case LayerKind::key_regions: return region_theme(sources, who, asked);
    case LayerKind::cells:
    case LayerKind::points:
    case LayerKind::adjacency: break;
  }
  return figure_theme(sources, who, asked);
}

}  // namespace gridward::service
