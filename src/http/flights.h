#pragma once

#include <future>
#include <mutex>
#include <string>
#include <unordered_map>

namespace gridward::http {

/// Answers in the making, by their tags: of requests for the same at the same time one makes it, and the others wait for it.
class Flights {
 public:
  /// A place in a flight. The first one's end is the flight's.
  class Seat {
   public:
    Seat(Flights& flights, const std::string& tag);
    ~Seat();
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    Seat(Seat&&) = delete;
    Seat& operator=(Seat&&) = delete;
    /// Whether the answer is to be made here; else it has been made, or its maker has failed.
    [[nodiscard]] bool first() const { return first_; }

   private:
    Flights& flights_;
    const std::string tag_;
    std::promise<void> landed_;
    bool first_ = true;
  };

  /// Waits while another makes the answer.
  Seat join(const std::string& tag) { return {*this, tag}; }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_future<void>> in_the_air_;
};

}  // namespace gridward::http
