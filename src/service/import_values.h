#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/sentence.h"

namespace gridward::service {

/// How a value of a file must be written.
enum class Writing { text, code, day, whole, amount, flag, choice, degrees };

/// What a table of a recipe can say of its rows.
struct ValueRule {
  std::string_view what;
  Writing writing = Writing::text;
  bool needed = false;            // each row must say it
  std::string_view choices = "";  // of Writing::choice, with spaces between
};

/// What a table of a kind (district, town, …, accident) can say; empty where there is no such kind.
[[nodiscard]] std::span<const ValueRule> value_rules(std::string_view kind);
/// Whether a kind of table is of a basemap.
[[nodiscard]] bool is_of_basemap(std::string_view kind);
/// The rule of one of them, or nullptr.
[[nodiscard]] const ValueRule* value_rule(std::string_view kind, std::string_view what);

/// A value as it is kept, or why it cannot be.
struct ReadValue {
  std::string text;
  Sentence problem;
};

/// Reads a text as its rule wants it: codes with digits and letters of half width; days as ISO days, from 2023-1-5, 2023/01/05, 2023.1.5, 20230105 and
/// 2023年1月5日, with or without a time after them. An empty text is an empty value. What a spreadsheet has made of codes and days is refused, with what to do.
[[nodiscard]] ReadValue read_value(const ValueRule& rule, const std::string& text);

}  // namespace gridward::service
