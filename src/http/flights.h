#pragma once

#include <future>
#include <mutex>
#include <string>
#include <unordered_map>

#include "storage/cancellation.h"

namespace gridward::http {

/// Answers in the making, by their tags: of requests for the same at the same time one makes it, and the others wait for it.
class Flights {
 public:
  /// A place in a flight. The first one's end is the flight's.
  class Seat {
   public:
    Seat(Flights& flights, const std::string& tag, const storage::Cancellation& end);
    ~Seat();
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    Seat(Seat&&) = delete;
    Seat& operator=(Seat&&) = delete;
    /// Whether the answer is to be made here; else it has been made, or its maker has failed, or nobody waits for it here any more.
    [[nodiscard]] bool first() const { return first_; }

   private:
    Flights& flights_;
    const std::string tag_;
    std::promise<void> landed_;
    bool first_ = true;
  };

  /// Waits while another makes the answer, but not beyond the end of the request.
  Seat join(const std::string& tag, const storage::Cancellation& end) { return {*this, tag, end}; }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_future<void>> in_the_air_;
};

}  // namespace gridward::http
