#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "geo/vector_file.h"
#include "map/snapshot.h"
#include "service/import_values.h"
#include "service/imports.h"
#include "service/object.h"
#include "service/recipe.h"

namespace gridward::service {

/// In place of a column: the number of the row itself.
constexpr const char* kRowNumber = "#";
constexpr std::size_t kNoPosition = static_cast<std::size_t>(-1);  // that of kRowNumber

/// A row of a file by what its columns are.
struct Record {
  const RecipeTable& table;
  const std::map<std::string, std::vector<std::size_t>>& index;  // what -> positions
  const geo::Feature& feature;

  /// What the row says of something: from its columns or its constants, translated; "" when nothing. Several columns are joined with |.
  [[nodiscard]] std::string get(const std::string& what) const;
  /// The same as its rule wants it, or why it cannot be; of numbers in several columns the sum.
  [[nodiscard]] ReadValue read(const ValueRule& rule) const;
};

/// What a table's file calls something: the names of its columns, for one who mends the file.
[[nodiscard]] std::string column_of(const RecipeTable& table, std::string_view what);

/// The point of a little-endian WKB as EWKT, or "".
[[nodiscard]] std::string point_text(const std::optional<std::string>& wkb);
/// The same as numbers.
[[nodiscard]] std::optional<map::Point> point_of(const std::optional<std::string>& wkb);
/// Bytes as a bytea literal.
[[nodiscard]] std::string hex(std::string_view bytes);
/// The same key gives the same UUID (version 8 layout), so that an import can be repeated.
[[nodiscard]] std::string uuid_of(const std::string& key);
[[nodiscard]] bool is_uuid(const std::string& text);

/// A code as the recipe's scheme writes it: filled up with zeros.
[[nodiscard]] std::string full_code(const Recipe& recipe, std::string code);
/// The beginnings of the codes of a recipe's districts; one empty one, where it has a single district.
Result<std::vector<std::string>> district_codes(const Recipe& recipe);
/// Adds the report of one district to that of all.
void add(ImportReport& all, const ImportReport& one);

}  // namespace gridward::service
