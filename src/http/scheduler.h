#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "base/observe.h"
#include "http/connection.h"
#include "http/idle.h"
#include "http/lane.h"
#include "http/request.h"
#include "http/sender.h"

namespace gridward::http {

/// Who answers requests, and who is told of what ends without an answer of theirs.
struct Handlers {
  /// What is answered from memory, without waiting: called on an event thread, which serves many connections. Nothing when it takes more.
  std::function<std::optional<Response>(const Request&)> at_once;
  /// Called on a worker.
  std::function<Response(const Request&)> answer;
  Observer observer = {};
  /// Takes over the turn of a connection on which the head of an answer that does not end was sent.
  std::function<void(const ConnectionPtr&, const std::shared_ptr<ChangeStream>&)> follow = {};
};

/// Decides which thread answers a request and sends the answer: the event thread what is in memory, a worker of the lane for reads or
/// for writes all else, and the sender what a slow reader has not taken. Each holds the connection's turn meanwhile.
class Scheduler {
 public:
  struct Limits {
    Lane::Limits reads, writes;
    std::chrono::milliseconds send_patience{20000};  // with a reader that takes nothing
    std::chrono::milliseconds idle_patience{75000};  // with a client that says nothing whole
  };
  Scheduler(const Limits& limits, Handlers handlers);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// A client came.
  void welcome(const ConnectionPtr& connection) { idle_.add(connection); }
  /// Bytes came on a connection; called on its event thread.
  void receive(const ConnectionPtr& connection, std::string_view bytes);
  /// What there is to do just now.
  struct State {
    Lane::State reads, writes;
    std::size_t sending, connections;
  };
  [[nodiscard]] State state();
  /// Answers what was received, then returns.
  void stop();

 private:
  void answer_next(const ConnectionPtr& connection);
  void turn_away(const ConnectionPtr& connection);
  bool refuse_next(const ConnectionPtr& connection, bool late);
  void abandon(const ConnectionPtr& connection, bool begun);
  bool deliver(const ConnectionPtr& connection, Outgoing answer);
  void proceed(const ConnectionPtr& connection);
  bool complete(const ConnectionPtr& connection, const Outgoing& answer);
  void sent(const ConnectionPtr& connection, const Outgoing& answer, Outgoing::State state);

  const Handlers handlers_;
  Sender sender_;  // outlives the lanes, which give to it
  Lane reads_, writes_;
  IdleWatch idle_;
};

}  // namespace gridward::http
