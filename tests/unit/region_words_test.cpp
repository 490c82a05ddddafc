// The sentences of key regions: of one thing and of more.
#include "service/region_words.h"

#include <gtest/gtest.h>

namespace gridward::service {
namespace {

RegionComponent component(const char* name, const char* measure) {
  RegionComponent c;
  c.component = name;
  c.measure = measure;
  c.value = Interval95{0.2, 0.1, 0.3};
  c.mean = 0.1;
  c.points = Interval95{50, 40, 60};
  c.weight = 1;
  return c;
}

std::string english(const RegionComponent& c, const Sums& sums) {
  RegionScore area;
  area.components = {c};
  return reasons_of(area, sums).at(0).sentence.en;
}

TEST(RegionWords, OneAccidentHappened) {
  Sums one, two;
  one.at(Count::accidents) = one.at(Count::accidents_ordinary) = 1;
  two.at(Count::accidents) = 2;
  EXPECT_EQ(english(component("accidents", "accidents"), one).find("1 accident happened (0 larger than ordinary): "), 0u);
  EXPECT_EQ(english(component("accidents", "accidents"), two).find("2 accidents happened (2 larger than ordinary): "), 0u);
}

TEST(RegionWords, OneHazardIsOpen) {
  Sums one, two;
  one.at(Count::open) = one.at(Count::open_major) = one.at(Count::overdue) = 1;
  two.at(Count::open) = two.at(Count::overdue) = 2;
  EXPECT_EQ(english(component("open_hazards", ""), one).find("1 hazard is open at the end (1 major): "), 0u);
  EXPECT_EQ(english(component("open_hazards", ""), two).find("2 hazards are open at the end (0 major): "), 0u);
  EXPECT_EQ(english(component("overdue_hazards", ""), one).find("1 of 1 open hazard is past its deadline, 100.0 % "), 0u);
  EXPECT_EQ(english(component("overdue_hazards", ""), two).find("2 of 2 open hazards are past their deadline, 100.0 % "), 0u);
}

TEST(RegionWords, OneOfManyWasNotInspected) {
  Sums s;
  s.active = 12;
  Sums::Visits& v = s.visits[static_cast<std::size_t>(VisitKind::inspection)];
  v.visited = 11;
  v.required = 3;
  v.done = 1;
  v.due = 2;
  v.on_time = 1;
  v.overdue = {{1, 30}};
  EXPECT_EQ(english(component("coverage_gap", "inspection_coverage"), s).find("1 of 12 enterprises was not inspected, 8.3 % "), 0u);
  EXPECT_EQ(english(component("coverage_gap", "frequency_compliance"), s).find("2 of 3 required inspections were not made, 66.7 % "), 0u);
  EXPECT_EQ(english(component("coverage_gap", "due_coverage"), s).find("1 of 2 enterprises due for inspection was not inspected in time, 50.0 % "), 0u);
  EXPECT_EQ(english(component("overdue_enterprises", "overdue_enterprises"), s).find("1 of 12 enterprises is overdue for inspection, 8.3 % "), 0u);
}

TEST(RegionWords, WhatDidNotHappenIsNoReason) {
  RegionScore area;
  area.components = {component("accidents", "accidents_per_enterprise"), component("open_hazards", ""), component("overdue_hazards", ""), component("overdue_enterprises", ""), component("coverage_gap", "due_coverage"),
                     component("coverage_gap", "inspection_coverage"), component("coverage_gap", "frequency_compliance")};
  Sums none;
  none.active = 5;
  Sums::Visits& v = none.visits[static_cast<std::size_t>(VisitKind::inspection)];
  v.visited = v.due = v.on_time = v.required = v.done = 5;
  EXPECT_TRUE(reasons_of(area, none).empty());
  none.at(Count::accidents) = 1;
  EXPECT_EQ(reasons_of(area, none).size(), 1u);
}

TEST(RegionWords, OneEnterpriseIsTooFew) {
  const ScoreFloors floors;
  Standstill few{};
  few.reason = "few_enterprises";
  few.enterprises = 1;
  EXPECT_EQ(reason_of(few, floors, *parse_day("2025-01-01")).sentence.en.find("Only 1 enterprise was in scope at the end, "), 0u);
  Standstill unwatched{};
  unwatched.reason = "little_inspection";
  unwatched.in_scope = 1;
  unwatched.days = 1;
  EXPECT_EQ(reason_of(unwatched, floors, *parse_day("2025-01-01")).sentence.en.find("In the 1 day up to 2024-12-31 only 0 of 1 enterprise were inspected, 0.0 %"), 0u);
}

}  // namespace
}  // namespace gridward::service
