#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/sentence.h"
#include "service/import_places.h"
#include "service/import_rows.h"
#include "service/recipe.h"
#include "storage/database.h"

namespace gridward::service {

/// A row on its way into a temporary table; empty: the record cannot be used, and why was said.
using StagedRow = std::vector<storage::Param>;

/// Makes the rows of an import's temporary tables from the records of its files, table by table.
class RowMaker {
 public:
  /// Told of each thing that is wrong with a record: the column as the file calls it, why, and what to do.
  using Bad = std::function<void(const Record&, const std::string& column, Sentence reason)>;
  RowMaker(storage::Tx& tx, const Recipe& recipe, std::int64_t district, std::string map_day, Bad bad);

  /// The columns of the temporary table that takes a kind of row, in the order of what make() returns.
  [[nodiscard]] static std::vector<std::string> columns(const std::string& kind);

  /// Whether a kind is of events; else it is of cells, or of rows that are kept as they are told: people, posts, certificates, exemptions, contact points, areas of overlays, steps.
  [[nodiscard]] static bool is_event(const std::string& kind);

  /// Begins a table.
  void begin(const RecipeTable& table);
  /// What names the row of a record in its table: its code, or its key. Empty: it cannot be read, and why was said.
  [[nodiscard]] std::string key_of(const Record& record);
  [[nodiscard]] StagedRow make(const Record& record, const std::string& key);
  /// Why the table that was begun should not be taken as it is; empty if it may.
  [[nodiscard]] Sentence verdict() const;
  /// What a person should look at in it.
  [[nodiscard]] std::vector<std::string> suspects() const;
  /// Forgets the cells and enterprises that were read: those of the map are others now.
  void map_changed();

 private:
  /// The values of a record, in the order of its kind's rules; nullopt, when one cannot be used (each of them is told).
  std::optional<std::vector<std::string>> values(const Record& record);
  StagedRow cell(const Record& record, const std::vector<std::string>& said, int level);
  StagedRow event(const Record& record, const std::vector<std::string>& said, const std::string& key);
  /// A row as it is told, with the ids of what it names.
  StagedRow told(const Record& record, const std::vector<std::string>& said, const std::string& key);
  /// The id of an event, or of what makes visits one, that a file names by its key.
  std::string id_of(const std::string& kind, const std::string& key) const;
  bool check_cell(const Record& record, const std::vector<std::string>& said, int level);
  bool check_event_days(const Record& record, const std::vector<std::string>& said);
  void refuse(const Record& record, std::string_view what, Sentence reason) { bad_(record, column_of(record.table, what), std::move(reason)); }
  const std::string* enterprise(const std::string& code);
  bool known_cell(const std::string& code);
  PlaceJudge& places();

  storage::Tx& tx_;
  const Recipe& recipe_;
  const std::int64_t district_;
  const std::string map_day_;  // from which the map of this import holds
  const std::string tomorrow_;
  const Bad bad_;
  const RecipeTable* table_ = nullptr;
  std::optional<std::map<std::string, std::string>> enterprises_;  // code -> cell
  std::optional<std::set<std::string>> cell_codes_;
  std::optional<Placer> placer_;
  std::optional<PlaceJudge> places_;
  RowsSeen unknown_enterprises_, unknown_cells_, placeless_, before_map_, shapeless_;
  bool any_shape_ = false;
};

}  // namespace gridward::service
