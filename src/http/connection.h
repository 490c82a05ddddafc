#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "http/guard.h"
#include "http/request.h"

namespace gridward::http {

/// One connection: its own descriptor, what it sent, and the requests that wait. One thread at a time has the turn to answer on it (the
/// event thread, a worker or the sender), so that answers leave whole and in the order of the requests.
class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(int socket, const Guard::Limits& limits, std::string from);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const int fd;  // a dup: it names the connection, where a number may be used again for another
  const std::string client;
  std::stop_source left;  // stops when the client has gone

  // Of the event thread alone.
  Guard guard;

  /// Puts a request behind those that wait; false when these are too many.
  [[nodiscard]] bool add(Request request);
  /// The last that is answered, after what waits.
  void add(const Guard::Refusal& refusal);
  /// What comes after the last request that is answered is read and thrown away, so that the client can read its answer; not for ever.
  void ignore(std::size_t bytes);

  /// Something whole came or went.
  void touch() { quiet_since_ = Clock::now(); }
  /// Ends the connection if nothing is being answered and nothing whole has come or gone since.
  void end_if_quiet(Clock::time_point since);

  /// Takes the turn if nobody has it.
  [[nodiscard]] bool take_turn();
  /// Takes the turn if nobody has it and something waits.
  [[nodiscard]] bool take_work();

  // Of who has the turn.
  enum class Next { nothing, read, write, refusal };
  /// What is to be answered next; with `nothing` the turn is given back.
  Next look_ahead();
  /// The next request; nothing when none waits.
  std::optional<Request> next();
  [[nodiscard]] Guard::Refusal refusal();
  /// Ends the answers: the client sees them all and then the end of the stream. The turn is never given again.
  void close();
  /// Ends the connection at once; for everyone.
  void abort();
  [[nodiscard]] bool closing();

 private:
  std::mutex mutex_;
  std::deque<Request> waiting_;
  std::optional<Guard::Refusal> refusal_;
  bool taken_ = false;
  bool closing_ = false;
  std::size_t ignored_ = 0;
  std::atomic<Clock::time_point> quiet_since_ = Clock::now();
};
using ConnectionPtr = std::shared_ptr<Connection>;  // shared by the event loop and whoever has the turn

}  // namespace gridward::http
