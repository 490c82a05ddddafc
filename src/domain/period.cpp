#include "domain/period.h"

#include <charconv>
#include <optional>

namespace gridward {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::year_month;
using std::chrono::year_month_day;

Day first_of(year_month month) { return Day{month / std::chrono::day{1}}; }

std::optional<int> digits(std::string_view text) {
  int n = 0;
  const auto [rest, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  const bool whole = ec == std::errc{} && rest == text.data() + text.size() && !text.empty() && text.front() != '-';
  return whole ? std::optional(n) : std::nullopt;
}

/// How many months a period of a kind has.
int length_of(PeriodKind kind) { return kind == PeriodKind::month ? 1 : kind == PeriodKind::quarter ? 3 : 12; }

/// `2025`, `2025-06` or `2025-Q2`.
std::optional<PeriodAsked> parse_calendar(std::string_view text) {
  const auto year = text.size() >= 4 ? digits(text.substr(0, 4)) : std::nullopt;
  if (!year || *year < 1 || *year > 9998 || (text.size() != 4 && (text.size() != 7 || text[4] != '-'))) return std::nullopt;
  PeriodAsked out;
  unsigned first = 1;
  if (text.size() == 4) {
    out.kind = PeriodKind::year;
  } else if (text[5] == 'Q') {
    const auto quarter = digits(text.substr(6));
    if (!quarter || *quarter < 1 || *quarter > 4) return std::nullopt;
    out.kind = PeriodKind::quarter;
    first = static_cast<unsigned>(*quarter) * 3 - 2;
  } else {
    const auto month = digits(text.substr(5));
    if (!month || *month < 1 || *month > 12) return std::nullopt;
    out.kind = PeriodKind::month;
    first = static_cast<unsigned>(*month);
  }
  const year_month begin = std::chrono::year{*year} / std::chrono::month{first};
  out.days = {first_of(begin), first_of(begin + months{length_of(out.kind)})};
  return out;
}

bool is_first_of_month(Day day) { return year_month_day{day}.day() == std::chrono::day{1}; }

/// The end of a span, shifted with its last day: an end of a month stays one.
Day shift_end(Day to, int by) { return is_first_of_month(to) ? shift_months(to, by) : shift_months(to - days{1}, by) + days{1}; }

}  // namespace

Result<PeriodAsked> parse_period(std::string_view text) {
  if (text == "this_month") return PeriodAsked{PeriodKind::month, true, {}};
  if (text == "this_quarter") return PeriodAsked{PeriodKind::quarter, true, {}};
  if (text == "this_year") return PeriodAsked{PeriodKind::year, true, {}};
  if (text == "ytd") return PeriodAsked{PeriodKind::year_to_date, true, {}};
  constexpr std::string_view cumulative = "ytd:";
  const bool to_date = text.starts_with(cumulative);
  auto found = parse_calendar(to_date ? text.substr(cumulative.size()) : text);
  if (!found || (to_date && found->kind == PeriodKind::year))
    return fail(Error::field("period", "must be a month (2025-06), a quarter (2025-Q2), a year (2025), a year up to one of them (ytd:2025-06, ytd:2025-Q2), or this_month, this_quarter, this_year, ytd"));
  if (to_date) {
    found->kind = PeriodKind::year_to_date;
    found->days.from = first_of_year(found->days.from);
  }
  return *found;
}

Day first_of_year(Day day) { return first_of(year_month_day{day}.year() / std::chrono::January); }

Day shift_months(Day day, int by) {
  const year_month_day date{day};
  const year_month_day moved = date + months{by};
  return moved.ok() ? Day{moved} : Day{moved.year() / moved.month() / std::chrono::last};
}

Period settle(const PeriodAsked& asked, Day today) {
  Period out{asked.kind, asked.days, {}, false, true};
  if (asked.current) {
    const year_month_day date{today};
    const auto month = static_cast<unsigned>(date.month());
    const unsigned first = asked.kind == PeriodKind::month ? month : asked.kind == PeriodKind::quarter ? (month - 1) / 3 * 3 + 1 : 1;
    const year_month begin = date.year() / std::chrono::month{first};
    const int length = asked.kind == PeriodKind::year_to_date ? static_cast<int>(month) : length_of(asked.kind);
    out.whole = {first_of(begin), first_of(begin + months{length})};
  }
  out.begun = out.whole.from <= today;
  out.running = out.begun && today < out.whole.to;
  out.window = out.whole;
  if (out.running && out.kind != PeriodKind::own) out.window.to = today + days{1};
  return out;
}

ComparedWindow compared_window(const Period& period, Comparison comparison, Day today) {
  const bool year_before = comparison == Comparison::year_before;
  if (!period.begun) return {{}, "", "not_begun"};
  if (!year_before && period.kind == PeriodKind::year_to_date) return {{}, "", "cumulative_period"};
  const Day to = period.running ? today + days{1} : period.window.to;
  if (!year_before && period.kind == PeriodKind::own) return {{period.window.from - (to - period.window.from), period.window.from}, "same_length", ""};
  const int by = year_before ? -12 : -length_of(period.kind);
  ComparedWindow out{{shift_months(period.window.from, by), {}}, period.running || period.kind == PeriodKind::own ? "same_days" : "whole_period", ""};
  // A running period has not come to its end, though today be the last day of a month: the same days, not the whole.
  out.window.to = period.running ? shift_months(today, by) + days{1} : shift_end(to, by);
  return out;
}

}  // namespace gridward
