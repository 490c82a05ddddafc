#include "http/idle.h"

#include <utility>

namespace gridward::http {

IdleWatch::IdleWatch(std::chrono::milliseconds patience) : patience_(patience), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void IdleWatch::add(const ConnectionPtr& connection) {
  const std::lock_guard lock(mutex_);
  connections_.push_back(connection);
}

void IdleWatch::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      stops_.wait_for(lock, stop, patience_ / 10, [] { return false; });
    }
    for (const ConnectionPtr& connection : living()) connection->end_if_quiet(Connection::Clock::now() - patience_);
  }
}

std::vector<ConnectionPtr> IdleWatch::living() {
  const std::lock_guard lock(mutex_);
  std::vector<ConnectionPtr> out;
  std::erase_if(connections_, [&](const std::weak_ptr<Connection>& weak) {
    ConnectionPtr connection = weak.lock();
    if (!connection) return true;
    out.push_back(std::move(connection));
    return false;
  });
  return out;
}

}  // namespace gridward::http
