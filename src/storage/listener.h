#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace gridward::storage {

/// Hears what others notify on a channel, and tells them, on a connection of its own that comes back by itself.
class Listener {
 public:
  enum class Heard { notification, beginning, end };
  /// `heard` is called on the listener's thread for each notification, and once whenever listening begins or ends (also when it was tried in vain).
  Listener(std::string url, std::string channel, std::function<void(Heard)> heard);
  /// Whether notifications are heard just now.
  [[nodiscard]] bool listening() const { return listening_; }
  /// Has the others told within a fifth of a second, once for all calls until then. It is not done in the transaction that has
  /// something to tell, since all that notify commit one after the other.
  void tell() { untold_ = true; }

 private:
  void run(const std::stop_token& stop);

  const std::string url_, channel_;
  const std::function<void(Heard)> heard_;
  std::atomic<bool> listening_ = false, untold_ = false;
  std::jthread thread_;  // last: it stops before the rest goes
};

}  // namespace gridward::storage
