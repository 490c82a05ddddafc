#include "domain/code.h"

#include <algorithm>

namespace gridward {
namespace {

int number(std::string_view digits) {
  int n = 0;
  for (const char c : digits) n = n * 10 + (c - '0');
  return n;
}

}  // namespace

bool is_statistical_code(std::string_view code) {
  return code.size() == 12 && std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

std::string kind_of_statistical_code(std::string_view code, int level) {
  if (!is_statistical_code(code)) return "";
  const int county = number(code.substr(4, 2)), town = number(code.substr(6, 3)), village = number(code.substr(9, 3));
  if (level == 1) return county >= 1 && county <= 18 ? "区" : county >= 21 && county <= 80 ? "县" : county >= 81 ? "县级市" : "";
  if (level == 2) return town >= 1 && town <= 99 ? "街道" : town <= 199 ? "镇" : town <= 399 ? "乡" : town <= 599 ? "工业区" : "";
  if (level == 3) return village >= 1 && village <= 199 ? "社区" : village >= 200 && village <= 399 ? "村" : "";
  return "";
}

bool code_fits_parent(std::string_view code, std::string_view parent, int parent_level) {
  if (!is_statistical_code(code) || !is_statistical_code(parent)) return true;
  const std::size_t digits = parent_level == 1 ? 6 : 9;
  return code.substr(0, digits) == parent.substr(0, digits);
}

}  // namespace gridward
