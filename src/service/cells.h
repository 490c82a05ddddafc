#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "domain/principal.h"
#include "service/snapshots.h"
#include "service/write.h"
#include "storage/database.h"

namespace gridward::service {

/// All districts that exist, with their versions. For keys of caches too, so it does not ask who.
Result<std::vector<District>> districts(storage::Pool& pool);
std::vector<District> read_districts(storage::Tx& tx);
/// One of them, as a transaction sees it.
Result<District> district_of(storage::Tx& tx, std::int64_t id);

/// The id behind "12" or "code:{scheme}:{code}" on a day (empty: today).
Result<std::int64_t> resolve_cell(storage::Tx& tx, const std::string& text, const std::string& at);
/// A cell on a day, for one who may see it: not_found without the cell, forbidden outside the caller's subtree.
Result<Cell> visible_cell(storage::Tx& tx, const Principal& who, const std::string& text, const std::string& at, bool geometry);

/// A cell that the caller may see, with its district, on a day of that.
struct SeenCell {
  Cell within;
  District district;
  std::string at;  // the asked day, or today in the district's time zone
};
/// visible_cell(), with what is around it; rule_violated before the district's map begins.
Result<SeenCell> find_seen_cell(storage::Tx& tx, const Principal& who, const std::string& text, const std::string& at);

/// The same as visible_cell() for a cell that need only have lived in a window of days (empty: any): as it was on its last day of it.
Result<Cell> cell_in_window(storage::Tx& tx, const Principal& who, const std::string& text, const std::string& from, const std::string& to);
/// `at`, or today in the time zone of a district.
std::string local_day(storage::Tx& tx, std::int64_t district, const std::string& at);

struct CellFilter {
  std::string at, within, parent, q;
  std::string bbox;  // "west,south,east,north" in degrees
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
  std::string name, phone;  // the phone masked unless it was asked for whole
};
struct Link {
  Cell cell;
  std::vector<Holder> holders;
};
/// Whose contact point (责任联系点) a cell is, apart from those who are responsible for it.
struct Contact {
  std::int64_t cell = 0, person = 0;
  std::string name, phone;      // the phone as a holder's
  std::int64_t visit_days = 0;  // to be visited once in so many; 0: as it comes
};
/// A second partition of a district's land (service/overlays).
struct NamedOverlay {
  std::int64_t id = 0;
  std::string code, name, kind;
};
/// The area of an overlay at a point, with who holds its posts.
struct OverlayPlace {
  NamedOverlay overlay;
  std::int64_t area = 0;
  std::string code, name;
  std::vector<Holder> holders;
};
struct Chain {
  std::vector<Link> links;
  std::vector<Contact> contacts;  // of its cells, in their order
  std::optional<std::vector<OverlayPlace>> overlays;  // at the point that was asked for; none of a cell's chain
};
/// The chain of cells at a point on a day, deepest first, with the people responsible, and whose contact points they are.
Result<Chain> locate(storage::Pool& pool, Snapshots& snapshots, const Principal& who, double lon, double lat, const std::string& at, bool phones);
/// The same chain for a cell, itself first.
Result<Chain> cell_chain(storage::Pool& pool, const Principal& who, const std::string& cell, const std::string& at, bool phones);
/// All that was ever said of a cell, as a JSON document; superseded rows too, and shapes drawn, if asked.
Result<std::string> cell_history(storage::Pool& pool, const Principal& who, const std::string& cell, bool superseded, bool geometry);

/// A new cell of level 2 to 4 under a parent in the caller's area, from a day on.
Result<Written> create_cell(storage::Pool& pool, const Deed& deed, int level, const std::string& parent, const std::string& from, const std::string& body);
/// Changes what is said of a cell from a day on, and places anew what that moves. An empty parent stays.
Result<Written> change_cell(storage::Pool& pool, const Deed& deed, const std::string& cell, const std::string& parent, const std::string& from, const std::string& body);

}  // namespace gridward::service
