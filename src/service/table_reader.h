#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "service/import_rows.h"
#include "service/recipe.h"

namespace gridward::service {

/// Reads the tables of a recipe. Where a recipe has many districts the rows are kept, so that each file is read once for all of them.
class TableReader {
 public:
  /// `repair`: make invalid polygons valid, also where the recipe does not say so.
  TableReader(const Recipe& recipe, bool repair) : keeps_(recipe.each > 0), repair_(repair) {}

  /// Calls `take` for each row that the table wants. The error names a column that is missing, or says why the file cannot be read.
  Result<void> read(const RecipeTable& table, const std::function<void(const Record&)>& take);

 private:
  struct Layout {
    std::map<std::string, std::vector<std::size_t>> index;    // what -> positions
    std::vector<std::pair<std::size_t, std::string>> where;   // position -> the value that a row must have
  };
  struct Kept {
    Layout layout;
    std::vector<geo::Feature> features;
  };
  static Result<void> find_columns(const RecipeTable& table, const std::vector<std::string>& names, Layout& layout);
  Result<void> read_file(const RecipeTable& table, Layout& layout, const std::function<void(geo::Feature&)>& each) const;

  const bool keeps_, repair_;
  std::map<const RecipeTable*, Kept> kept_;
};

}  // namespace gridward::service
