#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/day.h"
#include "base/result.h"
#include "domain/figure.h"
#include "domain/principal.h"
#include "storage/database.h"

namespace gridward::service {

enum class Mode { as_was, as_is, as_of };

struct FiguresAsked {
  std::vector<std::string> measures;
  int level = 3;
  std::string within;
  Day from, to;
  Mode mode = Mode::as_was;
  std::string as_of;     // with Mode::as_of
  std::string known_at;  // an instant; empty: now
  std::string source, grade;
};

/// The measures that figures() knows.
[[nodiscard]] const std::vector<std::string>& measure_names();

/// The responsible cells of a place, 0 where there is none: [1] district, [2] town, [3] village.
struct Way {
  std::int64_t at[4] = {0, 0, 0, 0};
  [[nodiscard]] std::int64_t leaf() const { return at[3] != 0 ? at[3] : at[2] != 0 ? at[2] : at[1]; }
};

/// The areal cells of districts on days between which their maps do not change, by map version: rows of figures need them for
/// every request, and they seldom differ. Nothing in it is ever stale.
class MapCache {
 public:
  struct Listed {
    Cell cell;
    std::vector<Way> ways;  // each that it had in the window, in order
  };
  using Cells = std::map<std::int64_t, Listed>;  // by id
  struct Key {
    std::int64_t district, map_version;
    std::string since;
    auto operator<=>(const Key&) const = default;
  };
  std::shared_ptr<const Cells> find(const Key& key);
  void put(const Key& key, std::shared_ptr<const Cells> cells);

 private:
  std::mutex mutex_;
  std::map<Key, std::shared_ptr<const Cells>> kept_;  // shared with the requests that use them
};

/// The figures of the cells of a level within a cell. Children, with `direct` and `unplaced`, sum to their parent in each
/// mode.
Result<FigureTable> figures(storage::Pool& pool, MapCache& maps, const Principal& who, const FiguresAsked& asked);

}  // namespace gridward::service
