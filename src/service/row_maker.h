#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/import_rows.h"
#include "service/recipe.h"
#include "service/snapshots.h"
#include "storage/database.h"

namespace gridward::service {

/// A row on its way into a temporary table; empty: the record cannot be used, and why was said.
using StagedRow = std::vector<storage::Param>;

/// Makes the rows of an import's temporary tables from the records of its files.
class RowMaker {
 public:
  using Bad = std::function<void(const Record&, const std::string& column, const std::string& reason)>;
  RowMaker(storage::Tx& tx, const Recipe& recipe, std::int64_t district, Bad bad) : tx_(tx), recipe_(recipe), district_(district), bad_(std::move(bad)) {}

  /// The columns of the temporary table that takes a kind of row, in the order of what make() returns.
  [[nodiscard]] static std::vector<std::string> columns(const std::string& kind);
  /// What names the row of a record in its table: its code, or its key.
  [[nodiscard]] std::string key_of(const Record& record) const;
  [[nodiscard]] StagedRow make(const Record& record, const std::string& key);
  /// Forgets the cells and enterprises that were read: those of the map are others now.
  void map_changed();

 private:
  StagedRow cell(const Record& record, int level);
  StagedRow person(const Record& record, const std::string& key);
  StagedRow assignment(const Record& record, const std::string& key);
  StagedRow event(const Record& record, const std::string& key);
  /// A day of a record as ISO text, empty where there is none; nullopt, when it is not a day.
  std::optional<std::string> day(const Record& record, const std::string& what);
  std::string full(std::string code) const;
  const std::string* enterprise(const std::string& code);

  storage::Tx& tx_;
  const Recipe& recipe_;
  const std::int64_t district_;
  const Bad bad_;
  std::optional<std::map<std::string, std::string>> enterprises_;  // code -> cell
  std::optional<Placer> placer_;
};

}  // namespace gridward::service
