#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace gridward::storage {

/// Hears what is notified on a channel, on a connection of its own that comes back by itself.
class Listener {
 public:
  /// `heard` is called on the listener's thread for each notification, and once whenever listening begins or ends.
  Listener(std::string url, std::string channel, std::function<void()> heard);
  /// Whether notifications are heard just now.
  [[nodiscard]] bool listening() const { return listening_; }

 private:
  void run(const std::stop_token& stop);

  const std::string url_, channel_;
  const std::function<void()> heard_;
  std::atomic<bool> listening_ = false;
  std::jthread thread_;  // last: it stops before the rest goes
};

}  // namespace gridward::storage
