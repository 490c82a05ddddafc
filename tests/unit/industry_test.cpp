// Names of industries: the same table and the same rule as the page's (web/src/words/industries.ts).
#include "domain/industry.h"

#include <gtest/gtest.h>

namespace gridward {
namespace {

TEST(Industry, IsToldByTheNameOfTheLongestBeginningThatIsKnown) {
  EXPECT_EQ(industry_text("C26", true), "化学原料和化学制品制造业 C26");
  EXPECT_EQ(industry_text("C2631", true), "农药制造 C2631");
  EXPECT_EQ(industry_text("H6210", false), "catering H6210");
  EXPECT_EQ(industry_text("C", true), "制造业 C");
}

TEST(Industry, WhatIsNoCodeStaysAsItIs) {
  for (const char* other : {"", "C9", "C26化工", "渔家乐", "Z01", "C12345"}) EXPECT_EQ(industry_text(other, true), other);
}

TEST(Industry, IsCountedUnderItsSection) {
  EXPECT_EQ(industry_section("C2631").zh, "制造业");
  EXPECT_EQ(industry_section("T97").en, "international organisations");
  EXPECT_EQ(industry_section("渔家乐").key, "渔家乐");
  EXPECT_EQ(industry_section("").zh, "行业不明");
}

}  // namespace
}  // namespace gridward
