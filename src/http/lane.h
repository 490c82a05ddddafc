#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "http/connection.h"

namespace gridward::http {

/// Threads that answer requests of one kind, and the connections that wait for one of them: not too many, and not too long.
class Lane {
 public:
  struct Limits {
    int workers = 8;
    std::size_t waiting = 1024;
    std::chrono::milliseconds patience{5000};  // how long one waits for a worker before it is turned away
  };
  /// Called with the turn of a connection: on a worker to answer its next request, on a thread beside them to turn it away.
  using Step = std::function<void(const ConnectionPtr&)>;

  Lane(Limits limits, Step answer, Step turn_away);
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Takes a connection with its turn; false when too many wait.
  bool submit(ConnectionPtr connection);
  /// How many threads there are, answer, and how many connections wait for one.
  struct State {
    std::size_t workers, answering, waiting;
  };
  [[nodiscard]] State state();
  /// Answers what waits, then returns.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    ConnectionPtr connection;
    Clock::time_point until;
  };
  void work();
  void turn_away_the_late();

  const Limits limits_;
  const Step answer_, turn_away_;
  std::mutex mutex_;
  std::condition_variable work_comes_, stops_;
  std::deque<Waiting> waiting_;
  std::size_t answering_ = 0;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace gridward::http
