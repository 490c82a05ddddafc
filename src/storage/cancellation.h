#pragma once

#include <chrono>
#include <stop_token>

namespace gridward::storage {

/// When work is to end before it is done: as soon as whoever asked for it has left, and at a deadline.
struct Cancellation {
  using Clock = std::chrono::steady_clock;

  std::stop_token left = {};
  Clock::time_point deadline = Clock::time_point::max();

  [[nodiscard]] bool possible() const { return left.stop_possible() || deadline != Clock::time_point::max(); }
  [[nodiscard]] bool due(Clock::time_point now = Clock::now()) const { return left.stop_requested() || now >= deadline; }
};

}  // namespace gridward::storage
