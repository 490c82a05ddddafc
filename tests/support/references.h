#pragma once

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <rapidjson/document.h>

#include "stats/weights.h"

namespace gridward::tests {

using Json = rapidjson::Value;

/// Values of another's library: tests/data/<name>.json, made by the script that stands beside it.
inline rapidjson::Document references(const std::string& name) {
  std::ifstream file(GRIDWARD_SOURCE_DIR "/tests/data/" + name + ".json");
  std::stringstream text;
  text << file.rdbuf();
  rapidjson::Document out;
  out.Parse<rapidjson::kParseFullPrecisionFlag>(text.str().c_str());
  if (!file || out.HasParseError()) throw std::runtime_error("no " + name + ".json, or not JSON");
  return out;
}

/// A number; NaN for null.
inline double number(const Json& value) { return value.IsNumber() ? value.GetDouble() : std::numeric_limits<double>::quiet_NaN(); }

inline std::vector<double> numbers(const Json& list) {
  std::vector<double> out;
  for (const Json& value : list.GetArray()) out.push_back(number(value));
  return out;
}

/// Neighbours with weight 1.
inline stats::Weights links(const Json& lists) {
  std::vector<std::vector<stats::Link>> rows;
  for (const Json& row : lists.GetArray()) {
    rows.emplace_back();
    for (const Json& j : row.GetArray()) rows.back().push_back({j.GetUint64(), 1});
  }
  return stats::Weights::from_lists(rows).value();
}

/// 1e-9 of a value, and of 1 where it is smaller.
inline double close(double value) { return 1e-9 * std::max(1.0, std::abs(value)); }

}  // namespace gridward::tests
