#pragma once

#include <string>

#include "base/result.h"
#include "domain/principal.h"
#include "storage/database.h"

namespace gridward::service {

/// Whose records, of which days, in which mode and as known when: what a records link of a figure says. Texts are empty where
/// nothing was asked.
struct RecordsAsked {
  std::int64_t district = 0;
  std::string cell;   // id or code:…; with a map day, of that day
  bool direct = false;  // only what lies in the cell but in none of its children; without a cell, in no cell
  std::string from, to;
  std::string mode, as_of;  // as_was where nothing is said
  std::string known_at;
};

/// The same, settled: the caller may see it.
struct Scope {
  std::int64_t district = 0;
  storage::Param cell;    // none: the district as a whole; 0: what lies in no cell
  std::string map_day;    // empty: each record's own day
};

/// Settles whose records are asked for. `from` and `to` bound the days on which the cell must have lived, where it has no map day.
Result<Scope> settle(storage::Tx& tx, const Principal& who, const RecordsAsked& asked, const std::string& from, const std::string& to);

}  // namespace gridward::service
