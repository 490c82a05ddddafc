#include "http/lane.h"

#include <utility>

namespace gridward::http {

Lane::Lane(Limits limits, Step answer, Step turn_away) : limits_(limits), answer_(std::move(answer)), turn_away_(std::move(turn_away)) {
  for (int i = 0; i < limits_.workers; ++i) threads_.emplace_back([this] { work(); });
  threads_.emplace_back([this] { turn_away_the_late(); });
}

Lane::~Lane() { stop(); }

bool Lane::submit(ConnectionPtr connection) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= limits_.waiting) return false;
    waiting_.push_back({std::move(connection), Clock::now() + limits_.patience});
  }
  work_comes_.notify_one();
  return true;
}

Lane::State Lane::state() {
  const std::lock_guard lock(mutex_);
  return {static_cast<std::size_t>(limits_.workers), answering_, waiting_.size()};
}

void Lane::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_comes_.notify_all();
  stops_.notify_all();
  threads_.clear();  // joins
}

void Lane::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_comes_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const ConnectionPtr connection = std::move(waiting_.front().connection);
    waiting_.pop_front();
    ++answering_;
    lock.unlock();
    answer_(connection);
    lock.lock();
    --answering_;
  }
}

void Lane::turn_away_the_late() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    // Whoever comes while this sleeps is not late before it wakes.
    const auto until = waiting_.empty() ? Clock::now() + limits_.patience : waiting_.front().until;
    if (stops_.wait_until(lock, until, [this] { return stopping_; })) return;
    while (!waiting_.empty() && waiting_.front().until <= Clock::now()) {
      const ConnectionPtr connection = std::move(waiting_.front().connection);
      waiting_.pop_front();
      lock.unlock();
      turn_away_(connection);
      lock.lock();
    }
  }
}

}  // namespace gridward::http
