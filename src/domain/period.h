#pragma once

#include <string>
#include <string_view>

#include "base/day.h"
#include "base/result.h"

namespace gridward {

/// What a window of days is to a calendar.
enum class PeriodKind { own, month, quarter, year, year_to_date };
[[nodiscard]] constexpr std::string_view period_name(PeriodKind kind) {
  constexpr std::string_view names[] = {"own", "month", "quarter", "year", "year_to_date"};
  return names[static_cast<int>(kind)];
}

/// A period as it was asked for: days of the calendar, or the one that today falls in.
struct PeriodAsked {
  PeriodKind kind = PeriodKind::own;
  bool current = false;  // the one of today; `days` is not set then
  Window days{};
};

/// Reads `2025-06`, `2025-Q2`, `2025`, `ytd:2025-06` and `ytd:2025-Q2` (from 1 January to the end of that month or quarter, 1—本月累计),
/// `this_month`, `this_quarter`, `this_year`, `ytd` (from 1 January to today).
Result<PeriodAsked> parse_period(std::string_view text);

/// A period on a day of a district. One that today falls in is running: its window ends with today, though today is not over.
struct Period {
  PeriodKind kind = PeriodKind::own;
  Window whole{};   // by the calendar
  Window window{};  // what is counted
  bool running = false;
  bool begun = true;  // false: it begins after today
};
/// `today` is the local day. A window of one's own keeps its end even where that is still to come: see compared_window.
[[nodiscard]] Period settle(const PeriodAsked& asked, Day today);

/// 同比: the same period of last year; 环比: the period of the same kind before this one.
enum class Comparison { year_before, previous };
[[nodiscard]] constexpr std::string_view comparison_name(Comparison c) { return c == Comparison::year_before ? "year_before" : "previous"; }

/// What a period is compared with.
struct ComparedWindow {
  Window window{};
  std::string_view basis;   // whole_period; same_days (of a running one, or of a window of one's own a year before); same_length (before such a window)
  std::string_view reason;  // why there is none, or empty: not_begun; cumulative_period, which overlaps the one before it
};

/// The window that a period is compared with.
///
/// Months, quarters and years are shifted by the calendar, whole to whole. Running ones are compared like with like: up to today with the same
/// days of the month, quarter or year before, or up to its end where that is shorter (30 March with all of February). A window of one's own is
/// compared with as many days just before it, or with the same days a year before, where 29 February becomes the 28th and an end of a
/// month stays one; where it reaches beyond today, up to today.
[[nodiscard]] ComparedWindow compared_window(const Period& period, Comparison comparison, Day today);

/// 1 January of its year.
[[nodiscard]] Day first_of_year(Day day);

/// A day so many months later (or earlier), the last of the month where that has no such day.
[[nodiscard]] Day shift_months(Day day, int months);

}  // namespace gridward
