#include "domain/code.h"

#include <gtest/gtest.h>

namespace gridward {
namespace {

// The numbers of a class are those of GB/T 10114 (towns) and of the statistical area code (villages), as domain.md has them (B.1).
TEST(FreeCode, KeepsItsLastDigitsUnderAnotherParent) {
  EXPECT_EQ(free_code("370181001205", "370181002000", 3, {}), "370181002205");
  EXPECT_EQ(free_code("370181103000", "370112000000", 2, {}), "370112103000");
}

TEST(FreeCode, ElseTheNextFreeOneOfItsClass) {
  EXPECT_EQ(free_code("370181001005", "370181002000", 3, {"370181002005", "370181002001"}), "370181002002");
  EXPECT_EQ(free_code("370181001205", "370181002000", 3, {"370181002205", "370181002200"}), "370181002201");
  EXPECT_EQ(free_code("370181103000", "370112000000", 2, {"370112103000"}), "370112100000");
  EXPECT_EQ(free_code("370181002005", "370181002000", 3, {}), "370181002001") << "its own is what is wrong with it";
}

TEST(FreeCode, NoneWhereAClassIsFull) {
  std::set<std::string> used;
  for (int n = 1; n <= 199; ++n) used.insert("370181002" + std::string(n < 10 ? "00" : n < 100 ? "0" : "") + std::to_string(n));
  EXPECT_EQ(free_code("370181001005", "370181002000", 3, used), "");
}

TEST(FreeCode, OtherSchemesGetANumberBehind) {
  EXPECT_EQ(free_code("V03", "T0", 3, {"V03-2"}), "V03-3");
}

}  // namespace
}  // namespace gridward
