#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "domain/cell.h"
#include "domain/principal.h"
#include "storage/database.h"
#include "storage/listener.h"

namespace gridward::service {

/// What a request asks the database for before its work: the versions of the districts and whose a session is. Both are kept for at
/// most a second, and forgotten as soon as this process writes or hears that another did; while it cannot hear, nothing is kept.
class Known {
 public:
  Known(storage::Pool& pool, const std::string& url);

  Result<std::shared_ptr<const std::vector<District>>> districts();
  Result<Principal> authenticate(const Secret& token);
  /// Called after each write of this process, before it is acknowledged.
  void forget();

 private:
  using Clock = std::chrono::steady_clock;
  struct Session {
    Principal who;
    Clock::time_point until;
  };

  storage::Pool& pool_;
  std::mutex mutex_;
  std::uint64_t generation_ = 0;  // what was read before a write must not be kept after it
  std::shared_ptr<const std::vector<District>> districts_;  // shared with the requests that use it
  Clock::time_point districts_until_;
  std::unordered_map<std::string, Session> sessions_;  // by the hash of the token
  storage::Listener listener_;
};

}  // namespace gridward::service
