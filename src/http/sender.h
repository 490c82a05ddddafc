#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "http/connection.h"
#include "http/writer.h"

namespace gridward::http {

/// Sends what slow readers have not taken yet, for all of them on one thread, so that none of them holds up a worker.
class Sender {
 public:
  /// Called on the sender's thread with the turn of a connection, when an answer is sent or its reader lost.
  using Done = std::function<void(const ConnectionPtr&, const Outgoing&, Outgoing::State)>;

  /// A reader that takes nothing for `patience` is lost.
  Sender(std::chrono::milliseconds patience, Done done);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// Takes an answer of which a part is sent, with the turn of its connection.
  void take(ConnectionPtr connection, Outgoing answer);
  /// How many answers it has.
  [[nodiscard]] std::size_t sending() const { return count_; }
  /// Returns when all is sent or lost.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Sending {
    ConnectionPtr connection;
    Outgoing answer;
    Clock::time_point until;
  };
  void run();
  bool take_new();
  bool advance(Sending& sending, bool ready);

  const std::chrono::milliseconds patience_;
  const Done done_;
  const int bell_;  // an eventfd that wakes the thread
  std::mutex mutex_;
  std::atomic<std::size_t> count_ = 0;
  std::vector<Sending> new_;
  bool stopping_ = false;
  std::vector<Sending> sending_;  // of the thread alone
  std::jthread thread_;
};

}  // namespace gridward::http
