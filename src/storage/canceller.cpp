#include "storage/canceller.h"

#include <algorithm>
#include <iterator>

#include <pqxx/pqxx>

namespace gridward::storage {
namespace {

using Clock = Cancellation::Clock;
/// A cancellation that finds no statement running does nothing, and the next statement may have been on its way: it is said again.
constexpr std::chrono::milliseconds kAgain{50};
constexpr std::chrono::hours kLongest{1};

}  // namespace

struct Canceller::Entry {
  Entry(pqxx::connection_base& c, Cancellation when) : cancellation(std::move(when)), connection(&c) {}

  const Cancellation cancellation;
  std::mutex mutex;                     // held while the database is told, so that the work cannot end and its connection go to others meanwhile
  pqxx::connection_base* connection;    // null once the work has ended

  /// libpq waits until the server has signalled the backend: what it strikes is of this work, or nothing.
  void cancel() {
    const std::lock_guard lock(mutex);
    if (connection == nullptr) return;
    try {
      connection->cancel_query();
    } catch (const std::exception&) {  // the server is not there: then the statement is not either
    }
  }
  void end() {
    const std::lock_guard lock(mutex);
    connection = nullptr;
  }
};

Canceller::Watch::Watch(Canceller& canceller, pqxx::connection_base& connection, const Cancellation& cancellation) : canceller_(canceller) {
  if (!cancellation.possible()) return;
  entry_ = std::make_shared<Entry>(connection, cancellation);
  canceller_.add(entry_);
  on_leaving_.emplace(cancellation.left, [this] { canceller_.wake(); });
}

Canceller::Watch::~Watch() {
  if (!entry_) return;
  on_leaving_.reset();
  entry_->end();
  canceller_.remove(entry_);
}

void Canceller::Watch::check() const {
  if (entry_ && entry_->cancellation.due()) throw Cancelled();
}

void Canceller::add(const std::shared_ptr<Entry>& entry) {
  {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    entries_.push_back(entry);
    if (entry->cancellation.deadline >= wakes_) return;  // most are: the thread sleeps until a deadline that was nearer
    woken_ = true;
  }
  changed_.notify_one();
}

void Canceller::remove(const std::shared_ptr<Entry>& entry) {
  const std::lock_guard lock(mutex_);
  std::erase(entries_, entry);
}

void Canceller::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void Canceller::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    std::vector<std::shared_ptr<Entry>> due;
    std::ranges::copy_if(entries_, std::back_inserter(due), [](const auto& entry) { return entry->cancellation.due(); });
    if (!due.empty()) {
      lock.unlock();  // to tell the database takes a connection to it
      for (const auto& entry : due) entry->cancel();
      lock.lock();
    }
    wakes_ = next_look();
    changed_.wait_until(lock, stop, wakes_, [this] { return woken_; });
    woken_ = false;
  }
}

Clock::time_point Canceller::next_look() const {
  const auto now = Clock::now();
  auto next = now + kLongest;
  for (const auto& entry : entries_) next = std::min(next, entry->cancellation.due(now) ? now + kAgain : entry->cancellation.deadline);
  return next;
}

}  // namespace gridward::storage
