#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/advance.h"
#include "base/result.h"
#include "base/sentence.h"
#include "storage/database.h"

namespace gridward::service {

/// A row that cannot be imported, and why.
struct BadRow {
  std::string file;
  std::int64_t row = 0;  // 1 is the first below the names of the columns; 0: the table as a whole
  std::string column;    // as the file calls it
  Sentence reason;       // and what to do
};
/// How many bad rows are listed; more are only counted.
constexpr std::size_t kMostListed = 10'000;

/// The same as CSV, with a byte order mark so that Excel reads it as UTF-8.
[[nodiscard]] std::string bad_rows_csv(const std::vector<BadRow>& bad);
/// What one table of a recipe did, or would do.
struct ImportCounts {
  std::string table;  // "town", "hazard", …
  std::string file;
  std::int64_t added = 0, changed = 0, same = 0, repeated = 0;
  std::int64_t repaired = 0;
  std::vector<std::string> suspects;  // what a person should look at: renamed, recoded
  std::vector<std::string> gone;  // codes of known cells that are not in the file
  std::string first_key, last_key;  // of the rows taken, in byte order
};

struct ImportReport {
  std::vector<ImportCounts> counts;
  std::vector<BadRow> bad;
  std::int64_t bad_total = 0;  // with those that are not listed
  bool written = false;
};

struct ImportOptions {
  bool dry_run = false;     // report, write nothing
  bool skip_bad = false;    // leave bad rows out; otherwise one bad row means that nothing is imported
  bool repair = false;      // make invalid polygons valid
  std::string from;         // a day: changes of known cells hold from it; empty: from the beginning of the map, as corrections
  bool close_gone = false;  // cells that are gone from the file end on that day
  std::string actor = "import";
  std::int64_t most_rows = 0;  // that a table may have; 0: any number
  bool waits = true;        // for another import that runs; otherwise that is a conflict
  std::function<bool(std::int64_t district)> may;  // who may change a district, or make a new one (0); empty: everyone
  Watcher progress = [](const Advance&) {};
};

/// Imports what a recipe (TOML) describes, in one transaction: all of it or nothing. The same import twice changes
/// nothing. Recipe: geodata/README.md.
Result<ImportReport> import_recipe(storage::Pool& pool, const std::filesystem::path& recipe, const ImportOptions& options);

}  // namespace gridward::service
