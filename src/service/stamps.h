#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "map/snapshot.h"
#include "service/snapshots.h"
#include "storage/database.h"

namespace gridward::service {

/// Where an event without enterprise happened.
struct EventPlace {
  std::string day;  // ISO
  map::Point point;
};

/// Where it falls on the map of a version: the deepest cell at its point, and the chain that events there are stamped with; 0 if none was yet.
struct Stamp {
  std::int64_t map_version = 0, leaf = 0, chain = 0;
};

/// Finds the stamps of events on the maps in memory, which takes no time, while to search the database for each takes a fifth of its writing. The
/// database takes a stamp only while the map is of its version, and else places the event itself: so this may be behind, and never wrong.
class Stamps {
 public:
  explicit Stamps(Snapshots& snapshots) : snapshots_(snapshots) {}

  /// Reads the map when it is not in memory. Nothing where the point lies in no cell, or when the map cannot be had now.
  std::optional<Stamp> find(storage::Pool& pool, std::int64_t district, const EventPlace& place);
  /// The maps of a district were found to be behind.
  void forget(std::int64_t district);

 private:
  using Clock = std::chrono::steady_clock;
  /// A map between the days on which it changes.
  struct Known {
    std::int64_t district = 0, map_version = 0;
    std::string since, until;  // ISO; until is empty for ever
    SnapshotPtr snapshot;
    std::unordered_map<std::int64_t, std::int64_t> chains;  // by leaf
  };
  using KnownPtr = std::shared_ptr<const Known>;  // shared with the requests that use it

  KnownPtr known(std::int64_t district, const std::string& day);
  KnownPtr read(storage::Pool& pool, std::int64_t district, const std::string& day);

  Snapshots& snapshots_;
  std::mutex mutex_;
  std::deque<KnownPtr> known_;  // the last ones, the newest first
  Clock::time_point again_{};   // maps that change often are not read anew each time
};

}  // namespace gridward::service
