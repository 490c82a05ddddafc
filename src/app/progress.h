#pragma once

#include <chrono>
#include <string>

#include "base/advance.h"

namespace gridward::app {

/// Shows how far a long command is: a bar that is drawn over on a terminal; elsewhere a line when a step begins, at most one a second, and one
/// every ten seconds while it lasts. Writes to standard error, so that results stay apart.
class Progress {
 public:
  explicit Progress(std::string title);
  /// Takes the bar away.
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const Advance& advance);
  /// Must not outlive this.
  [[nodiscard]] Watcher watcher() {
    return [this](const Advance& advance) { show(advance); };
  }

 private:
  using Clock = std::chrono::steady_clock;
  void draw(const Advance& advance);
  void clear();

  const std::string title_;
  const bool terminal_;
  std::string step_;
  Clock::time_point shown_;
  bool drawn_ = false;
};

}  // namespace gridward::app
