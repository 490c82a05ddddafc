#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/observe.h"
#include "map/snapshot.h"
#include "service/kept.h"
#include "storage/database.h"

namespace gridward::service {

using SnapshotPtr = std::shared_ptr<const map::Snapshot>;  // shared with the requests that use it

/// The shapes of a district on a day, as this transaction sees them, and the snapshot of them.
std::vector<map::Shape> read_shapes(storage::Tx& tx, std::int64_t district, const std::string& day);
SnapshotPtr read_snapshot(storage::Tx& tx, std::int64_t district, const std::string& day);

/// Snapshots of districts on days between which their maps do not change (`when`: the last day up to the asked one on which the map
/// changed), by map version.
class Snapshots {
 public:
  /// `most`: how many bytes they may have in all.
  explicit Snapshots(std::size_t most, Observer observer = {});
  /// The snapshot of a key that this transaction read.
  SnapshotPtr find(storage::Tx& tx, const KeptKey& key);
  /// How many they have.
  [[nodiscard]] std::size_t bytes() { return kept_.bytes(); }

 private:
  const Observer observer_;
  Kept<map::Snapshot> kept_;
};

/// Places the points of an import: the snapshot of each day's map, made when a point first asks for it.
class Placer {
 public:
  Placer(storage::Tx& tx, std::int64_t district);
  /// The deepest cell at a point on a day; 0: none.
  std::int64_t cell_at(const std::string& day, map::Point point);

 private:
  storage::Tx& tx_;
  std::int64_t district_;
  std::map<std::string, SnapshotPtr, std::greater<>> by_epoch_;  // ISO days, so their order is that of time
};

}  // namespace gridward::service
