#include "base/day.h"

#include <gtest/gtest.h>

namespace gridward {
namespace {

TEST(Day, ParsesOnlyRealIsoDays) {
  ASSERT_TRUE(parse_day("2024-02-29"));
  EXPECT_EQ(to_string(*parse_day("2024-02-29")), "2024-02-29");
  for (const char* bad : {"2023-02-29", "2023-1-01", "2023-01-01T00", "2023/01/01", "abcd-ef-gh", "", "0000-01-01"})
    EXPECT_FALSE(parse_day(bad)) << bad;
}

}  // namespace
}  // namespace gridward
