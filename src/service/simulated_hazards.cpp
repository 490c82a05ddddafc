#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "service/simulated_world.h"

namespace gridward::service::simulated {
namespace {

using std::chrono::days;

struct Step {
  std::string name;
  Day day;
  std::string person, reason, grade, standard, due_on, passed, listed_by;
};

/// When a hazard was closed, if ever, by a deadline: a town keeps its part of them; of the others most are late, and some are left.
std::optional<Day> closing(Dice& dice, double on_time, Day earliest, Day due, double lateness) {
  if (dice.chance(on_time)) return earliest + days(dice.below(static_cast<int>((due - earliest).count()) + 1));
  if (dice.chance(0.12)) return std::nullopt;
  return due + days(1 + static_cast<int>(dice.exponential(lateness)));
}

/// What a general hazard goes through: put right by a deadline of one to four weeks.
std::vector<Step> general_loop(Dice& dice, Day found, double on_time, const std::string& officer) {
  constexpr int weeks[] = {7, 14, 14, 28};
  const Day due = found + days(weeks[dice.below(4)]);
  std::vector<Step> steps = {{.name = "ordered", .day = found, .person = officer, .reason = "责令限期整改", .due_on = to_string(due)}};
  const auto closed = closing(dice, on_time, found + days(1), due, 15);
  if (!closed) return steps;
  steps.push_back({.name = "rectified", .day = *closed - days(dice.below(2)), .person = "企业负责人", .reason = "已按要求整改"});
  steps.push_back({.name = "closed", .day = *closed, .person = officer, .reason = "核实销号"});
  return steps;
}

/// What a major hazard goes through once it is graded and ordered, up to its closing.
void rectify_major(Dice& dice, Day closed, const std::string& officer, std::vector<Step>& steps) {
  const auto rectified = [&](Day day) { steps.push_back({.name = "rectified", .day = day, .person = "企业负责人", .reason = "整改方案完成"}); };
  const auto reviewed = [&](Day day, bool passed) { steps.push_back({.name = "reviewed", .day = day, .person = officer, .reason = passed ? "复查合格" : "复查发现未整改到位", .passed = passed ? "true" : "false"}); };
  if (dice.chance(0.2)) {
    rectified(closed - days(14));
    reviewed(closed - days(11), false);
  }
  rectified(closed - days(5));
  if (!dice.chance(0.06)) reviewed(closed - days(2), true);  // some were closed without one, before the rules were kept
  steps.push_back({.name = "closed", .day = closed, .person = officer, .reason = "整改验收合格，予以销号"});
}

std::vector<Step> major_loop(Dice& dice, Day found, double on_time, const std::string& officer) {
  Day due = found + days(dice.chance(0.5) ? 60 : 90);
  std::vector<Step> steps = {{.name = "registered", .day = found, .person = officer, .reason = "现场登记"},
                             {.name = "graded", .day = found + days(1), .person = officer, .reason = "对照判定标准", .grade = "major", .standard = "工贸企业重大事故隐患判定标准（2023）"},
                             {.name = "ordered", .day = found + days(2), .person = officer, .reason = "下达整改指令书", .due_on = to_string(due)}};
  const bool listed = dice.chance(0.3);
  if (listed) steps.push_back({.name = "listed", .day = found + days(3), .person = "区安委办", .reason = "挂牌督办", .listed_by = dice.chance(0.8) ? "district" : "prefecture"});
  Day earliest = found + days(20);
  if (dice.chance(0.25)) {
    const Day asked = due - days(5 + dice.below(10));
    earliest = asked + days(20);
    due += days(45 + dice.below(30));
    steps.push_back({.name = "extended", .day = asked, .person = "区安委办", .reason = "设备采购周期长，同意延期", .due_on = to_string(due)});
  }
  const auto closed = closing(dice, on_time, earliest, due, 25);
  if (!closed) return steps;
  rectify_major(dice, *closed, officer, steps);
  if (listed) steps.push_back({.name = "unlisted", .day = *closed + days(dice.below(6)), .person = "区安委办", .reason = "验收合格，摘牌"});
  return steps;
}

/// A hazard as its steps leave it, of those that have come to pass.
struct Course {
  std::string registered_on, graded_on, standard, ordered_on, due_on, rectified_on, reviewed_on, closed_on, listed_on, unlisted_on, listed_by;
  int extensions = 0;

  void take(const Step& s) {
    const std::string day = to_string(s.day);
    if (s.name == "registered") registered_on = day;
    else if (s.name == "graded") graded_on = day, standard = s.standard;
    else if (s.name == "ordered") ordered_on = day;
    else if (s.name == "extended") ++extensions;
    else if (s.name == "rectified") rectified_on = day;
    else if (s.name == "reviewed") (s.passed == "true" ? reviewed_on : rectified_on) = s.passed == "true" ? day : "";
    else if (s.name == "closed") closed_on = day;
    else if (s.name == "listed") listed_on = day, listed_by = s.listed_by;
    else if (s.name == "unlisted") unlisted_on = day;
    if (!s.due_on.empty()) due_on = s.due_on;
  }
};

}  // namespace

HazardBook::HazardBook(World& world) : world_(world), dice_(world.dice(5)), hazards_(world.open("hazards.csv")), steps_(world.open("steps.csv")) {
  hazards_ << "key,day,enterprise,lon,lat,source,grade,category,visit_id,found_by,registered_on,graded_on,standard,ordered_on,due_on,extensions,rectified_on,reviewed_on,closed_on,listed_on,unlisted_on,listed_by,in_plan,"
              "five_in_place,funds_yuan\n";
  steps_ << "key,hazard,step,day,person,reason,grade,standard,due_on,passed,listed_by\n";
}

void HazardBook::add(const Unit& u, const Finding& f) {
  constexpr const char* categories[] = {"用电安全", "消防通道", "危险化学品", "机械防护", "高处作业", "教育培训", "应急预案"};
  const Town& town = world_.towns[u.town];
  const std::string& officer = town.officers[static_cast<std::size_t>(dice_.below(static_cast<int>(town.officers.size())))];
  const std::string& finder = f.visit.empty() ? std::string{} : f.source == std::string("patrol") ? world_.villages[u.village].officer : officer;
  auto steps = f.major ? major_loop(dice_, f.day, town.on_time, officer) : general_loop(dice_, f.day, town.on_time, officer);
  std::erase_if(steps, [](const Step& s) { return s.day >= kTo; });
  const std::string key = fmt::format("H{}", ++hazard_);
  Course c;
  // Of general hazards the steps are kept since the office enters them one by one.
  const bool kept = f.major || f.day >= *parse_day("2025-07-01");
  for (const Step& s : steps) {
    c.take(s);
    if (kept)
      steps_ << fmt::format("S{},{},{},{},{},{},{},{},{},{},{}\n", ++step_, key, s.name, to_string(s.day), s.person, s.reason, s.grade, s.standard, s.due_on, s.passed, s.listed_by);
  }
  hazards_ << fmt::format("{},{},{},{:.6f},{:.6f},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", key, to_string(f.day), u.code, u.lon, u.lat, f.source, f.major ? "major" : "general", categories[dice_.below(7)],
                          f.visit, finder, c.registered_on, c.graded_on, c.standard, c.ordered_on, c.due_on, c.extensions == 0 ? "" : std::to_string(c.extensions), c.rectified_on, c.reviewed_on, c.closed_on, c.listed_on,
                          c.unlisted_on, c.listed_by, f.major ? (dice_.chance(0.8) ? "true" : "false") : "", f.major ? (dice_.chance(0.85) ? "true" : "false") : "",
                          f.major ? std::to_string(10000 * (1 + dice_.below(50))) : "");
}

}  // namespace gridward::service::simulated
