#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/sentence.h"
#include "service/snapshots.h"
#include "storage/database.h"

namespace gridward::service {

/// Rows of a file that have something in common: how many, and the first few.
struct RowsSeen {
  std::int64_t count = 0;
  std::vector<std::int64_t> first;

  void add(std::int64_t row);
  /// "rows 3, 7, 12 …".
  [[nodiscard]] std::string rows() const;
};

/// Places the points of a table, and judges where they fall against the cells that its rows name themselves.
class PlaceJudge {
 public:
  /// `crs`: the system that the recipe gives, to tell what is converted already. `named_counts`: rows count where they say, as enterprises do, not where they lie.
  PlaceJudge(storage::Tx& tx, std::int64_t district, Placer& placer, std::string crs, bool named_counts)
      : tx_(tx), district_(district), placer_(placer), crs_(std::move(crs)), named_counts_(named_counts) {}

  /// The deepest cell at the point of a row on a day; 0: none.
  std::int64_t cell_at(std::int64_t row, const std::string& day, map::Point point);
  /// Why the last point cannot be right: longitude and latitude swapped. Empty if nothing is known against it.
  [[nodiscard]] const Sentence& problem() const { return problem_; }
  /// Compares where the last point fell with the cell whose code its row gives.
  void compare(const std::string& code);

  /// Why the table should not be taken as it is: its coordinates seem to be in GCJ-02 and were not declared so, or were and are not. Empty if they do not.
  [[nodiscard]] Sentence verdict() const;
  /// What a person should look at.
  [[nodiscard]] std::vector<std::string> suspects() const;

 private:
  bool lies_in(std::int64_t cell, std::int64_t declared) const;
  void read_cells();

  storage::Tx& tx_;
  const std::int64_t district_;
  Placer& placer_;
  const std::string crs_;
  const bool named_counts_;
  std::optional<std::map<std::string, std::int64_t>> codes_;  // of cells with a shape
  std::map<std::int64_t, std::int64_t> parents_;
  struct {
    std::int64_t row = 0, cell = 0;
    std::string day;
    map::Point point;
  } last_;
  Sentence problem_;
  RowsSeen nowhere_, strays_;
  std::int64_t points_ = 0, agree_ = 0;
  std::int64_t if_gcj02_ = 0, if_converted_twice_ = 0;  // strays that would agree
};

}  // namespace gridward::service
