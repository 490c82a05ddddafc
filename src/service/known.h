#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/observe.h"
#include "base/result.h"
#include "base/secret.h"
#include "domain/cell.h"
#include "domain/principal.h"
#include "service/basemaps.h"
#include "service/outline.h"
#include "storage/database.h"
#include "storage/listener.h"

namespace gridward::service {

/// What a request asks the database for before its work: whose a session is, and the versions of the districts. Both are kept for at
/// most a second, and forgotten as soon as this process writes or hears that another did; while it cannot hear, nothing is kept.
class Known {
 public:
  struct State {
    std::vector<District> districts;
    std::vector<std::shared_ptr<const Outline>> outlines;  // of each; shared with the states before, while its map is the same
    std::string digest;                                    // of their versions and local days
    ImportedBasemap basemap;
  };
  using Session = std::shared_ptr<const Principal>;  // shared with the requests that use them
  using Versions = std::shared_ptr<const State>;     // likewise

  Known(storage::Pool& pool, const std::string& url, Observer observer = {});

  /// Whose a token is, and the versions.
  Result<Session> authenticate(const Secret& token);
  Result<Versions> versions();
  Result<std::shared_ptr<const std::vector<District>>> districts();

  struct Recalled {
    Session session;
    Versions versions;
  };
  /// The same without asking the database: null where it would have to be asked.
  Recalled recall(const Secret& token);

  using Places = std::map<std::int64_t, std::int64_t>;
  /// The districts of cells; those that are no cells are left out. Which it is never changes.
  Result<Places> districts_of(const std::set<std::int64_t>& cells);
  /// The same of those that somebody asked for before, without asking the database.
  Places recall_districts(const std::set<std::int64_t>& cells);

  /// Whether the writes of other processes are heard of.
  [[nodiscard]] bool hears() const { return listener_.listening(); }

  /// Called after each write of this process, before it is acknowledged; other processes are told soon after.
  void forget();

 private:
  using Clock = std::chrono::steady_clock;
  template <class T>
  struct Kept {
    T value;
    Clock::time_point until;
    [[nodiscard]] T get() const { return value && Clock::now() < until ? value : nullptr; }
  };

  void drop();
  Result<State> read_state();
  void heard(storage::Listener::Heard what);

  storage::Pool& pool_;
  const Observer observer_;
  std::mutex mutex_;
  std::uint64_t generation_ = 0;  // what was read before a write must not be kept after it
  Kept<Versions> versions_;
  Versions latest_;  // what was read last, however long ago
  std::unordered_map<std::string, Kept<Session>> sessions_;  // by the hash of the token
  std::unordered_map<std::int64_t, std::int64_t> places_;    // the district of a cell
  bool heard_ = false;  // of the listener's thread: whether it last heard
  storage::Listener listener_;
};

}  // namespace gridward::service
