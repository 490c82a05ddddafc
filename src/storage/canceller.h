#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "storage/cancellation.h"

namespace pqxx {
class connection_base;
}  // namespace pqxx

namespace gridward::storage {

/// Thrown between two statements of work that is to end.
struct Cancelled : std::runtime_error {
  Cancelled() : runtime_error("nobody waits for this work any more") {}
};

/// Cancels, from a thread of its own, the statements of work that is to end: the database stops them, and the connection is good for the next.
class Canceller {
  struct Entry;

 public:
  /// Work on a connection. While this lives, and never after, the connection's statements are cancelled once the cancellation is due.
  class Watch {
   public:
    Watch(Canceller& canceller, pqxx::connection_base& connection, const Cancellation& cancellation);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    /// Throws Cancelled when the work is to end.
    void check() const;

   private:
    Canceller& canceller_;
    std::shared_ptr<Entry> entry_;  // shared with the canceller's thread; null when nothing can cancel this work
    std::optional<std::stop_callback<std::function<void()>>> on_leaving_;
  };

 private:
  void add(const std::shared_ptr<Entry>& entry);
  void remove(const std::shared_ptr<Entry>& entry);
  void wake();
  void run(const std::stop_token& stop);
  [[nodiscard]] Cancellation::Clock::time_point next_look() const;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
  Cancellation::Clock::time_point wakes_ = Cancellation::Clock::time_point::min();  // when the thread looks next
  std::vector<std::shared_ptr<Entry>> entries_;
  std::jthread thread_;  // started with the first work that can be cancelled; last: it stops before the rest goes
};

}  // namespace gridward::storage
