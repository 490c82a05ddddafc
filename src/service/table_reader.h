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

/// Reads the tables of a recipe. Where a recipe has many districts the rows are kept by district, so that each file is read once for all of them.
class TableReader {
 public:
  /// `repair`: make invalid polygons valid, also where the recipe does not say so.
  TableReader(const Recipe& recipe, bool repair) : recipe_(recipe), repair_(repair) {}

  /// Calls `take` for each row that the table wants, until it returns false. `only`: the beginning of the codes of the district that is asked for, where a
  /// recipe has many; rows that can be read belong to it by their code, events by their cell_code, and those that cannot come with the first district.
  /// The error names columns that are missing, or says why the file cannot be read.
  Result<void> read(const RecipeTable& table, const std::string& only, const std::function<bool(const Record&)>& take);

 private:
  struct Layout {
    std::map<std::string, std::vector<std::size_t>> index;    // what -> positions
    std::vector<std::pair<std::size_t, std::string>> where;   // position -> the value that a row must have
  };
  struct Kept {
    Layout layout;
    std::map<std::string, std::vector<geo::Feature>> by_district;
  };
  [[nodiscard]] geo::OpenOptions options_of(const RecipeTable& table) const;
  Result<void> find_columns(const RecipeTable& table, const std::vector<std::string>& names, Layout& layout) const;
  Result<void> read_file(const RecipeTable& table, Layout& layout, const std::function<bool(geo::Feature&)>& each) const;
  [[nodiscard]] std::string district_of(const Record& record) const;

  const Recipe& recipe_;
  const bool repair_;
  std::map<const RecipeTable*, Kept> kept_;
};

}  // namespace gridward::service
