#include "service/snapshots.h"

#include <algorithm>
#include <limits>

#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;

}  // namespace

SnapshotPtr read_snapshot(storage::Tx& tx, std::int64_t district, const std::string& day) {
  const auto rows = tx.run(sql::shapes_list, {std::to_string(district), day});
  std::vector<map::Shape> shapes;
  for (std::size_t i = 0; i < rows.size(); ++i)
    shapes.push_back({rows.integer(i, "cell_id"), static_cast<int>(rows.integer(i, "level")), rows.text(i, "code"), rows.bytes(i, "wkb")});
  return std::make_shared<const map::Snapshot>(shapes);
}

/// Lets go of what was used longest ago; whoever still uses it keeps it alive.
void Snapshots::keep_within_bounds() {
  std::size_t bytes = 0;
  for (const auto& [key, entry] : kept_) bytes += entry.bytes;
  while (bytes > kMostBytes) {
    const auto oldest = std::ranges::min_element(kept_, {}, [](const auto& e) { return e.second.bytes == 0 ? std::numeric_limits<std::uint64_t>::max() : e.second.used; });
    bytes -= oldest->second.bytes;
    kept_.erase(oldest);
  }
}

SnapshotPtr Snapshots::find(storage::Tx& tx, const Key& key) {
  std::promise<SnapshotPtr> promise;
  {
    std::unique_lock lock(mutex_);
    const auto kept = kept_.find(key);
    if (kept != kept_.end()) {
      kept->second.used = ++uses_;
      const auto theirs = kept->second.snapshot;
      lock.unlock();
      return theirs.get();
    }
    std::erase_if(kept_, [&](const auto& old) { return old.first.district == key.district && old.first.map_version < key.map_version; });
    kept_[key] = {promise.get_future().share(), 0, ++uses_};
  }
  try {
    auto made = read_snapshot(tx, key.district, key.since);
    promise.set_value(made);
    const std::lock_guard lock(mutex_);
    if (const auto kept = kept_.find(key); kept != kept_.end()) kept->second.bytes = made->bytes();
    keep_within_bounds();
    return made;
  } catch (...) {
    promise.set_exception(std::current_exception());
    const std::lock_guard lock(mutex_);
    kept_.erase(key);
    throw;
  }
}

Placer::Placer(storage::Tx& tx, std::int64_t district) : tx_(tx), district_(district) {
  const auto rows = tx.run(sql::shapes_epochs, {std::to_string(district)});
  for (std::size_t i = 0; i < rows.size(); ++i) by_epoch_.emplace(rows.text(i, "day"), nullptr);
}

std::int64_t Placer::cell_at(const std::string& day, map::Point point) {
  const auto epoch = by_epoch_.lower_bound(day);  // of the days up to this one the last
  if (epoch == by_epoch_.end()) return 0;
  if (!epoch->second) epoch->second = read_snapshot(tx_, district_, epoch->first);
  return epoch->second->cell_at(point);
}

}  // namespace gridward::service
