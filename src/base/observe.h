#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

namespace gridward {

/// What happened, stated as a value. What becomes of it (a line of the log, a number of the metrics, both, nothing) is decided in one place
/// (app/observe, app/metrics). Texts are views: an observer that keeps one copies it.
namespace seen {

/// Something listens at an address.
struct Listening {
  std::string_view what, address;
};
struct Stopping {};

/// Where an answer came from: out of the cache, as the client's own copy that still holds, made anew for the cache, or none of these.
enum class Source { kept, unchanged, made, uncached };
/// A request that was answered.
struct Answered {
  std::string_view method, route;  // by the contract, so that there are not many: HEAD too, a pattern, a word in brackets where there is none
  std::string_view target, id;     // as it was asked
  int status = 0;
  std::chrono::nanoseconds took{};  // from a whole request to a whole answer, before it is sent
  Source source = Source::uncached;
};
/// An exception that nobody foresaw, on the way to an answer.
struct Fault {
  std::string_view request, what;
};
/// A connection that ends with a refusal, as what came on it is no request.
struct Malformed {
  int status = 0;
};
/// A request for which no worker was free: too many waited, or it waited too long.
struct TurnedAway {
  std::string_view lane;
  bool late = false;
};
/// A client that left before it was answered; `begun`: a worker was at it.
struct Abandoned {
  bool begun = false;
};
/// A reader that went, or took nothing for too long, in the middle of an answer.
struct AnswerLost {};

/// A transaction that failed. `sqlstate` is 08006 where the connection broke; what the callers may do wrong is foreseen.
struct DatabaseFailed {
  std::string_view pool, sqlstate, what;
  bool foreseen = true;
};
enum class Cause { client_left, deadline, statement_timeout };
/// A transaction that was ended before it was done.
struct Cancelled {
  std::string_view pool;
  Cause cause = Cause::deadline;
};
/// No connection became free in time.
struct PoolExhausted {
  std::string_view pool;
};
/// Whether the writes of other servers are heard of.
struct HearingChanged {
  bool hears = false;
};
/// Another server's write was heard of.
struct VersionHeard {};

/// An import over REST that came to its end.
struct Imported {
  std::string_view actor, request;
  bool dry_run = false, written = false;
  std::int64_t added = 0, changed = 0, bad = 0;
  std::chrono::nanoseconds took{};
};
/// A map was read into memory.
struct MapRead {
  std::int64_t district = 0;
  std::size_t bytes = 0;
  std::chrono::nanoseconds took{};
};
/// What waits in the database: rows of the outbox that are not numbered yet (notices), how long the first of them has waited, counts that are not folded, and rows that nobody can be told of.
struct Backlog {
  std::int64_t outbox_rows = 0;
  double outbox_seconds = 0;
  std::int64_t pending_counts = 0;
  std::int64_t outbox_untold = 0;
};

}  // namespace seen

using Observation = std::variant<seen::Listening, seen::Stopping, seen::Answered, seen::Fault, seen::Malformed, seen::TurnedAway, seen::Abandoned, seen::AnswerLost, seen::DatabaseFailed,
                                 seen::Cancelled, seen::PoolExhausted, seen::HearingChanged, seen::VersionHeard, seen::Imported, seen::MapRead, seen::Backlog>;
/// Called on any thread; does not throw and does not wait.
using Observer = std::function<void(const Observation&)>;

/// Tells an observer, if there is one.
inline void tell(const Observer& observer, const Observation& observation) {
  if (observer) observer(observation);
}

}  // namespace gridward
