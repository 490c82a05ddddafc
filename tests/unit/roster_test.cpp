#include "domain/roster.h"

#include <random>

#include <gtest/gtest.h>

namespace gridward {
namespace {

VisitRules one_rule(int interval, int grace, int cap = 0) {
  return VisitRules({{.kind = VisitKind::inspection, .interval = interval, .grace = grace, .yearly_cap = cap, .valid = {0, kNever}}});
}

Enterprise enterprise(DaySpan life, std::vector<DayNumber> inspections) {
  Enterprise e;
  e.cell = 1;
  e.lives = {life};
  e.parents = {{life, 7}};
  e.facts = {{.valid = life, .risk_grade = 2, .industry = "C26"}};
  e.visits[0] = std::move(inspections);
  return e;
}

Duty judge(const Enterprise& e, DaySpan window, DayNumber today = kNever, const VisitRules& rules = one_rule(90, 30)) {
  return duty_of(e, *standing_of(e, window, {}), VisitKind::inspection, rules, window, today);
}

TEST(Duty, one_who_is_never_visited_is_judged_once_in_every_interval) {
  const Enterprise e = enterprise({1000, kNever}, {});
  EXPECT_EQ(judge(e, {1000, 1030}).due, std::nullopt);
  EXPECT_EQ(judge(e, {1000, 1031}).due, 1030);
  EXPECT_EQ(judge(e, {1031, 1120}).due, std::nullopt);
  const Duty again = judge(e, {1031, 1400});
  EXPECT_EQ(again.due, 1120);
  EXPECT_FALSE(again.on_time);
  EXPECT_EQ(again.required, 4);  // 1120, 1210, 1300, 1390
  EXPECT_EQ(again.done, 0);
  EXPECT_EQ(again.overdue_since, 1030);
}

TEST(Duty, a_visit_up_to_the_due_day_is_on_time_and_one_after_it_is_not) {
  EXPECT_TRUE(judge(enterprise({1000, kNever}, {1030}), {1000, 1060}).on_time);
  EXPECT_FALSE(judge(enterprise({1000, kNever}, {1031}), {1000, 1060}).on_time);
  EXPECT_EQ(judge(enterprise({1000, kNever}, {1031}), {1000, 1060}).overdue_since, std::nullopt) << "visited, though late";
  EXPECT_EQ(judge(enterprise({1000, kNever}, {1010}), {1011, 1200}).due, 1100) << "from the visit on, not from registration";
}

TEST(Duty, visits_beyond_what_is_required_count_no_more) {
  const Duty duty = judge(enterprise({1000, kNever}, {1001, 1002, 1003, 1004}), {1000, 1060});
  EXPECT_EQ(duty.required, 1);
  EXPECT_EQ(duty.done, 1);
}

TEST(Duty, days_to_come_are_not_judged) {
  const Enterprise e = enterprise({1000, kNever}, {});
  EXPECT_EQ(judge(e, {1000, 1100}, 1030).due, std::nullopt) << "its due day is not over";
  EXPECT_EQ(judge(e, {1000, 1100}, 1031).due, 1030);
  EXPECT_EQ(judge(e, {1000, 1100}, 1030).overdue_since, std::nullopt);
}

TEST(Duty, an_exempt_day_is_not_due) {
  Enterprise e = enterprise({1000, kNever}, {});
  e.exemptions = {{1020, 1040}};
  EXPECT_EQ(judge(e, {1000, 1060}).due, std::nullopt);
  EXPECT_EQ(judge(e, {1000, 1130}).due, 1120);
}

TEST(Duty, the_rule_is_that_of_the_grade_at_the_last_visit) {
  const VisitRules rules({{.kind = VisitKind::inspection, .risk_grade = 1, .interval = 30, .grace = 10, .valid = {0, kNever}},
                          {.kind = VisitKind::inspection, .interval = 365, .grace = 90, .valid = {0, kNever}}});
  Enterprise e = enterprise({1000, kNever}, {1100});
  e.facts = {{.valid = {1000, 1110}, .risk_grade = 1}, {.valid = {1110, kNever}, .risk_grade = 4}};
  EXPECT_EQ(judge(e, {1101, 1200}, kNever, rules).due, 1130);
}

/// Day by day: a due day passes or is pushed on by a visit before the window.
std::vector<DayNumber> due_days(const Enterprise& e, DaySpan window, int interval, int grace) {
  DayNumber due = e.lives[0].from + grace;
  for (const DayNumber visit : e.visits[0])
    if (visit < window.from && visit >= e.lives[0].from) due = visit + interval;
  std::vector<DayNumber> out;
  for (DayNumber day = e.lives[0].from; day < window.to; ++day) {
    if (day != due) continue;
    if (day >= window.from) out.push_back(day);
    due += interval;
  }
  return out;
}

TEST(Duty, agrees_with_a_count_day_by_day) {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 20000; ++round) {
    const DayNumber start = 1000 + below(200);
    std::vector<DayNumber> visits;
    for (DayNumber day = start + below(150); day < 2000; day += 1 + below(200)) visits.push_back(day);
    const Enterprise e = enterprise({start, kNever}, visits);
    const DayNumber from = start + below(500);
    const DaySpan window{from, from + 1 + below(400)};
    const int interval = 1 + below(120), grace = below(60);
    const Duty duty = judge(e, window, kNever, one_rule(interval, grace));
    const auto expected = due_days(e, window, interval, grace);
    ASSERT_EQ(duty.required, static_cast<int>(expected.size()));
    if (expected.empty()) continue;
    ASSERT_EQ(duty.due, expected.front());
    bool on_time = false;
    for (const DayNumber visit : visits) on_time = on_time || (visit >= window.from && visit <= expected.front());
    ASSERT_EQ(duty.on_time, on_time);
  }
}

TEST(Standing, days_are_spent_where_the_enterprise_lay_and_it_stands_where_it_lay_last) {
  Enterprise e = enterprise({0, 90}, {});
  e.parents = {{{0, 40}, 7}, {{40, kNever}, 8}};
  const auto standing = standing_of(e, {20, 100}, {});
  ASSERT_TRUE(standing);
  EXPECT_FALSE(standing->active);
  EXPECT_EQ(standing->leaf, 8);
  EXPECT_EQ(standing->spent, (std::vector<std::pair<std::int64_t, DayNumber>>{{7, 20}, {8, 50}}));
  EXPECT_EQ(standing_of(e, {20, 100}, 10)->spent, (std::vector<std::pair<std::int64_t, DayNumber>>{{7, 70}}));
  EXPECT_FALSE(standing_of(e, {90, 100}, {}));
}

TEST(Cap, counts_each_calendar_year_from_its_first_day) {
  const DayNumber y2024 = number_of(*parse_day("2024-01-01")), y2025 = number_of(*parse_day("2025-01-01"));
  const Enterprise e = enterprise({y2024 - 500, kNever}, {y2024 + 1, y2024 + 2, y2024 + 3, y2025 + 1, y2025 + 200, y2025 + 201});
  const auto above = [&](DaySpan window) { return visits_above_cap(e, *standing_of(e, window, {}), VisitKind::inspection, one_rule(90, 30, 2), window); };
  EXPECT_EQ(above({y2024 + 100, y2025 + 100}), 1) << "2024 is over its cap, 2025 not yet";
  EXPECT_EQ(above({y2025, y2025 + 365}), 1);
  EXPECT_EQ(above({y2024, y2025 + 365}), 2);
}


}  // namespace
}  // namespace gridward
