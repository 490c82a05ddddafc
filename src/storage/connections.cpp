#include "storage/connections.h"

#include <poll.h>

#include <algorithm>

#include "sql.gen.h"

namespace gridward::storage {
namespace {

constexpr std::chrono::seconds kPatience{5};

/// Whether nothing came on a connection that asked nothing: what comes then is the server's farewell.
bool is_quiet(const pqxx::connection& connection) {
  pollfd p{connection.sock(), POLLIN | POLLRDHUP, 0};
  return ::poll(&p, 1, 0) == 0;
}

}  // namespace

/// Queries are prepared when they are first asked: a table that is locked holds up only who reads it, and only until that is cancelled.
std::unique_ptr<pqxx::connection> Connections::connect() const {
  auto connection = std::make_unique<pqxx::connection>(url_);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // deprecated for version 7, in which it is the only way
  connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
  for (const sql::Query* query : sql::all) connection->prepare(query->name, query->text);
  return connection;
}

/// The connection that was used last, of those that still hold.
std::unique_ptr<pqxx::connection> Connections::take_idle() {
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (is_quiet(*connection)) return connection;
  }
  return nullptr;
}

std::unique_ptr<pqxx::connection> Connections::lease(const Cancellation& cancellation) {
  {
    std::unique_lock lock(mutex_);
    const auto until = std::min(cancellation.deadline, Cancellation::Clock::now() + kPatience);
    ++waiting_;
    const bool freed = freed_.wait_until(lock, cancellation.left, until, [this] { return leased_ < size_; });
    --waiting_;
    if (!freed) return nullptr;
    ++leased_;
    if (auto idle = take_idle()) return idle;
  }
  try {
    return connect();
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

Pool::State Connections::state() {
  const std::lock_guard lock(mutex_);
  return {size_, leased_, idle_.size(), waiting_};
}

void Connections::give_back(std::unique_ptr<pqxx::connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --leased_;
    if (connection) idle_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

}  // namespace gridward::storage
