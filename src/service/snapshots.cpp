#include "service/snapshots.h"

#include <chrono>
#include <utility>

#include "sql.gen.h"

namespace gridward::service {

std::vector<map::Shape> read_shapes(storage::Tx& tx, std::int64_t district, const std::string& day) {
  const auto rows = tx.run(sql::shapes_list, {std::to_string(district), day});
  std::vector<map::Shape> shapes;
  for (std::size_t i = 0; i < rows.size(); ++i)
    shapes.push_back({rows.integer(i, "cell_id"), static_cast<int>(rows.integer(i, "level")), rows.text(i, "code"), rows.bytes(i, "wkb")});
  return shapes;
}

SnapshotPtr read_snapshot(storage::Tx& tx, std::int64_t district, const std::string& day) { return std::make_shared<const map::Snapshot>(read_shapes(tx, district, day)); }

Snapshots::Snapshots(std::size_t most, Observer observer) : observer_(std::move(observer)), kept_(most, [](const map::Snapshot& s) { return s.bytes(); }) {}

SnapshotPtr Snapshots::find(storage::Tx& tx, const KeptKey& key) {
  return kept_.find(key, [&] {
    const auto began = std::chrono::steady_clock::now();
    auto made = read_snapshot(tx, key.district, key.when);
    tell(observer_, seen::MapRead{key.district, made->bytes(), std::chrono::steady_clock::now() - began});
    return made;
  });
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
