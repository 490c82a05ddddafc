#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "geo/vector_file.h"
#include "map/snapshot.h"
#include "service/imports.h"
#include "service/object.h"
#include "service/recipe.h"

namespace gridward::service {

/// A row of a file by what its columns are.
struct Record {
  const RecipeTable& table;
  const std::map<std::string, std::vector<std::size_t>>& index;  // what -> positions
  const geo::Feature& feature;

  /// What the row says of something: from its columns or its constants, translated; "" when nothing.
  [[nodiscard]] std::string get(const std::string& what) const;
};

/// Bytes as a bytea literal.
[[nodiscard]] std::string hex(std::string_view bytes);
/// The point of a little-endian WKB as EWKT, or "".
[[nodiscard]] std::string point_text(const std::optional<std::string>& wkb);
/// The same as numbers.
[[nodiscard]] std::optional<map::Point> point_of(const std::optional<std::string>& wkb);
/// The same key gives the same UUID (version 8 layout), so that an import can be repeated.
[[nodiscard]] std::string uuid_of(const std::string& key);

/// The beginnings of the codes of a recipe's districts; one empty one, where it has a single district.
Result<std::vector<std::string>> district_codes(const Recipe& recipe);
/// Adds the report of one district to that of all.
void add(ImportReport& all, const ImportReport& one);

}  // namespace gridward::service
