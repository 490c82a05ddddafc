#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "geo/vector_file.h"

namespace gridward::service {

/// One table of a recipe: a file (or a single row of constants) and what its columns are.
struct RecipeTable {
  std::string kind;  // district, town, village, enterprise, hazard, inspection, patrol, accident
  std::filesystem::path file;
  geo::OpenOptions open;
  std::map<std::string, std::string> columns;    // what -> column of the file
  std::map<std::string, std::string> constants;  // what -> value of every row
  std::map<std::string, std::map<std::string, std::string>> values;  // what -> translation of its values
  std::string repeated = "error";  // or "first": what a repeated key means
};

struct Recipe {
  std::string scheme, enterprise_scheme, time_zone, holds_from;
  bool synthetic = false;
  std::vector<RecipeTable> tables;
};

/// Reads a recipe; an unknown key or kind is an error that names it.
Result<Recipe> read_recipe(const std::filesystem::path& path);

}  // namespace gridward::service
