#include "http/connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace gridward::http {
namespace {

constexpr std::size_t kMaxWaiting = 64;
constexpr std::size_t kMaxIgnored = std::size_t{64} << 20;

}  // namespace

Connection::Connection(int socket, const Guard::Limits& limits, std::string from) : fd(::dup(socket)), client(std::move(from)), guard(limits) {}

Connection::~Connection() {
  if (fd >= 0) ::close(fd);
}

bool Connection::add(Request request) {
  const std::lock_guard lock(mutex_);
  if (closing_) return true;
  if (waiting_.size() >= kMaxWaiting) return false;
  waiting_.push_back(std::move(request));
  return true;
}

void Connection::add(const Guard::Refusal& refusal) {
  const std::lock_guard lock(mutex_);
  if (!closing_) refusal_ = refusal;
}

void Connection::ignore(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  ignored_ += bytes;
  if (ignored_ > kMaxIgnored) ::shutdown(fd, SHUT_RDWR);
}

void Connection::end_if_quiet(Clock::time_point since) {
  const std::lock_guard lock(mutex_);
  if ((taken_ && !closing_) || quiet_since_.load() > since) return;
  taken_ = closing_ = true;
  ::shutdown(fd, SHUT_RDWR);
}

bool Connection::take_turn() {
  const std::lock_guard lock(mutex_);
  return !std::exchange(taken_, true);
}

bool Connection::take_work() {
  const std::lock_guard lock(mutex_);
  if (taken_ || (waiting_.empty() && !refusal_)) return false;
  return taken_ = true;
}

Connection::Next Connection::look_ahead() {
  const std::lock_guard lock(mutex_);
  if (!waiting_.empty()) return waiting_.front().reads() ? Next::read : Next::write;
  if (refusal_) return Next::refusal;
  taken_ = closing_;
  return Next::nothing;
}

std::optional<Request> Connection::next() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return std::nullopt;
  Request request = std::move(waiting_.front());
  waiting_.pop_front();
  return request;
}

Guard::Refusal Connection::refusal() {
  const std::lock_guard lock(mutex_);
  return refusal_.value();
}

void Connection::close() {
  const std::lock_guard lock(mutex_);
  closing_ = true;
  waiting_.clear();
  refusal_.reset();
  ::shutdown(fd, SHUT_WR);
}

void Connection::abort() {
  close();
  ::shutdown(fd, SHUT_RDWR);
}

bool Connection::closing() {
  const std::lock_guard lock(mutex_);
  return closing_;
}

}  // namespace gridward::http
