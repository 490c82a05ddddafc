#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/day.h"

namespace gridward {

/// A day as a number since 1970-01-01, for the many of a register.
using DayNumber = std::int32_t;
/// After every day.
inline constexpr DayNumber kNever = std::numeric_limits<DayNumber>::max();

[[nodiscard]] inline DayNumber number_of(Day day) { return static_cast<DayNumber>(day.time_since_epoch().count()); }
[[nodiscard]] inline Day day_of(DayNumber number) { return Day{std::chrono::days{number}}; }

/// A half-open span of days; empty when it does not end after it begins.
struct DaySpan {
  DayNumber from = 0;
  DayNumber to = kNever;
  [[nodiscard]] bool contains(DayNumber day) const { return from <= day && day < to; }
  [[nodiscard]] bool empty() const { return to <= from; }
  [[nodiscard]] DayNumber days() const { return empty() ? 0 : to - from; }
};
[[nodiscard]] inline DaySpan operator&(DaySpan a, DaySpan b) { return {std::max(a.from, b.from), std::min(a.to, b.to)}; }

/// Inspection (执法检查, by certified officers) and patrol (巡查) are two things, measured apart and never summed.
enum class VisitKind : std::uint8_t { inspection, patrol };

/// What is said of an enterprise from day to day.
struct EnterpriseFacts {
  DaySpan valid;
  int risk_grade = 0;  // 1 重大 to 4 低; 0: none
  std::string industry;
  int headcount = -1;  // -1: unknown
  bool located = false;
  bool has_department = false;  // a department leads its supervision
};

/// An enterprise as supervision sees it: when it was active, where it lay, what was said of it and when it was visited. All in order of time.
struct Enterprise {
  std::int64_t cell = 0;
  std::vector<DaySpan> lives;
  std::vector<std::pair<DaySpan, std::int64_t>> parents;
  std::vector<EnterpriseFacts> facts;
  std::vector<DaySpan> exemptions;
  std::array<std::vector<DayNumber>, 2> visits;  // completed ones, by kind, an entry each

  [[nodiscard]] const std::vector<DayNumber>& visits_of(VisitKind kind) const { return visits[static_cast<std::size_t>(kind)]; }
  /// What was said on a day, or last before it; nullptr when nothing was said yet.
  [[nodiscard]] const EnterpriseFacts* facts_on(DayNumber day) const;
  [[nodiscard]] bool exempt_on(DayNumber day) const;
  /// The completed visits of a kind in a span.
  [[nodiscard]] int visits_in(VisitKind kind, DaySpan span) const;
};

/// How often enterprises of a kind must be visited.
struct VisitRule {
  VisitKind kind = VisitKind::inspection;
  int risk_grade = 0;    // 0: any
  std::string industry;  // how an industry begins; empty: any
  int interval = 0;      // days from a visit to the next due day
  int grace = 0;         // days from registration to the first due day
  int yearly_cap = 0;    // visits in a calendar year; 0: none
  DaySpan valid;
};

/// The rules of a district, the best fit first.
class VisitRules {
 public:
  VisitRules() = default;
  explicit VisitRules(std::vector<VisitRule> best_first) : rules_(std::move(best_first)) {}
  /// The rule for an enterprise of which this is said on a day; nullptr when none fits.
  [[nodiscard]] const VisitRule* find(VisitKind kind, const EnterpriseFacts* facts, DayNumber day) const;

 private:
  std::vector<VisitRule> rules_;
};

/// Where an enterprise counts in a window: on its last active day of it (or on a day of the map), and by the days that it spent in each place.
struct Standing {
  DaySpan life;           // the last one that touches the window
  std::int64_t leaf = 0;  // where it stands; 0: in no cell
  bool active = false;    // on the last day of the window
  std::vector<std::pair<std::int64_t, DayNumber>> spent;  // leaf and days of the window
};
/// nullopt when it was not active in the window at all. With a map day it stands, and has spent all its days, where it lay on that day.
[[nodiscard]] std::optional<Standing> standing_of(const Enterprise& e, DaySpan window, std::optional<DayNumber> map_day);

/// What an enterprise owed in visits of a kind in a window, and what was done.
///
/// Its due day is that of its last visit before the window, plus the interval of the rule that fitted it on that visit; never visited in its
/// life, its registration plus grace. A due day that passed before the window comes again after each interval, so that one who is never
/// visited is judged once in every interval. It is on time when it was visited in the window, up to its due day. Days still to come are not judged.
struct Duty {
  std::optional<DayNumber> due;  // the first due day in the window
  bool on_time = false;
  int required = 0;  // due days in the window, if nobody came in between
  int done = 0;      // visits in the window, at most as many as were required
  bool has_rule = false;
  std::optional<DayNumber> overdue_since;  // at the end of the window: its due day, when that has passed
};
/// `today` is the first day that is not over.
[[nodiscard]] Duty duty_of(const Enterprise& e, const Standing& standing, VisitKind kind, const VisitRules& rules, DaySpan window, DayNumber today);

/// Visits above the yearly cap in the calendar years that a window touches, each counted from its first day up to the window's end.
[[nodiscard]] int visits_above_cap(const Enterprise& e, const Standing& standing, VisitKind kind, const VisitRules& rules, DaySpan window);

}  // namespace gridward
