#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "http/connection.h"
#include "service/known.h"
#include "service/notice_tail.h"

namespace gridward::http {

/// What somebody wants to be told, by which right.
struct ChangesAsked {
  Secret token;
  std::int64_t account = 0;
  std::uint32_t roles = 0;  // those whose grants count
  service::NoticeFilter filter;
  std::optional<std::int64_t> after;  // the last that was told before; none: from now on
};

/// How many follow, and how many of each account.
class Followers {
 public:
  /// Takes a place; where there is none, nothing is taken and the error says why.
  Result<void> enter(std::int64_t account, std::size_t most, std::size_t most_each);
  void leave(std::int64_t account);
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, std::size_t> each_;
  std::atomic<std::size_t> count_ = 0;
};

/// One who is told of changes as long as its client stays: an answer that has begun and does not end. It gives its place among
/// the followers back at its end.
struct ChangeStream {
  ChangeStream(ChangesAsked a, std::int64_t from, Followers& entered) : asked(std::move(a)), told(from), followers(entered) {}
  ~ChangeStream() { followers.leave(asked.account); }
  ChangeStream(const ChangeStream&) = delete;
  ChangeStream& operator=(const ChangeStream&) = delete;

  const ChangesAsked asked;
  std::int64_t told;  // all notices up to this one were told, or are not for this one
  Followers& followers;
};

/// Tells everyone who follows `/api/v1/changes`, as server-sent events, all on one thread that never waits for a client. A reader that is behind is sent
/// no more than it takes; one that takes nothing for long is given up, and goes on from its Last-Event-ID when it comes back.
class ChangeStreams {
 public:
  struct Limits {
    std::size_t most = 200, most_each = 20;      // each: of one account
    std::chrono::milliseconds heartbeat{15000};  // a sign of life where nothing happens
    std::chrono::milliseconds patience{20000};   // with a reader that takes nothing
  };
  ChangeStreams(storage::Pool pool, service::Known& known, Limits limits);
  ~ChangeStreams();
  ChangeStreams(const ChangeStreams&) = delete;
  ChangeStreams& operator=(const ChangeStreams&) = delete;

  /// A place for one more; Errc::unavailable where there are too many, too_many_requests where the account has too many.
  Result<std::shared_ptr<ChangeStream>> admit(ChangesAsked asked);
  /// Takes over a connection with its turn, on which the head of the answer was sent.
  void take(ConnectionPtr connection, std::shared_ptr<ChangeStream> stream);
  /// How many are told.
  [[nodiscard]] std::size_t count() const { return followers_.count(); }
  /// Ends all of them.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Telling {
    ConnectionPtr connection;
    std::shared_ptr<ChangeStream> stream;  // shared with the answer that began it
    std::string pending;                   // made, and not taken yet
    std::size_t sent;
    Clock::time_point beat_at, lost_at;
  };
  void run();
  void take_new();
  bool proceed(Telling& t);
  bool may_go_on(Telling& t);
  void fill(Telling& t);
  bool send(Telling& t);

  service::Known& known_;
  const Limits limits_;
  service::NoticeTail tail_;
  const int bell_;  // an eventfd that wakes the thread
  Followers followers_;
  std::atomic<std::int64_t> last_ = -1;  // of the tail; -1 before it was read
  std::mutex mutex_;
  std::vector<Telling> new_;
  bool stopping_ = false;
  std::vector<Telling> telling_;  // of the thread alone
  std::optional<Principal> who_;  // of the one that is looked at
  bool moved_ = false;            // whether someone was told something, and may be told more at once
  std::jthread thread_;
};

}  // namespace gridward::http
