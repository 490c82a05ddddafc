#include "http/change_streams.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace gridward::http {
namespace {

constexpr std::chrono::milliseconds kLookEvery{200};        // for what is new, where somebody is told
constexpr std::chrono::milliseconds kLookIdlyEvery{1000};
constexpr std::size_t kMostPending = 64U << 10U;  // bytes that are made before a reader takes them

int open_bell() {
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return fd;
}

std::string event_of(const service::Notice& notice) { return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", notice.id, notice.topic, notice.doc); }

/// That what was asked for is not there any more, and from where it goes on.
std::string missed(std::int64_t after, std::int64_t on_from) {
  return fmt::format("id: {}\nevent: missed\ndata: {{\"after\": {}, \"next_after\": {}}}\n\n", on_from, after, on_from);
}

}  // namespace

Result<void> Followers::enter(std::int64_t account, std::size_t most, std::size_t most_each) {
  const std::lock_guard lock(mutex_);
  if (count_ >= most) return fail(Errc::unavailable, fmt::format("{} follow the changes already, and no more may (notices.listeners): try again later.", most));
  std::size_t& of_account = each_[account];
  if (of_account >= most_each)
    return fail(Errc::too_many_requests, fmt::format("This account follows the changes {} times already, and no more may be (notices.listeners_each): close a page or a program that does, or use an account of its own for it.", most_each));
  ++of_account;
  ++count_;
  return {};
}

void Followers::leave(std::int64_t account) {
  const std::lock_guard lock(mutex_);
  --count_;
  if (--each_.at(account) == 0) each_.erase(account);
}

ChangeStreams::ChangeStreams(storage::Pool pool, service::Known& known, Limits limits)
    : known_(known), limits_(limits), tail_(std::move(pool)), bell_(open_bell()), thread_([this] { run(); }) {}

ChangeStreams::~ChangeStreams() {
  stop();
  ::close(bell_);
}

Result<std::shared_ptr<ChangeStream>> ChangeStreams::admit(ChangesAsked asked) {
  const std::int64_t last = last_;
  if (last < 0) return fail(Errc::unavailable, "The server has only begun: try again in a second.");
  const std::int64_t from = asked.after.value_or(last);
  if (const auto entered = followers_.enter(asked.account, limits_.most, limits_.most_each); !entered) return fail(entered.error());
  return std::make_shared<ChangeStream>(std::move(asked), from, followers_);
}

void ChangeStreams::take(ConnectionPtr connection, std::shared_ptr<ChangeStream> stream) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return connection->close();
    const auto now = Clock::now();
    new_.push_back({std::move(connection), std::move(stream), "", 0, now + limits_.heartbeat, now + limits_.patience});
  }
  (void)::eventfd_write(bell_, 1);
}

void ChangeStreams::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  (void)::eventfd_write(bell_, 1);
  if (thread_.joinable()) thread_.join();
}

void ChangeStreams::run() {
  std::vector<pollfd> polled;
  auto look_at = Clock::now();
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) break;
    }
    take_new();
    if (Clock::now() >= look_at) {
      if (tail_.advance()) last_ = tail_.span().last;  // otherwise it is tried again: what waits is not lost
      look_at = Clock::now() + (telling_.empty() ? kLookIdlyEvery : kLookEvery);
    }
    moved_ = false;
    std::erase_if(telling_, [&](Telling& t) { return !proceed(t); });
    polled.assign(1, {bell_, POLLIN, 0});
    for (const Telling& t : telling_)
      if (!t.pending.empty()) polled.push_back({t.connection->fd, POLLOUT, 0});
    const auto wait = moved_ ? std::chrono::milliseconds{0} : std::chrono::duration_cast<std::chrono::milliseconds>(look_at - Clock::now());
    (void)::poll(polled.data(), polled.size(), static_cast<int>(std::clamp(wait, std::chrono::milliseconds{0}, kLookIdlyEvery).count()));
    eventfd_t rings = 0;
    (void)::eventfd_read(bell_, &rings);
  }
  take_new();
  for (const Telling& t : telling_) t.connection->close();
  telling_.clear();
}

void ChangeStreams::take_new() {
  const std::lock_guard lock(mutex_);
  std::ranges::move(new_, std::back_inserter(telling_));
  new_.clear();
}

/// Tells one what there is for it, as far as it takes it now; false when it has come to its end.
bool ChangeStreams::proceed(Telling& t) {
  if (t.connection->left.stop_requested()) {
    t.connection->abort();
    return false;
  }
  if (!t.pending.empty()) return send(t);
  const bool beat = Clock::now() >= t.beat_at;
  if (t.stream->told == tail_.span().last && !beat) return true;
  if (!may_go_on(t)) {
    t.connection->close();
    return false;
  }
  if (who_) fill(t);
  if (t.pending.empty() && beat) t.pending = fmt::format(": {}\nid: {}\n\n", "still here", t.stream->told);
  if (t.pending.empty()) return true;
  t.lost_at = Clock::now() + limits_.patience;
  return send(t);
}

/// Whether its session lives and still has rights, which `who_` then says; nobody, where that cannot be asked just now.
bool ChangeStreams::may_go_on(Telling& t) {
  who_.reset();
  const auto session = known_.authenticate(t.stream->asked.token);
  if (!session) return session.error().code != Errc::unauthenticated;
  Principal who = **session;
  std::erase_if(who.grants, [&](const Grant& g) { return (role_bit(g.role) & t.stream->asked.roles) == 0; });
  if (who.grants.empty()) return false;
  who_ = std::move(who);
  return true;
}

/// Makes what is to be told next.
void ChangeStreams::fill(Telling& t) {
  ChangeStream& s = *t.stream;
  const service::NoticeSpan& span = tail_.span();
  if (s.told < span.kept_after || s.told > span.last) {
    const std::int64_t on_from = std::clamp(s.told, span.kept_after, span.last);
    t.pending = missed(s.told, on_from);
    s.told = on_from;
  }
  const auto told = tail_.visit_after(s.told, [&](const service::Notice& notice) {
    if (t.pending.size() >= kMostPending) return false;
    if (service::wanted(s.asked.filter, notice) && service::may_see(*who_, notice)) t.pending += event_of(notice);
    return true;
  });
  moved_ = moved_ || (told && *told > s.told);
  if (told) s.told = *told;
}

/// Sends what is pending; false when the reader is lost.
bool ChangeStreams::send(Telling& t) {
  const auto now = Clock::now();
  while (t.sent < t.pending.size()) {
    const ssize_t n = ::send(t.connection->fd, t.pending.data() + t.sent, t.pending.size() - t.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) {
      t.sent += static_cast<std::size_t>(n);
      t.lost_at = now + limits_.patience;
    } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && now < t.lost_at) {
      return true;
    } else if (n == 0 || errno != EINTR) {
      t.connection->abort();
      return false;
    }
  }
  t.pending.clear();
  t.sent = 0;
  t.beat_at = now + limits_.heartbeat;
  return true;
}

}  // namespace gridward::http
