#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/day.h"
#include "domain/cell.h"
#include "service/kept.h"
#include "storage/database.h"

namespace gridward::service {

/// The responsible cells of a place, 0 where there is none: [1] district, [2] town, [3] village.
struct Way {
  std::int64_t at[4] = {0, 0, 0, 0};
  [[nodiscard]] std::int64_t leaf() const { return at[3] != 0 ? at[3] : at[2] != 0 ? at[2] : at[1]; }
};

/// The areal cells of districts on days between which their maps do not change, by map version: rows of figures need them for every
/// request, and they seldom differ.
class MapCells {
 public:
  struct Listed {
    Cell cell;
    std::vector<Way> ways;  // each that it had in the window, in order
    bool last = false;      // it lives on the last day of the window
  };
  using Cells = std::map<std::int64_t, Listed>;  // by id
  using Ptr = std::shared_ptr<const Cells>;      // shared with the requests that use it

  MapCells();
  /// The cells alive in [from, to): kept, where the map does not change within it and is asked for as known now.
  Ptr find(storage::Tx& tx, const District& district, Day from, Day to, const std::string& known_at);
  /// How many bytes are kept.
  [[nodiscard]] std::size_t bytes() { return kept_.bytes(); }

 private:
  Kept<Cells> kept_;
};

}  // namespace gridward::service
