#include "http/scheduler.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <semaphore>
#include <thread>

#include <gtest/gtest.h>

namespace gridward::http {
namespace {

using namespace std::chrono_literals;

Response text(std::string body) {
  Response r;
  r.headers = {{"Content-Type", "text/plain"}};
  r.body = std::make_shared<const std::string>(std::move(body));
  return r;
}

/// A client, and what the event thread has of it.
class Client {
 public:
  explicit Client(Scheduler& scheduler) : scheduler_(scheduler) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()) != 0) throw std::runtime_error("socketpair");
    connection_ = std::make_shared<Connection>(ends_[1], Guard::Limits{}, "test");
    scheduler_.welcome(connection_);
  }
  ~Client() {
    for (const int fd : ends_) ::close(fd);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void say(const std::string& bytes) { scheduler_.receive(connection_, bytes); }
  void ask(const std::string& method, const std::string& target) { say(method + " " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"); }
  void leave() { connection_->left.request_stop(); }

  /// Waits until what was said matches, or the time is over; what was said.
  std::string hear(const std::function<bool(const std::string&)>& enough, std::chrono::milliseconds time = 5s) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (!enough(heard_) && !ended_ && std::chrono::steady_clock::now() < until) {
      pollfd p{ends_[0], POLLIN, 0};
      ::poll(&p, 1, 10);
      std::array<char, 65536> buffer{};
      const ssize_t n = ::recv(ends_[0], buffer.data(), buffer.size(), 0);
      if (n > 0) heard_.append(buffer.data(), static_cast<std::size_t>(n));
      ended_ = n == 0;
    }
    return heard_;
  }
  std::string hear(const std::string& part, std::chrono::milliseconds time = 5s) {
    return hear([&](const std::string& heard) { return heard.find(part) != std::string::npos; }, time);
  }
  bool ends_within(std::chrono::milliseconds time) {
    hear([](const std::string&) { return false; }, time);
    return ended_;
  }

 private:
  Scheduler& scheduler_;
  std::array<int, 2> ends_{};
  ConnectionPtr connection_;
  std::string heard_;
  bool ended_ = false;
};

/// /kept is in memory for the event thread; /slow waits until it is let go; all else is told by a worker.
struct Desk {
  std::counting_semaphore<100> go{0};
  std::atomic<int> begun = 0, worked = 0;
  void await(int requests) const {
    while (begun < requests) std::this_thread::sleep_for(1ms);
  }
  Handlers handlers() {
    return {[](const Request& r) -> std::optional<Response> { return r.target == "/kept" ? std::optional(text("[kept]")) : std::nullopt; },
            [this](const Request& r) {
              ++begun;
              if (r.target.starts_with("/slow")) go.acquire();
              ++worked;
              return text('[' + r.method + r.target + ']');
            }};
  }
};

Scheduler::Limits limits(int reads, int writes) {
  Scheduler::Limits out;
  out.reads.workers = reads;
  out.writes.workers = writes;
  return out;
}

TEST(Scheduler, WhatIsInMemoryWaitsForWhatWasAskedBefore) {
  Desk desk;
  Scheduler scheduler(limits(2, 2), desk.handlers());
  Client client(scheduler);
  client.ask("GET", "/kept");
  EXPECT_NE(client.hear("[kept]").find("[kept]"), std::string::npos);
  client.say("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /kept HTTP/1.1\r\nHost: a\r\n\r\n");
  client.ask("GET", "/kept");
  client.ask("POST", "/written");
  const std::string before = client.hear("[GET", 100ms);
  EXPECT_EQ(before.find("[kept]", before.find("[kept]") + 1), std::string::npos);
  desk.go.release();
  std::string order;
  const std::string all = client.hear("[POST/written]");
  for (std::size_t at = all.find('['); at != std::string::npos; at = all.find('[', at + 1)) order += all.substr(at, all.find(']', at) + 1 - at);
  EXPECT_EQ(order, "[kept][GET/slow][GET/kept][GET/kept][POST/written]");
}

TEST(Scheduler, ASlowReaderHoldsUpNobody) {
  const std::string large(20'000'000, 'x');
  Scheduler scheduler(limits(1, 1), {[](const Request&) { return std::nullopt; }, [&](const Request& r) { return text(r.target == "/large" ? large : "[small]"); }});
  Client slow(scheduler), other(scheduler);
  slow.ask("GET", "/large");
  slow.ask("GET", "/small");
  other.ask("GET", "/small");
  EXPECT_NE(other.hear("[small]").find("[small]"), std::string::npos);
  const std::string all = slow.hear([](const std::string& heard) { return heard.ends_with("[small]"); }, 20s);
  EXPECT_NE(all.find("\r\n\r\n" + large + "HTTP/1.1 200 OK"), std::string::npos);
}

TEST(Scheduler, AReaderThatTakesNothingIsLost) {
  Scheduler::Limits l = limits(1, 1);
  l.send_patience = 300ms;
  Scheduler scheduler(l, {[](const Request&) { return std::nullopt; }, [&](const Request&) { return text(std::string(20'000'000, 'x')); }});
  Client client(scheduler);
  client.ask("GET", "/");
  std::this_thread::sleep_for(1500ms);
  EXPECT_TRUE(client.ends_within(5s));
  EXPECT_LT(client.hear("").size(), 20'000'000U);
}

TEST(Scheduler, WritesHoldUpNoReadsAndWhoWaitsTooLongIsTurnedAway) {
  Desk desk;
  Scheduler::Limits l = limits(1, 1);
  l.writes.patience = 200ms;
  Scheduler scheduler(l, desk.handlers());
  Client first(scheduler), second(scheduler), reader(scheduler);
  first.ask("POST", "/slow");
  second.ask("POST", "/written");
  second.ask("GET", "/read");
  reader.ask("GET", "/read");
  EXPECT_NE(reader.hear("[GET/read]").find("200 OK"), std::string::npos);
  const std::string refused = second.hear("[GET/read]");  // the connection goes on
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 503 Service Unavailable\r\n")) << refused;
  EXPECT_NE(refused.find("Retry-After: 2\r\n"), std::string::npos);
  EXPECT_EQ(refused.find("[POST/written]"), std::string::npos);
  desk.go.release();
  EXPECT_NE(first.hear("[POST/slow]").find("[POST/slow]"), std::string::npos);
}

TEST(Scheduler, WhoComesWhenTooManyWaitIsTurnedAwayAtOnce) {
  Desk desk;
  Scheduler::Limits l = limits(1, 1);
  l.reads.waiting = 1;
  Scheduler scheduler(l, desk.handlers());
  Client first(scheduler), second(scheduler), third(scheduler);
  first.ask("GET", "/slow");
  desk.await(1);
  second.ask("GET", "/b");
  third.ask("GET", "/c");
  EXPECT_TRUE(third.hear("\r\n\r\n").starts_with("HTTP/1.1 503 "));
  desk.go.release();
  EXPECT_NE(second.hear("[GET/b]").find("[GET/b]"), std::string::npos);
}

TEST(Scheduler, WhoLeftIsNotAnswered) {
  Desk desk;
  Scheduler scheduler(limits(1, 1), desk.handlers());
  Client first(scheduler), second(scheduler);
  first.ask("GET", "/slow");
  desk.await(1);
  second.ask("GET", "/b");
  second.leave();
  first.leave();
  desk.go.release();
  scheduler.stop();
  EXPECT_EQ(first.hear("[", 100ms), "");
  EXPECT_EQ(second.hear("[", 100ms), "");
  EXPECT_EQ(desk.worked, 1);
}

TEST(Scheduler, EndsConnectionsOnWhichNothingWholeComes) {
  Desk desk;
  Scheduler::Limits l = limits(2, 2);
  l.idle_patience = 400ms;
  Scheduler scheduler(l, desk.handlers());
  Client silent(scheduler), dripping(scheduler), answered(scheduler), sending(scheduler);
  answered.ask("GET", "/slow");
  sending.say("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  for (int i = 0; i < 20; ++i) {
    dripping.say(i == 0 ? "GET / HTTP/1.1\r\nX: " : "x");
    sending.say("part of a body");
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_TRUE(silent.ends_within(0ms) || silent.ends_within(10ms));
  EXPECT_TRUE(dripping.ends_within(10ms));
  EXPECT_FALSE(sending.ends_within(10ms));
  EXPECT_FALSE(answered.ends_within(10ms));
  desk.go.release();
  EXPECT_NE(answered.hear("[GET/slow]").find("[GET/slow]"), std::string::npos);
  EXPECT_TRUE(answered.ends_within(2s));
}

TEST(Scheduler, ARefusalComesAfterWhatWasAskedBefore) {
  Desk desk;
  Scheduler scheduler(limits(1, 1), desk.handlers());
  Client client(scheduler);
  client.say("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n");
  client.say("and more of it");
  desk.go.release();
  EXPECT_TRUE(client.ends_within(5s));
  const std::string all = client.hear("");
  EXPECT_LT(all.find("[GET/slow]"), all.find("HTTP/1.1 400 Bad Request"));
  EXPECT_NE(all.find("Connection: close"), std::string::npos);
}

TEST(Scheduler, StopAnswersWhatCame) {
  Desk desk;
  Scheduler scheduler(limits(1, 1), desk.handlers());
  Client first(scheduler), second(scheduler);
  first.ask("GET", "/slow");
  second.ask("GET", "/b");
  desk.go.release();
  scheduler.stop();
  EXPECT_NE(first.hear("[GET/slow]").find("[GET/slow]"), std::string::npos);
  EXPECT_NE(second.hear("[GET/b]").find("[GET/b]"), std::string::npos);
}

}  // namespace
}  // namespace gridward::http
