#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace gridward::service {

/// What a district was at a version: on a day, or as known at an instant.
struct KeptKey {
  std::int64_t district = 0;
  std::int64_t version = 0;
  std::string when;
  auto operator<=>(const KeptKey&) const = default;
};

/// How much a Kept holds of what it may, and how often what was asked for was there, or had to be made.
struct KeptState {
  std::size_t entries = 0, bytes = 0, most_bytes = 0;
  std::uint64_t hits = 0, misses = 0;
};

/// Things that are made from the database and used by many requests, kept by version: nothing in it is ever stale. Each is made once,
/// however many ask at the same time; what was used longest ago goes when there is too much.
template <class Value>
class Kept {
 public:
  using Ptr = std::shared_ptr<const Value>;  // shared with the requests that use it
  Kept(std::size_t most_bytes, std::function<std::size_t(const Value&)> weigh) : most_bytes_(most_bytes), weigh_(std::move(weigh)) {}

  /// What is kept now, and how often it was.
  KeptState state() {
    const std::lock_guard lock(mutex_);
    KeptState out{entries_.size(), 0, most_bytes_, hits_, misses_};
    for (const auto& [key, entry] : entries_) out.bytes += entry.bytes;
    return out;
  }
  std::size_t bytes() { return state().bytes; }

  Ptr find(const KeptKey& key, const std::function<Ptr()>& make) {
    std::promise<Ptr> promise;
    {
      std::unique_lock lock(mutex_);
      if (const auto kept = entries_.find(key); kept != entries_.end()) {
        kept->second.used = ++uses_;
        ++hits_;
        const auto theirs = kept->second.value;
        lock.unlock();
        try {
          return theirs.get();
        } catch (const std::exception&) {  // they failed, or their client left: that must not be the end of ours
        }
        return find(key, make);
      }
      // Versions that have passed are asked for no more.
      std::erase_if(entries_, [&](const auto& old) { return old.first.district == key.district && old.first.version < key.version; });
      ++misses_;
      entries_[key] = {promise.get_future().share(), 0, ++uses_};
    }
    try {
      Ptr made = make();
      promise.set_value(made);
      const std::lock_guard lock(mutex_);
      if (const auto kept = entries_.find(key); kept != entries_.end()) kept->second.bytes = std::max<std::size_t>(1, weigh_(*made));
      keep_within_bounds();
      return made;
    } catch (...) {
      {
        const std::lock_guard lock(mutex_);
        entries_.erase(key);
      }
      promise.set_exception(std::current_exception());
      throw;
    }
  }

 private:
  struct Entry {
    std::shared_future<Ptr> value;
    std::size_t bytes = 0;  // 0 while it is made
    std::uint64_t used = 0;
  };

  /// Lets go of what was used longest ago; whoever still uses it keeps it alive.
  void keep_within_bounds() {
    std::size_t bytes = 0;
    for (const auto& [key, entry] : entries_) bytes += entry.bytes;
    while (bytes > most_bytes_) {
      const auto oldest = std::ranges::min_element(entries_, {}, [](const auto& e) { return e.second.bytes == 0 ? std::numeric_limits<std::uint64_t>::max() : e.second.used; });
      bytes -= oldest->second.bytes;
      entries_.erase(oldest);
    }
  }

  const std::size_t most_bytes_;
  const std::function<std::size_t(const Value&)> weigh_;
  std::mutex mutex_;
  std::map<KeptKey, Entry> entries_;
  std::uint64_t uses_ = 0, hits_ = 0, misses_ = 0;
};

}  // namespace gridward::service
