#include "domain/map_classes.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace gridward {
namespace {

constexpr std::string_view kShare = "1";

struct Unit {
  std::string_view unit, zh;
  std::vector<double> limits;
};

const std::vector<Unit>& units() {
  static const std::vector<Unit> table = {{kShare, "", {0.2, 0.4, 0.6, 0.8, 1}},
                                          {"1/km2", "每平方公里", {1, 2, 5, 10, 20, 50}},
                                          {"1/enterprise", "每家企业", {0.1, 0.2, 0.5, 1, 2, 5}},
                                          {"1/1000 employees", "每千名从业人员", {1, 2, 5, 10, 20, 50}},
                                          {"1/visit", "每次", {0.1, 0.2, 0.5, 1, 2, 5}},
                                          {"1/100 enterprises", "每百家企业", {0.5, 1, 2, 5, 10, 20}},
                                          {"enterprise/officer", "家／人", {10, 20, 50, 100, 200, 500}},
                                          {"day", "日", {3, 7, 15, 30, 60, 90}},
                                          {"visit", "家次", {5, 10, 20, 50, 100, 200}},
                                          {"enterprise", "家", {1, 2, 5, 10, 20, 50}},
                                          {"accident", "起", {1, 2, 3, 5, 10, 20}},
                                          {"weight", "", {0.5, 1, 2, 3, 5, 10}}};
  return table;
}

const Unit* find_unit(std::string_view unit) {
  const auto found = std::ranges::find(units(), unit, &Unit::unit);
  return found == units().end() ? nullptr : &*found;
}

constexpr std::pair<std::string_view, std::string_view> kMeasures[] = {
    {"hazard_density", "隐患密度"}, {"open_hazard_density", "未销号隐患密度"}, {"weighted_hazard_density", "加权隐患密度"}, {"weighted_open_hazard_density", "加权未销号隐患密度"},
    {"hazards_per_enterprise", "户均隐患"}, {"open_hazards_per_enterprise", "户均存量隐患"}, {"hazards_per_1000_employees", "千人隐患"}, {"open_hazards_per_1000_employees", "千人存量隐患"},
    {"hazards_per_inspection", "检查次均发现隐患"}, {"hazards_per_patrol", "巡查次均发现隐患"}, {"rectification_rate", "整改率"}, {"time_to_rectify", "整改用时"}, {"on_time_rate", "按期整改率"},
    {"overdue_hazards", "逾期未整改率"}, {"recurrence_90d", "90日复发率"}, {"major_reinspection", "重大隐患复查率"}, {"inspection_coverage", "检查覆盖率"}, {"inspection_visits", "检查家次"},
    {"inspections_attempted", "未成检查"}, {"due_coverage", "到期检查完成率"}, {"frequency_compliance", "检查频次达标率"}, {"overdue_enterprises", "超期未检查企业占比"}, {"over_inspection", "超频次检查企业占比"},
    {"risk_weighted_coverage", "风险加权检查覆盖率"}, {"patrol_coverage", "巡查覆盖率"}, {"patrol_visits", "巡查家次"}, {"patrols_attempted", "未成巡查"}, {"patrol_due_coverage", "到期巡查完成率"},
    {"patrol_frequency_compliance", "巡查频次达标率"}, {"patrol_overdue_enterprises", "超期未巡查企业占比"}, {"patrol_risk_weighted_coverage", "风险加权巡查覆盖率"}, {"exempt_enterprises", "免检企业"},
    {"effective_supervision", "有效监管率"}, {"officers_per_100_enterprises", "每百家监管人员"}, {"enterprises_per_safety_officer", "安全员人均企业"}, {"cells_per_km2", "网格密度"}, {"accidents", "事故起数"},
    {"accidents_per_enterprise", "户均事故"}, {"risk_highest", "最高风险等级"}, {"risk_index", "风险指数"}};

std::string limit_text(std::string_view unit, double limit) { return unit == kShare ? fmt::format("{:g}%", limit * 100) : fmt::format("{:g}", limit); }

}  // namespace

const std::vector<double>& class_limits(std::string_view unit) {
  static const std::vector<double> others = {1, 2, 5, 10, 20, 50};
  const Unit* const known = find_unit(unit);
  return known == nullptr ? others : known->limits;
}

std::size_t class_of(double value, std::span<const double> limits) { return static_cast<std::size_t>(std::ranges::lower_bound(limits, value) - limits.begin()); }

std::size_t class_count(std::string_view unit, std::span<const double> limits) { return limits.size() + (unit == kShare && !limits.empty() && limits.back() >= 1 ? 0 : 1); }

std::string class_text(std::string_view unit, std::span<const double> limits, std::size_t index) {
  if (limits.empty()) return ">0";
  if (index >= limits.size()) return ">" + limit_text(unit, limits.back());
  return (index == 0 ? std::string("0") : limit_text(unit, limits[index - 1])) + "–" + limit_text(unit, limits[index]);
}

geo::Rgb class_colour(std::size_t index, std::size_t count) {
  constexpr std::array<geo::Rgb, 7> ramp = {0xe0ecf4, 0xbfd3e6, 0x9ebcda, 0x8c96c6, 0x8c6bb1, 0x88419d, 0x6e016b};
  return ramp[count <= 1 ? ramp.size() / 2 : std::min(index, count - 1) * (ramp.size() - 1) / (count - 1)];
}

std::string measure_zh(std::string_view measure) {
  const auto* const found = std::ranges::find(kMeasures, measure, &std::pair<std::string_view, std::string_view>::first);
  return std::string(found == std::end(kMeasures) ? measure : found->second);
}

std::string unit_zh(std::string_view unit) {
  const Unit* const known = find_unit(unit);
  return std::string(known == nullptr ? unit : known->zh);
}

}  // namespace gridward
