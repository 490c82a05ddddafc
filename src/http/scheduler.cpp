#include "http/scheduler.h"

#include <sys/socket.h>

#include <utility>

#include "http/problem.h"

namespace gridward::http {
namespace {

Outgoing refuse(const Guard::Refusal& refusal) {
  Request closing;
  closing.keep_alive = false;
  return {closing, to_response(refusal)};
}

}  // namespace

Scheduler::Scheduler(const Limits& limits, Handlers handlers)
    : handlers_(std::move(handlers)),
      sender_(limits.send_patience, [this](const auto& connection, const Outgoing& answer, Outgoing::State state) { sent(connection, answer, state); }),
      reads_(limits.reads, [this](const auto& c) { answer_next(c); }, [this](const auto& c) { turn_away(c); }),
      writes_(limits.writes, [this](const auto& c) { answer_next(c); }, [this](const auto& c) { turn_away(c); }),
      idle_(limits.idle_patience) {}

Scheduler::~Scheduler() { stop(); }

void Scheduler::receive(const ConnectionPtr& connection, std::string_view bytes) {
  Connection& c = *connection;
  if (c.closing() || c.guard.refusal()) return c.ignore(bytes.size());
  c.guard.feed(bytes);
  bool ours = c.take_turn();
  bool first = ours;  // nothing waits before what comes now
  while (auto request = c.guard.next()) {
    request->client = c.client;
    request->arrived = std::chrono::steady_clock::now();
    request->left = c.left.get_token();
    std::optional<Response> known = first ? handlers_.at_once(*request) : std::nullopt;
    if (known) {
      first = ours = deliver(connection, {*request, std::move(*known)});
    } else {
      first = false;
      if (!c.add(std::move(*request))) return c.abort();
    }
  }
  if (c.guard.refusal()) c.add(*c.guard.refusal());
  if (c.guard.take_continue() && first) (void)::send(c.fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (!c.guard.in_head()) c.touch();
  if (ours || c.take_work()) proceed(connection);
}

Scheduler::State Scheduler::state() { return {reads_.state(), writes_.state(), sender_.sending(), idle_.count()}; }

void Scheduler::stop() {
  reads_.stop();
  writes_.stop();
  sender_.stop();
}

void Scheduler::answer_next(const ConnectionPtr& connection) {
  const auto request = connection->next();
  if (!request) return;  // aborted meanwhile
  if (request->left.stop_requested()) return abandon(connection, false);
  Response response = handlers_.answer(*request);
  if (request->left.stop_requested()) return abandon(connection, true);
  if (deliver(connection, {*request, std::move(response)})) proceed(connection);
}

/// Nobody waits for the answer any more.
void Scheduler::abandon(const ConnectionPtr& connection, bool begun) {
  tell(handlers_.observer, seen::Abandoned{begun});
  connection->abort();
}

void Scheduler::turn_away(const ConnectionPtr& connection) {
  if (refuse_next(connection, true)) proceed(connection);
}

/// Answers the next request that no worker is free for it; true as deliver.
bool Scheduler::refuse_next(const ConnectionPtr& connection, bool late) {
  const auto request = connection->next();
  if (!request) return false;
  tell(handlers_.observer, seen::TurnedAway{request->reads() ? "reads" : "writes", late});
  return deliver(connection, {*request, to_response({Errc::unavailable, "The server is busy: try again in a few seconds."}, "")});
}

/// Sends an answer, as far as the reader takes it now. True: all of it, and the turn is still ours.
bool Scheduler::deliver(const ConnectionPtr& connection, Outgoing answer) {
  switch (answer.send(connection->fd)) {
    case Outgoing::State::sent: return complete(connection, answer);
    case Outgoing::State::moving:
    case Outgoing::State::blocked: sender_.take(connection, std::move(answer)); return false;
    case Outgoing::State::lost: tell(handlers_.observer, seen::AnswerLost{}); connection->abort(); return false;
  }
  return false;
}

void Scheduler::sent(const ConnectionPtr& connection, const Outgoing& answer, Outgoing::State state) {
  if (state == Outgoing::State::lost) {
    tell(handlers_.observer, seen::AnswerLost{});
    return connection->abort();
  }
  if (complete(connection, answer)) proceed(connection);
}

/// What follows an answer that was sent. True: the next request, and the turn is still ours.
bool Scheduler::complete(const ConnectionPtr& connection, const Outgoing& answer) {
  connection->touch();
  if (answer.stream()) {
    handlers_.follow(connection, answer.stream());
  } else if (!answer.keep_alive()) {
    connection->close();
  }
  return answer.keep_alive();
}

/// Passes the turn of a connection to who answers its next request, or gives it back.
void Scheduler::proceed(const ConnectionPtr& connection) {
  while (true) {
    const auto next = connection->look_ahead();
    if (next == Connection::Next::nothing) return;
    if (next == Connection::Next::refusal) {
      const auto refusal = connection->refusal();
      tell(handlers_.observer, seen::Malformed{refusal.status});
      return (void)deliver(connection, refuse(refusal));
    }
    if ((next == Connection::Next::read ? reads_ : writes_).submit(connection)) return;
    if (!refuse_next(connection, false)) return;
  }
}

}  // namespace gridward::http
