#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "geo/vector_file.h"

namespace gridward::service {

/// One table of a recipe: a file (or a single row of constants) and what its columns are. geodata/README.md explains each key.
struct RecipeTable {
  std::string name;  // in errors: "table[2]", 1 being the first
  std::string kind;  // district, town, village, enterprise, person, assignment, certificate, exemption, contact_point, overlay_area, overlay_holder, hazard, step, inspection, patrol, accident; with [basemap] road, rail, water, land, place
  std::filesystem::path file;
  geo::OpenOptions open;
  std::map<std::string, std::vector<std::string>> columns;  // what -> columns of the file, joined with |
  std::map<std::string, std::string> constants;             // what -> value of every row
  std::map<std::string, std::map<std::string, std::string>> values;  // what -> translation of its values
  std::map<std::string, std::string> where;                 // column -> value that a row must have; * for any but none
  std::string repeated = "error";                           // what a repeated key means: or "first"; or "union", the shapes of its rows are one
};

/// Whose a basemap is, in the place of [district]: of a district, or of all.
struct BasemapOwner {
  std::string scheme, code;  // of the district, and the beginning of its code where the scheme has many; empty: of all
  std::string credit;        // whose data it is, shown with it
};

struct Recipe {
  std::optional<BasemapOwner> basemap;  // the tables are of a basemap; else of a district
  std::string scheme, enterprise_scheme, time_zone, holds_from;
  std::string changes_from;        // a day: changes of known cells hold from it
  std::string identity = "code";   // or "code and name": a known code with another name is another cell
  std::string shape = "own";       // or "children": the district's shape is that of its towns or villages together
  std::size_t each = 0;            // every row of the district table is a district: this many characters of a code name it
  std::size_t code_length = 0;     // shorter codes are filled up with zeros
  bool close_gone = false, synthetic = false;
  std::vector<RecipeTable> tables;
};

/// Reads a recipe. The error names every key that is wrong and says what is right: unknown keys and kinds, values of another type, what a table needs and
/// does not say, files that are not there. Files stay in the recipe's folder.
Result<Recipe> read_recipe(const std::filesystem::path& path);

}  // namespace gridward::service
