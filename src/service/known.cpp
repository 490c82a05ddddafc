#include "service/known.h"

#include "service/auth.h"
#include "service/cells.h"

namespace gridward::service {
namespace {

constexpr std::chrono::seconds kKept{1};
constexpr std::size_t kMostSessions = 10000;

}  // namespace

Known::Known(storage::Pool& pool, const std::string& url) : pool_(pool), listener_(url, "gridward_version", [this] { forget(); }) {}

void Known::forget() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  districts_.reset();
  sessions_.clear();
}

Result<std::shared_ptr<const std::vector<District>>> Known::districts() {
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    if (districts_ && Clock::now() < districts_until_) return districts_;
    generation = generation_;
  }
  auto read = service::districts(pool_);
  if (!read) return fail(read.error());
  auto shared = std::make_shared<const std::vector<District>>(std::move(*read));
  const std::lock_guard lock(mutex_);
  if (generation == generation_ && listener_.listening()) {
    districts_ = shared;
    districts_until_ = Clock::now() + kKept;
  }
  return shared;
}

Result<Principal> Known::authenticate(const Secret& token) {
  const std::string hash = token_hash(token);
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(hash);
    if (found != sessions_.end() && Clock::now() < found->second.until) return found->second.who;
    generation = generation_;
  }
  auto who = service::authenticate(pool_, token);
  if (!who) return who;
  const std::lock_guard lock(mutex_);
  if (generation == generation_ && listener_.listening()) {
    if (sessions_.size() >= kMostSessions) sessions_.clear();
    sessions_[hash] = {*who, Clock::now() + kKept};
  }
  return who;
}

}  // namespace gridward::service
