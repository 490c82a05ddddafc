#pragma once

#include <string>
#include <vector>

#include "map/tile.h"
#include "storage/database.h"

namespace gridward::service {

/// What is known of a district's map whatever the day: where it lies, and when it changes.
struct Outline {
  map::DegreeBox extent;             // around all that was ever drawn of it; `nowhere` where nothing was
  std::vector<std::string> changes;  // the days on which its map changes, in order
  std::vector<std::string> schemes;  // of the codes that its cells have had, in order

  /// The last day up to this one on which the map changed: between them it is the same. "" before it begins.
  [[nodiscard]] std::string since(const std::string& day) const;
};

Outline read_outline(storage::Tx& tx, std::int64_t district);

}  // namespace gridward::service
