#include "domain/roster.h"

#include <algorithm>

namespace gridward {
namespace {

/// The last visit in [from, to), or nullopt.
std::optional<DayNumber> last_visit(const std::vector<DayNumber>& visits, DayNumber from, DayNumber to) {
  const auto past = std::lower_bound(visits.begin(), visits.end(), to);
  if (past == visits.begin() || *(past - 1) < from) return std::nullopt;
  return *(past - 1);
}

bool visited(const std::vector<DayNumber>& visits, DayNumber from, DayNumber to) {
  const auto first = std::lower_bound(visits.begin(), visits.end(), from);
  return first != visits.end() && *first < to;
}

struct Due {
  DayNumber day;
  int interval;
};

/// The due day of an enterprise as it stood before the visits of a day; nullopt without a rule that fits.
std::optional<Due> due_before(const Enterprise& e, DaySpan life, VisitKind kind, const VisitRules& rules, DayNumber day) {
  const auto last = last_visit(e.visits_of(kind), life.from, day);
  const DayNumber since = last.value_or(life.from);
  const VisitRule* rule = rules.find(kind, e.facts_on(since), since);
  if (rule == nullptr) return std::nullopt;
  return Due{since + (last ? rule->interval : rule->grace), rule->interval};
}

/// Where an enterprise lies on a day; before and after all that is said, where it lay next to it.
std::int64_t parent_on(const Enterprise& e, DayNumber day) {
  const std::pair<DaySpan, std::int64_t>* best = nullptr;
  for (const auto& p : e.parents) {
    if (p.first.contains(day)) return p.second;
    if (best == nullptr || p.first.from <= day || best->first.from > day) best = &p;
  }
  return best == nullptr ? 0 : best->second;
}

}  // namespace

const EnterpriseFacts* Enterprise::facts_on(DayNumber day) const {
  const EnterpriseFacts* found = nullptr;
  for (const EnterpriseFacts& f : facts)
    if (f.valid.from <= day) found = &f;
  return found;
}

bool Enterprise::exempt_on(DayNumber day) const {
  return std::ranges::any_of(exemptions, [day](const DaySpan& span) { return span.contains(day); });
}

int Enterprise::visits_in(VisitKind kind, DaySpan span) const {
  const auto& all = visits_of(kind);
  if (span.empty()) return 0;
  return static_cast<int>(std::lower_bound(all.begin(), all.end(), span.to) - std::lower_bound(all.begin(), all.end(), span.from));
}

const VisitRule* VisitRules::find(VisitKind kind, const EnterpriseFacts* facts, DayNumber day) const {
  const int grade = facts == nullptr ? 0 : facts->risk_grade;
  for (const VisitRule& rule : rules_) {
    if (rule.kind != kind || !rule.valid.contains(day)) continue;
    if (rule.risk_grade != 0 && rule.risk_grade != grade) continue;
    if (!rule.industry.empty() && (facts == nullptr || !facts->industry.starts_with(rule.industry))) continue;
    return &rule;
  }
  return nullptr;
}

std::optional<Standing> standing_of(const Enterprise& e, DaySpan window, std::optional<DayNumber> map_day) {
  std::optional<Standing> out;
  DayNumber days = 0;
  for (const DaySpan& life : e.lives) {
    const DaySpan span = life & window;
    if (span.empty()) continue;
    if (!out) out.emplace();
    out->life = life;
    out->active = span.contains(window.to - 1);
    out->leaf = parent_on(e, map_day.value_or(span.to - 1));
    days += span.days();
    if (map_day) continue;
    bool lay = false;
    for (const auto& [valid, leaf] : e.parents) {
      const DayNumber there = (valid & span).days();
      if (there > 0) out->spent.emplace_back(leaf, there), lay = true;
    }
    if (!lay) out->spent.emplace_back(out->leaf, span.days());
  }
  if (out && map_day) out->spent = {{out->leaf, days}};
  return out;
}

Duty duty_of(const Enterprise& e, const Standing& standing, VisitKind kind, const VisitRules& rules, DaySpan window, DayNumber today) {
  Duty duty;
  const DaySpan over = window & standing.life & DaySpan{window.from, today};
  const auto& visits = e.visits_of(kind);
  if (const auto at_end = due_before(e, standing.life, kind, rules, std::min(window.to, today)); at_end && standing.active && at_end->day < std::min(window.to, today))
    duty.overdue_since = at_end->day;
  const auto first = due_before(e, standing.life, kind, rules, std::max(window.from, standing.life.from));
  duty.has_rule = first.has_value();
  if (!first || over.empty()) return duty;
  DayNumber due = first->day;
  if (due < over.from) due += (over.from - due + first->interval - 1) / first->interval * first->interval;
  for (; due < over.to; due += first->interval) {
    if (e.exempt_on(due)) continue;
    if (!duty.due) {
      duty.due = due;
      duty.on_time = visited(visits, over.from, due + 1);
    }
    ++duty.required;
  }
  duty.done = std::min(duty.required, e.visits_in(kind, over));
  return duty;
}

int visits_above_cap(const Enterprise& e, const Standing& standing, VisitKind kind, const VisitRules& rules, DaySpan window) {
  using namespace std::chrono;
  int above = 0;
  const auto year_of = [](DayNumber day) { return year_month_day{day_of(day)}.year(); };
  for (year y = year_of(window.from); y <= year_of(window.to - 1); ++y) {
    const DaySpan span = DaySpan{number_of(Day{y / January / 1}), number_of(Day{(y + years{1}) / January / 1})} & DaySpan{0, window.to} & standing.life;
    if (span.empty()) continue;
    const VisitRule* rule = rules.find(kind, e.facts_on(span.to - 1), span.to - 1);
    if (rule != nullptr && rule->yearly_cap > 0) above += std::max(0, e.visits_in(kind, span) - rule->yearly_cap);
  }
  return above;
}

}  // namespace gridward
