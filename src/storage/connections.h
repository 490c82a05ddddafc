#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "base/observe.h"
#include "storage/canceller.h"
#include "storage/database.h"

namespace gridward::storage {

/// The connections of a pool: so many at most, each with every query, prepared when it is first asked.
class Connections {
 public:
  Connections(std::string url, std::size_t size, std::string name, Observer observer) : url_(std::move(url)), size_(size), name_(std::move(name)), observer_(std::move(observer)) {}

  /// A connection of one's own; null when none became free within five seconds, or before the work is to end. Throws what the
  /// client library throws when the server cannot be reached.
  std::unique_ptr<pqxx::connection> lease(const Cancellation& cancellation);
  /// The end of a lease; null when the connection broke, which is not used again.
  void give_back(std::unique_ptr<pqxx::connection> connection);
  Canceller& canceller() { return canceller_; }
  [[nodiscard]] Pool::State state();
  [[nodiscard]] const std::string& name() const { return name_; }
  void tell(const Observation& observation) const { gridward::tell(observer_, observation); }

 private:
  std::unique_ptr<pqxx::connection> connect() const;
  std::unique_ptr<pqxx::connection> take_idle();

  const std::string url_;
  const std::size_t size_;
  const std::string name_;
  const Observer observer_;
  std::mutex mutex_;
  std::condition_variable_any freed_;
  std::vector<std::unique_ptr<pqxx::connection>> idle_;
  std::size_t leased_ = 0, waiting_ = 0;
  Canceller canceller_;
};

}  // namespace gridward::storage
