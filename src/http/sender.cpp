#include "http/sender.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>

namespace gridward::http {
namespace {

constexpr int kLookForTheLostEvery = 500;  // ms

int open_bell() {
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return fd;
}

}  // namespace

Sender::Sender(std::chrono::milliseconds patience, Done done)
    : patience_(patience), done_(std::move(done)), bell_(open_bell()), thread_([this] { run(); }) {}

Sender::~Sender() {
  stop();
  ::close(bell_);
}

void Sender::take(ConnectionPtr connection, Outgoing answer) {
  ++count_;
  {
    const std::lock_guard lock(mutex_);
    new_.push_back({std::move(connection), std::move(answer), Clock::now() + patience_});
  }
  (void)::eventfd_write(bell_, 1);
}

void Sender::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  (void)::eventfd_write(bell_, 1);
  if (thread_.joinable()) thread_.join();
}

void Sender::run() {
  std::vector<pollfd> polled;
  while (take_new()) {
    polled.assign(1, {bell_, POLLIN, 0});
    for (const Sending& s : sending_) polled.push_back({s.connection->fd, POLLOUT, 0});
    if (::poll(polled.data(), polled.size(), sending_.empty() ? -1 : kLookForTheLostEvery) < 0) continue;
    eventfd_t rings = 0;
    (void)::eventfd_read(bell_, &rings);
    std::size_t i = 0;
    std::erase_if(sending_, [&](Sending& s) { return !advance(s, polled[++i].revents != 0); });
  }
}

/// False when it is time to stop and nothing is left to send.
bool Sender::take_new() {
  const std::lock_guard lock(mutex_);
  std::ranges::move(new_, std::back_inserter(sending_));
  new_.clear();
  return !stopping_ || !sending_.empty();
}

/// Sends on; false when the answer has come to its end.
bool Sender::advance(Sending& sending, bool ready) {
  using enum Outgoing::State;
  const auto now = Clock::now();
  auto state = ready ? sending.answer.send(sending.connection->fd) : blocked;
  if (state == moving) sending.until = now + patience_;
  if (state == blocked && now >= sending.until) state = lost;
  if (state == moving || state == blocked) return true;
  --count_;
  done_(sending.connection, sending.answer, state);
  return false;
}

}  // namespace gridward::http
