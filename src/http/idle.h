#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "http/connection.h"

namespace gridward::http {

/// Ends connections on which nothing is being answered and nothing whole has come for long: no request, no part of a body. Pieces of a
/// head do not count, so that nobody holds a connection by dripping one.
class IdleWatch {
 public:
  explicit IdleWatch(std::chrono::milliseconds patience);
  void add(const ConnectionPtr& connection);
  /// How many connections there are.
  [[nodiscard]] std::size_t count() { return living().size(); }

 private:
  void run(const std::stop_token& stop);
  std::vector<ConnectionPtr> living();

  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable_any stops_;
  std::vector<std::weak_ptr<Connection>> connections_;  // they live as long as their clients and answers
  std::jthread thread_;
};

}  // namespace gridward::http
