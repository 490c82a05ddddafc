#include "domain/period.h"

#include <gtest/gtest.h>

namespace gridward {
namespace {

Day day(const char* text) { return *parse_day(text); }

std::string shown(const Window& w) { return to_string(w.from) + ".." + to_string(w.to); }

std::string parsed(const char* text) {
  const auto period = parse_period(text);
  return period ? shown(period->days) : "";
}

std::string compared(const char* text, const char* today, Comparison with) {
  const Period period = settle(*parse_period(text), day(today));
  const ComparedWindow out = compared_window(period, with, day(today));
  return out.reason.empty() ? shown(out.window) + " " + std::string(out.basis) : std::string(out.reason);
}

std::string compared_own(const char* from, const char* to, const char* today, Comparison with) {
  const Period period = settle({PeriodKind::own, false, {day(from), day(to)}}, day(today));
  const ComparedWindow out = compared_window(period, with, day(today));
  return out.reason.empty() ? shown(out.window) + " " + std::string(out.basis) : std::string(out.reason);
}

constexpr auto kYear = Comparison::year_before, kPrevious = Comparison::previous;

TEST(Period, IsReadAsTheCalendarHasIt) {
  EXPECT_EQ(parsed("2025-06"), "2025-06-01..2025-07-01");
  EXPECT_EQ(parsed("2025-12"), "2025-12-01..2026-01-01");
  EXPECT_EQ(parsed("2024-02"), "2024-02-01..2024-03-01");
  EXPECT_EQ(parsed("2025-Q1"), "2025-01-01..2025-04-01");
  EXPECT_EQ(parsed("2025-Q4"), "2025-10-01..2026-01-01");
  EXPECT_EQ(parsed("2025"), "2025-01-01..2026-01-01");
  EXPECT_EQ(parsed("ytd:2025-06"), "2025-01-01..2025-07-01");
  EXPECT_EQ(parsed("ytd:2025-Q3"), "2025-01-01..2025-10-01");
  for (const char* bad : {"", "2025-13", "2025-00", "2025-6", "2025-Q5", "2025-Q0", "25-06", "2025-06-01", "ytd:2025", "ytd:", "0000", "9999", "-999", "this_week", "2025-q1", "2025/06", "2025-+6"})
    EXPECT_FALSE(parse_period(bad)) << bad;
}

TEST(Period, OfTodayRunsUpToToday) {
  const auto window = [](const char* text, const char* today) { return shown(settle(*parse_period(text), day(today)).window); };
  EXPECT_EQ(window("this_month", "2026-11-25"), "2026-11-01..2026-11-26");
  EXPECT_EQ(window("this_quarter", "2026-11-25"), "2026-10-01..2026-11-26");
  EXPECT_EQ(window("this_year", "2026-11-25"), "2026-01-01..2026-11-26");
  EXPECT_EQ(window("ytd", "2026-01-01"), "2026-01-01..2026-01-02");
  EXPECT_EQ(window("2026-11", "2026-11-25"), "2026-11-01..2026-11-26");
  EXPECT_EQ(window("2026-11", "2026-12-01"), "2026-11-01..2026-12-01");
  EXPECT_EQ(window("this_quarter", "2025-12-31"), "2025-10-01..2026-01-01");
  EXPECT_TRUE(settle(*parse_period("2026-11"), day("2026-11-30")).running);
  EXPECT_FALSE(settle(*parse_period("2026-11"), day("2026-12-01")).running);
  EXPECT_EQ(shown(settle(*parse_period("ytd"), day("2026-11-25")).whole), "2026-01-01..2026-12-01");
  // What is one's own stays as it is.
  EXPECT_EQ(shown(settle({PeriodKind::own, false, {day("2026-11-01"), day("2027-01-01")}}, day("2026-11-25")).window), "2026-11-01..2027-01-01");
}

TEST(Period, WholeOnesAreComparedWithWholeOnes) {
  constexpr auto today = "2026-11-25";
  EXPECT_EQ(compared("2025-03", today, kPrevious), "2025-02-01..2025-03-01 whole_period");
  EXPECT_EQ(compared("2024-02", today, kYear), "2023-02-01..2023-03-01 whole_period");
  EXPECT_EQ(compared("2025-02", today, kYear), "2024-02-01..2024-03-01 whole_period");
  EXPECT_EQ(compared("2025-01", today, kPrevious), "2024-12-01..2025-01-01 whole_period");
  EXPECT_EQ(compared("2025-Q1", today, kPrevious), "2024-10-01..2025-01-01 whole_period");
  EXPECT_EQ(compared("2025-Q1", today, kYear), "2024-01-01..2024-04-01 whole_period");
  EXPECT_EQ(compared("2025", today, kPrevious), "2024-01-01..2025-01-01 whole_period");
  EXPECT_EQ(compared("ytd:2025-02", today, kYear), "2024-01-01..2024-03-01 whole_period");
  EXPECT_EQ(compared("ytd:2025-02", today, kPrevious), "cumulative_period");
}

TEST(Period, RunningOnesAreComparedWithTheSameDays) {
  EXPECT_EQ(compared("this_month", "2026-11-25", kPrevious), "2026-10-01..2026-10-26 same_days");
  EXPECT_EQ(compared("this_month", "2026-11-25", kYear), "2025-11-01..2025-11-26 same_days");
  EXPECT_EQ(compared("this_month", "2026-03-30", kPrevious), "2026-02-01..2026-03-01 same_days");
  EXPECT_EQ(compared("this_month", "2026-02-28", kPrevious), "2026-01-01..2026-01-29 same_days");
  EXPECT_EQ(compared("this_month", "2024-02-29", kYear), "2023-02-01..2023-03-01 same_days");
  EXPECT_EQ(compared("this_month", "2025-02-28", kYear), "2024-02-01..2024-02-29 same_days");
  EXPECT_EQ(compared("this_quarter", "2026-01-10", kPrevious), "2025-10-01..2025-10-11 same_days");
  EXPECT_EQ(compared("this_quarter", "2026-05-31", kPrevious), "2026-01-01..2026-03-01 same_days");
  EXPECT_EQ(compared("ytd", "2026-11-25", kYear), "2025-01-01..2025-11-26 same_days");
  EXPECT_EQ(compared("ytd", "2026-11-25", kPrevious), "cumulative_period");
  EXPECT_EQ(compared("2027-01", "2026-11-25", kYear), "not_begun");
}

TEST(Period, OnesOwnWindowIsComparedWithAsManyDaysBeforeIt) {
  constexpr auto today = "2026-11-25";
  EXPECT_EQ(compared_own("2025-03-10", "2025-03-20", today, kPrevious), "2025-02-28..2025-03-10 same_length");
  EXPECT_EQ(compared_own("2025-03-10", "2025-03-20", today, kYear), "2024-03-10..2024-03-20 same_days");
  EXPECT_EQ(compared_own("2024-02-28", "2024-02-29", today, kYear), "2023-02-28..2023-03-01 same_days");
  EXPECT_EQ(compared_own("2024-02-29", "2024-03-01", today, kYear), "2023-02-28..2023-03-01 same_days");
  EXPECT_EQ(compared_own("2025-01-15", "2025-03-01", today, kYear), "2024-01-15..2024-03-01 same_days");
  // Beyond today: up to today.
  EXPECT_EQ(compared_own("2026-11-20", "2027-01-01", today, kPrevious), "2026-11-14..2026-11-20 same_length");
  EXPECT_EQ(compared_own("2026-11-20", "2027-01-01", today, kYear), "2025-11-20..2025-11-26 same_days");
}

TEST(Period, MonthsShiftToTheLastDayWhereThereIsNoSuchDay) {
  EXPECT_EQ(to_string(shift_months(day("2025-03-31"), -1)), "2025-02-28");
  EXPECT_EQ(to_string(shift_months(day("2024-03-31"), -1)), "2024-02-29");
  EXPECT_EQ(to_string(shift_months(day("2024-02-29"), -12)), "2023-02-28");
  EXPECT_EQ(to_string(shift_months(day("2025-12-31"), 2)), "2026-02-28");
}

}  // namespace
}  // namespace gridward
