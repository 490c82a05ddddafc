#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gridward {

/// How data of a made-up district are marked wherever they are shown or taken out.
inline constexpr const char* kSynthetic = "演示数据·合成";

/// A district with its versions and its local day.
struct District {
  std::int64_t id = 0;
  std::int64_t cell = 0;
  std::string scheme;
  std::string time_zone;
  std::string holds_from;
  bool synthetic = false;
  std::string today;
  std::int64_t map_version = 0;
  std::int64_t data_version = 0;
  std::string last_day;  // of its events; empty: it has none
};

/// What is said of a cell on a day.
struct Cell {
  std::int64_t id = 0;
  std::int64_t district = 0;
  int level = 0;
  std::string kind, name, scheme, code;
  std::int64_t parent = 0;  // 0: none
  std::string valid_from, valid_to;
  std::optional<double> area_m2;
  std::string geometry;  // GeoJSON, or empty
};

/// "district", "town", "village", "enterprise" for 1 to 4.
[[nodiscard]] constexpr std::string_view level_name(int level) {
  constexpr std::string_view names[] = {"", "district", "town", "village", "enterprise"};
  return level >= 1 && level <= 4 ? names[level] : names[0];
}
[[nodiscard]] constexpr int level_number(std::string_view name) {
  for (int level = 1; level <= 4; ++level)
    if (level_name(level) == name) return level;
  return 0;
}

}  // namespace gridward
