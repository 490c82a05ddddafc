#include "domain/code.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace gridward {
namespace {

int number(std::string_view digits) {
  int n = 0;
  for (const char c : digits) n = n * 10 + (c - '0');
  return n;
}

struct NumberRange {
  int first, last;
};

/// The numbers of the class of one (GB/T 10114 for towns, the statistical area code for villages).
NumberRange class_of(int own, int level) {
  static constexpr std::array<NumberRange, 5> kTowns = {{{1, 99}, {100, 199}, {200, 399}, {400, 599}, {600, 999}}};
  static constexpr std::array<NumberRange, 3> kVillages = {{{1, 199}, {200, 399}, {400, 999}}};
  const auto holds = [&](NumberRange r) { return own <= r.last; };
  return level == 2 ? *std::ranges::find_if(kTowns, holds) : *std::ranges::find_if(kVillages, holds);
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

std::string free_code(std::string_view code, std::string_view parent, int level, const std::set<std::string>& used) {
  const auto is_free = [&](const std::string& candidate) { return candidate != code && !used.contains(candidate); };
  if (!is_statistical_code(code) || !is_statistical_code(parent)) {
    int n = 2;
    while (!is_free(fmt::format("{}-{}", code, n))) ++n;
    return fmt::format("{}-{}", code, n);
  }
  const std::size_t digits = level == 2 ? 6 : 9;
  const auto with = [&](int n) { return fmt::format("{}{:03}{}", parent.substr(0, digits), n, level == 2 ? "000" : ""); };
  const int own = number(code.substr(digits, 3));
  if (is_free(with(own)) && own != 0) return with(own);
  const NumberRange range = class_of(own, level);
  for (int n = range.first; n <= range.last; ++n)
    if (is_free(with(n))) return with(n);
  return "";
}

}  // namespace gridward
