#include "domain/map_classes.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "domain/risk.h"

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

constexpr auto kBurden = Tendency::burden, kAchievement = Tendency::achievement, kAmount = Tendency::amount, kRisk = Tendency::risk;

struct Known {
  std::string_view name, zh;
  Tendency tendency;
};
constexpr Known kMeasures[] = {
    {"hazard_density", "隐患密度", kBurden}, {"open_hazard_density", "未销号隐患密度", kBurden}, {"weighted_hazard_density", "加权隐患密度", kBurden}, {"weighted_open_hazard_density", "加权未销号隐患密度", kBurden},
    {"hazards_per_enterprise", "户均隐患", kBurden}, {"open_hazards_per_enterprise", "户均存量隐患", kBurden}, {"hazards_per_1000_employees", "千人隐患", kBurden},
    {"open_hazards_per_1000_employees", "千人存量隐患", kBurden}, {"hazards_per_inspection", "检查次均发现隐患", kBurden}, {"hazards_per_patrol", "巡查次均发现隐患", kBurden},
    {"rectification_rate", "整改率", kAchievement}, {"time_to_rectify", "整改用时", kBurden}, {"on_time_rate", "按期整改率", kAchievement}, {"overdue_hazards", "逾期未整改率", kBurden},
    {"recurrence_90d", "90日复发率", kBurden}, {"major_reinspection", "重大隐患复查率", kAchievement}, {"inspection_coverage", "检查覆盖率", kAchievement}, {"inspection_visits", "检查家次", kAmount},
    {"inspections_attempted", "未成检查", kAmount}, {"due_coverage", "到期检查完成率", kAchievement}, {"frequency_compliance", "检查频次达标率", kAchievement}, {"overdue_enterprises", "超期未检查企业占比", kBurden},
    {"over_inspection", "超频次检查企业占比", kBurden}, {"risk_weighted_coverage", "风险加权检查覆盖率", kAchievement}, {"patrol_coverage", "巡查覆盖率", kAchievement}, {"patrol_visits", "巡查家次", kAmount},
    {"patrols_attempted", "未成巡查", kAmount}, {"patrol_due_coverage", "到期巡查完成率", kAchievement}, {"patrol_frequency_compliance", "巡查频次达标率", kAchievement},
    {"patrol_overdue_enterprises", "超期未巡查企业占比", kBurden}, {"patrol_risk_weighted_coverage", "风险加权巡查覆盖率", kAchievement}, {"exempt_enterprises", "免检企业", kAmount},
    {"effective_supervision", "有效监管率", kAchievement}, {"officers_per_100_enterprises", "每百家监管人员", kAchievement}, {"enterprises_per_safety_officer", "安全员人均企业", kBurden},
    {"cells_per_km2", "网格密度", kAmount}, {"accidents", "事故起数", kBurden}, {"accidents_per_enterprise", "户均事故", kBurden}, {"risk_highest", "最高风险等级", kRisk}, {"risk_index", "风险指数", kBurden}};

const Known* find_measure(std::string_view measure) {
  const auto* const found = std::ranges::find(kMeasures, measure, &Known::name);
  return found == std::end(kMeasures) ? nullptr : found;
}

constexpr std::size_t kSteps = 7;
using Ramp = std::array<geo::Rgb, kSteps>;

/// One hue each, from light to dark by equal steps of CIE L*, which a colour-blind reader and a copy without colours keep apart; none near red, orange, yellow or blue, which are those of risk.
constexpr Ramp kPlum = {0xeadcea, 0xd9bad8, 0xc69ac5, 0xb17bb0, 0x9a5d99, 0x814380, 0x662b64}, kTeal = {0xd9ebe8, 0xa7d2cc, 0x78b8af, 0x509d94, 0x2d8279, 0x15665e, 0x074b44},
               kSlate = {0xdfe5ea, 0xbdc9d3, 0x9cadbb, 0x7c92a3, 0x5e778a, 0x455d70, 0x2d4556};

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

geo::Rgb rgb_of(std::string_view hex) { return static_cast<geo::Rgb>(std::stoul(std::string(hex.substr(1)), nullptr, 16)); }

Tendency tendency_of(std::string_view measure) {
  const Known* const known = find_measure(measure);
  return known == nullptr ? Tendency::amount : known->tendency;
}

std::string_view tendency_name(Tendency tendency) {
  constexpr std::string_view names[] = {"burden", "achievement", "amount", "risk"};
  return names[static_cast<std::size_t>(tendency)];
}

geo::Rgb class_colour(Tendency tendency, std::size_t index, std::size_t count) {
  const Ramp& ramp = tendency == Tendency::achievement ? kTeal : tendency == Tendency::amount ? kSlate : kPlum;
  return ramp[count <= 1 ? kSteps / 2 : std::min(index, count - 1) * (kSteps - 1) / (count - 1)];
}

std::vector<MapClass> map_classes(std::string_view measure, std::string_view unit) {
  std::vector<MapClass> out;
  const Tendency tendency = tendency_of(measure);
  if (tendency == Tendency::risk) {
    for (std::size_t grade = 1; grade < std::size(kRiskGrades); ++grade) out.push_back({static_cast<double>(grade) - 1, static_cast<double>(grade), rgb_of(kRiskGrades[grade].rgb)});
    return out;
  }
  const std::vector<double>& limits = class_limits(unit);
  const std::size_t count = class_count(unit, limits);
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({i == 0 ? 0 : limits[i - 1], i < limits.size() ? std::optional(limits[i]) : std::nullopt, class_colour(tendency, i, count)});
  return out;
}

std::string measure_zh(std::string_view measure) {
  const Known* const known = find_measure(measure);
  return std::string(known == nullptr ? measure : known->zh);
}

std::string unit_zh(std::string_view unit) {
  const Unit* const known = find_unit(unit);
  return std::string(known == nullptr ? unit : known->zh);
}

}  // namespace gridward
