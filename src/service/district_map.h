#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "service/finding.h"
#include "storage/database.h"

namespace gridward::service {

/// The areal cells of a district on a day, as a transaction sees them.
struct DistrictMap {
  struct Area {
    FindingCell cell;
    std::string scheme;
    std::int64_t parent = 0;
    std::string wkb;  // empty: it has no shape
    int depth = 0;    // steps below the district
  };
  std::vector<Area> areas;  // by level
  std::unordered_map<std::int64_t, std::size_t> index;

  /// nullptr where there is no such areal cell on the day.
  [[nodiscard]] const Area* find(std::int64_t cell) const;
  /// A cell by its id; of one that is not on the map only the id is known.
  [[nodiscard]] FindingCell cell(std::int64_t id) const;
  /// Whether a cell is another, or lies below it.
  [[nodiscard]] bool below(std::int64_t cell, std::int64_t above) const;
  /// A cell and those above it.
  [[nodiscard]] std::vector<std::int64_t> way(std::int64_t cell) const;
  /// Whether the same cells lie below the same ones, with the same shapes.
  [[nodiscard]] bool same_ground(const DistrictMap& other) const;
};

DistrictMap read_district_map(storage::Tx& tx, std::int64_t district, const std::string& day);

}  // namespace gridward::service
