#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "domain/principal.h"
#include "storage/database.h"

namespace gridward::service {

/// All districts that exist, with their versions. For keys of caches too, so it does not ask who.
Result<std::vector<District>> districts(storage::Pool& pool);

/// The id behind "12" or "code:{scheme}:{code}" on a day (empty: today).
Result<std::int64_t> resolve_cell(storage::Tx& tx, const std::string& text, const std::string& at);
/// A cell on a day, for one who may see it: not_found without the cell, forbidden outside the caller's subtree.
Result<Cell> visible_cell(storage::Tx& tx, const Principal& who, const std::string& text, const std::string& at, bool geometry);

struct CellFilter {
  std::string at, within, parent, q;
  int level = 0;
  std::int64_t after = 0;
  int limit = 100;
  bool geometry = false;
};
/// Cells by id, only those that the caller may see.
Result<std::vector<Cell>> list_cells(storage::Pool& pool, const Principal& who, const CellFilter& filter);
Result<Cell> get_cell(storage::Pool& pool, const Principal& who, const std::string& cell, const std::string& at, bool geometry);

struct Holder {
  std::string post;
  bool acting = false;
  std::int64_t person = 0;
  std::string name, phone;  // the phone masked unless a role needs it
};
struct Link {
  Cell cell;
  std::vector<Holder> holders;
};
/// The chain of cells at a point on a day, deepest first, with the people responsible.
Result<std::vector<Link>> locate(storage::Pool& pool, const Principal& who, double lon, double lat, const std::string& at);

}  // namespace gridward::service
