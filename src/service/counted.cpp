#include "service/counted.h"

#include <algorithm>
#include <utility>

#include "base/day.h"
#include "service/cells.h"
#include "service/figure_sums.h"

namespace gridward::service {
namespace {

/// What one enterprise counts for in a figure's sum, by where it stands.
using Part = double (*)(const Assessed&, VisitKind);

const std::vector<std::pair<std::string, Part>>& parts() {
  using A = const Assessed&;
  static const std::vector<std::pair<std::string, Part>> table = {
      {"active", [](A a, VisitKind) { return a.standing.active ? 1.0 : 0; }},
      {"in_scope", [](A a, VisitKind) { return a.in_scope ? 1.0 : 0; }},
      {"exempt", [](A a, VisitKind) { return a.exempt ? 1.0 : 0; }},
      {"visited", [](A a, VisitKind k) { return a.of(k).visited ? 1.0 : 0; }},
      {"due", [](A a, VisitKind k) { return a.of(k).duty.due ? 1.0 : 0; }},
      {"on_time", [](A a, VisitKind k) { return a.of(k).duty.on_time ? 1.0 : 0; }},
      {"required", [](A a, VisitKind k) { return 1.0 * a.of(k).duty.required; }},
      {"done", [](A a, VisitKind k) { return 1.0 * a.of(k).duty.done; }},
      {"overdue", [](A a, VisitKind k) { return a.of(k).overdue_days > 0 ? 1.0 : 0; }},
      {"above_cap", [](A a, VisitKind k) { return a.of(k).above_cap > 0 ? 1.0 : 0; }},
      {"graded", [](A a, VisitKind) { return a.standing.active && a.risk_grade > 0 ? 1.0 : 0; }},
      {"graded_weight", [](A a, VisitKind) { return a.standing.active && a.risk_grade > 0 ? a.risk_weight : 0; }},
      {"ungraded", [](A a, VisitKind) { return a.standing.active && a.risk_grade == 0 ? 1.0 : 0; }},
      {"risk_1", [](A a, VisitKind) { return a.standing.active && a.risk_grade == 1 ? 1.0 : 0; }},
      {"risk_2", [](A a, VisitKind) { return a.standing.active && a.risk_grade == 2 ? 1.0 : 0; }},
      {"risk_3", [](A a, VisitKind) { return a.standing.active && a.risk_grade == 3 ? 1.0 : 0; }},
      {"risk_4", [](A a, VisitKind) { return a.standing.active && a.risk_grade == 4 ? 1.0 : 0; }},
      {"weight", [](A a, VisitKind) { return a.in_scope ? a.risk_weight : 0; }},
      {"visited_weight", [](A a, VisitKind k) { return a.of(k).visited ? a.risk_weight : 0; }},
  };
  return table;
}

/// Whether a place is one of a scope: the whole district, what lies in no cell, directly in a cell, or anywhere in it.
bool is_inside(const Scope& scope, bool direct, std::int64_t enterprise, std::int64_t leaf, const Way& way) {
  if (!scope.cell) return true;
  const std::int64_t cell = std::stoll(*scope.cell);
  if (direct) return leaf == cell || (cell == 0 && way.leaf() == 0);
  return enterprise == cell || leaf == cell || std::ranges::find(way.at, cell) != std::end(way.at);
}

/// What an enterprise counts for by the days that it spent in places of the scope.
template <class Inside>
double spent_part(const Assessed& a, double window_days, const Inside& inside, const std::string& counted) {
  double part = 0;
  for (const auto& [leaf, days] : a.standing.spent)
    if (inside(leaf)) part += days / window_days;
  return counted == "exposed" ? part : a.headcount < 0 ? 0 : part * a.headcount;
}

}  // namespace

const std::vector<std::string>& counted_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out = {"exposed", "employed", "supervised", "unsupervised"};
    for (const auto& [name, part] : parts()) out.push_back(name);
    return out;
  }();
  return names;
}

Result<std::map<std::int64_t, CountedEnterprise>> counted_enterprises(storage::Tx& tx, FigureSources& sources, const Scope& scope, const RecordsAsked& asked, const std::string& counted,
                                                                     VisitKind kind) {
  const auto district = district_of(tx, scope.district);
  if (!district) return fail(district.error());
  const Day from = *parse_day(asked.from), to = *parse_day(asked.to);
  if (from >= to) return fail(Error::field("to", "must be later than from (it is the first day after the window)"));
  FiguresAsked figure{.measures = {}, .from = from, .to = to, .known_at = asked.known_at};
  const Gathering what{figure, {}, *district, scope.map_day};
  Gathered g;
  const Day first = scope.map_day.empty() ? from : *parse_day(scope.map_day);
  g.cells = sources.cells.find(tx, *district, first, scope.map_day.empty() ? to : first + std::chrono::days{1}, asked.known_at);
  const Assessment assessment(tx, sources.rosters, assessed_window(what));
  const auto part = std::ranges::find(parts(), counted, &std::pair<std::string, Part>::first);
  const bool by_supervision = counted.ends_with("supervised"), by_days = counted == "exposed" || counted == "employed";
  const DayNumber last_day = number_of(to) - 1;
  std::optional<Staff> staff;
  if (by_supervision) staff.emplace(tx, scope.district, to_string(day_of(last_day)), asked.known_at);
  std::map<std::int64_t, CountedEnterprise> out;
  assessment.each([&](const Enterprise& e, const Assessed& a) {
    const auto inside = [&](std::int64_t leaf) { return is_inside(scope, asked.direct, e.cell, leaf, way_of(g, leaf)); };
    CountedEnterprise one;
    if (by_days) {
      one.counts = spent_part(a, assessment.window().days(), inside, counted);
    } else if (!inside(a.standing.leaf)) {
      return;
    } else if (by_supervision) {
      if (!a.in_scope) return;
      one.faults = supervision_faults(e, a, way_of(g, a.standing.leaf), *staff, last_day);
      one.counts = one.faults.empty() == (counted == "supervised") ? 1 : 0;
    } else {
      one.counts = part->second(a, kind);
      if (counted == "overdue") one.due = a.of(kind).duty.overdue_since;
      else if (counted == "due" || counted == "on_time" || counted == "required") one.due = a.of(kind).duty.due;
    }
    if (one.counts > 0) out.emplace(e.cell, std::move(one));
  });
  return out;
}

}  // namespace gridward::service
