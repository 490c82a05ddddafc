#pragma once

#include <memory>

#include "app/config.h"
#include "base/observe.h"

namespace spdlog {
class logger;
}  // namespace spdlog

namespace gridward::app {

/// Writes what happened to standard output: sentences for people, or JSON lines for machines. If its reader does not keep up, the oldest lines are
/// lost; an answer is never held up.
class Log {
 public:
  explicit Log(const LogConfig& config);
  /// Returns when all is written.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  void operator()(const Observation& observation);

 private:
  struct Queue;
  const bool json_;
  std::unique_ptr<Queue> queue_;
  std::shared_ptr<spdlog::logger> logger_;  // shared with its queue, as spdlog wants
};

/// For commands that do one thing and end: writes what nobody foresaw to standard error.
[[nodiscard]] Observer complain();

}  // namespace gridward::app
