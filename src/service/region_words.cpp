#include "service/region_words.h"

#include <algorithm>

#include <fmt/format.h>

namespace gridward::service {
namespace {

/// A share in per cent, with one decimal.
std::string percent(double share) { return fmt::format("{:.1f}", 100 * share); }

/// A rate with three significant digits.
std::string rate(double r) { return fmt::format("{:.3g}", r); }

std::string times(const RegionComponent& c) { return c.mean > 0 ? fmt::format("{:.1f}", c.value->value / c.mean) : "0"; }

std::string counted(double n, const char* one, const char* more) { return fmt::format("{} {}", n, n == 1 ? one : more); }

Sentence open_hazards(const RegionComponent& c, const Sums& s) {
  const double open = s.at(Count::open), major = s.at(Count::open_major);
  return {fmt::format("期末有{}起隐患未销号，其中重大隐患{}起；按等级加权、平滑后每户{}，为各网格平均{}的{}倍。", open, major, rate(c.value->value), rate(c.mean), times(c)),
          fmt::format("{} open at the end ({} major): weighted by grade and smoothed {} per enterprise, {} times the {} of all areas.", counted(open, "hazard is", "hazards are"), major, rate(c.value->value), times(c), rate(c.mean))};
}

Sentence accidents(const RegionComponent& c, const Sums& s) {
  const double all = s.at(Count::accidents), worse = all - s.at(Count::accidents_ordinary);
  return {fmt::format("期内发生事故{}起，其中较大及以上{}起；按等级加权、平滑后每百户{}，为各网格平均{}的{}倍。", all, worse, rate(100 * c.value->value), rate(100 * c.mean), times(c)),
          fmt::format("{} happened ({} larger than ordinary): weighted by grade and smoothed {} per 100 enterprises, {} times the {} of all areas.", counted(all, "accident", "accidents"), worse, rate(100 * c.value->value), times(c), rate(100 * c.mean))};
}

/// What is said of so many of so many things in English, of one and of more.
struct Clause {
  const char *thing, *things, *is, *are;
};

/// So many of so many: the share as counted, smoothed, and of all.
Sentence share(const RegionComponent& c, double part, double whole, const char* zh, const Clause& en) {
  return {fmt::format(fmt::runtime(zh), whole, part, percent(part / whole), percent(c.value->value), percent(c.mean)),
          fmt::format("{} of {} {}, {} % ({} % smoothed; {} % in all areas).", part, counted(whole, en.thing, en.things), part == 1 ? en.is : en.are, percent(part / whole), percent(c.value->value), percent(c.mean))};
}

Sentence coverage_gap(const RegionComponent& c, const Sums& s) {
  const Sums::Visits& v = s.of(VisitKind::inspection);
  if (c.measure == "inspection_coverage")
    return share(c, s.active - v.visited, s.active, "{}家企业中有{}家期内没有检查过，占{}%（平滑后{}%，各网格平均{}%）。", {"enterprise", "enterprises", "was not inspected", "were not inspected"});
  if (c.measure == "frequency_compliance")
    return share(c, v.required - v.done, v.required, "应检{}次中少检{}次，占{}%（平滑后{}%，各网格平均{}%）。", {"required inspection", "required inspections", "was not made", "were not made"});
  return share(c, v.due - v.on_time, v.due, "期内应检的{}家企业中有{}家没有按期检查，占{}%（平滑后{}%，各网格平均{}%）。",
               {"enterprise due for inspection", "enterprises due for inspection", "was not inspected in time", "were not inspected in time"});
}

Sentence sentence_of(const RegionComponent& c, const Sums& s) {
  if (c.component == "open_hazards") return open_hazards(c, s);
  if (c.component == "accidents") return accidents(c, s);
  if (c.component == "overdue_hazards")
    return share(c, s.at(Count::overdue), s.at(Count::open), "未销号的{}起隐患中有{}起逾期未整改，占{}%（平滑后{}%，各网格平均{}%）。", {"open hazard", "open hazards", "is past its deadline", "are past their deadline"});
  if (c.component == "overdue_enterprises")
    return share(c, static_cast<double>(s.of(VisitKind::inspection).overdue.size()), s.active, "{}家企业中有{}家超期未检查，占{}%（平滑后{}%，各网格平均{}%）。",
                 {"enterprise", "enterprises", "is overdue for inspection", "are overdue for inspection"});
  return coverage_gap(c, s);
}

/// Whether anything of a component was counted in an area. Where nothing was, smoothing still gives it points, those of a place of which little is known; but none of its own is no reason.
bool happened(const RegionComponent& c, const Sums& s) {
  const Sums::Visits& v = s.of(VisitKind::inspection);
  if (c.component == "open_hazards") return s.at(Count::open) > 0;
  if (c.component == "accidents") return s.at(Count::accidents) > 0;
  if (c.component == "overdue_hazards") return s.at(Count::overdue) > 0;
  if (c.component == "overdue_enterprises") return !v.overdue.empty();
  if (c.measure == "inspection_coverage") return s.active > v.visited;
  return c.measure == "frequency_compliance" ? v.required > v.done : v.due > v.on_time;
}

}  // namespace

std::vector<RegionReason> reasons_of(const RegionScore& area, const Sums& sums) {
  std::vector<const RegionComponent*> order;
  for (const RegionComponent& c : area.components)
    if (c.value && c.contribution() > 0 && happened(c, sums)) order.push_back(&c);
  std::ranges::stable_sort(order, [](const auto* a, const auto* b) { return a->contribution() > b->contribution(); });
  std::vector<RegionReason> out;
  for (const RegionComponent* c : order) out.push_back({c->component, sentence_of(*c, sums)});
  return out;
}

RegionReason reason_of(const Standstill& s, const ScoreFloors& floors, Day to) {
  const std::string day = to_string(to - std::chrono::days{1});
  if (s.reason == "ended") return {s.reason, {"该网格在期末已撤销或合并。", "The area had ended by the end of the window."}};
  if (s.reason == "no_enterprise") return {s.reason, {"期末没有在册企业。", "No enterprise was registered at the end."}};
  if (s.reason == "few_enterprises")
    return {s.reason, {fmt::format("期末只有{}家应监管企业，不足{}家，数目太小，不作排名。", s.enterprises, floors.enterprises),
                       fmt::format("Only {} in scope at the end, fewer than {}: too few to be ranked.", counted(s.enterprises, "enterprise was", "enterprises were"), floors.enterprises)}};
  const bool inspection = s.reason == "little_inspection";
  const double floor = inspection ? floors.inspection_coverage : floors.patrol_coverage, part = s.in_scope > 0 ? s.visited / s.in_scope : 0;
  return {s.reason, {fmt::format("截至{}的{}天内，{}家企业中只有{}家受过{}，占{}%，低于{}%：没有发现隐患不等于安全。", day, s.days, s.in_scope, s.visited, inspection ? "检查" : "巡查", percent(part), percent(floor)),
                     fmt::format("In the {} up to {} only {} of {} {} {}, {} %, below {} %: that few hazards are known does not make it safe.", counted(s.days, "day", "days"), day, s.visited,
                                 counted(s.in_scope, "enterprise", "enterprises"), s.visited == 1 ? "was" : "were", inspection ? "inspected" : "patrolled", percent(part), percent(floor))}};
}

}  // namespace gridward::service
