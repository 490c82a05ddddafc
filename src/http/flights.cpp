#include "http/flights.h"

#include <chrono>

namespace gridward::http {
namespace {

constexpr std::chrono::milliseconds kLookForLeavers{50};

}  // namespace

Flights::Seat::Seat(Flights& flights, const std::string& tag, const storage::Cancellation& end) : flights_(flights), tag_(tag) {
  std::unique_lock lock(flights_.mutex_);
  const auto [found, fresh] = flights_.in_the_air_.try_emplace(tag);
  if (fresh) {
    found->second = landed_.get_future().share();
    return;
  }
  first_ = false;
  const std::shared_future<void> landing = found->second;
  lock.unlock();
  while (landing.wait_for(kLookForLeavers) != std::future_status::ready && !end.due()) {}
}

Flights::Seat::~Seat() {
  if (!first_) return;
  {
    const std::lock_guard lock(flights_.mutex_);
    flights_.in_the_air_.erase(tag_);
  }
  landed_.set_value();
}

}  // namespace gridward::http
