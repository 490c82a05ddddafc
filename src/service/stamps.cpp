#include "service/stamps.h"

#include <algorithm>
#include <utility>

#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::size_t kMostMaps = 16;
constexpr std::chrono::seconds kPause{5};

}  // namespace

Stamps::KnownPtr Stamps::known(std::int64_t district, const std::string& day) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(known_, [&](const KnownPtr& k) { return k->district == district && k->since <= day && (k->until.empty() || day < k->until); });
  return found == known_.end() ? nullptr : *found;
}

Stamps::KnownPtr Stamps::read(storage::Pool& pool, std::int64_t district, const std::string& day) {
  const auto read = pool.read<KnownPtr>([&](storage::Tx& tx) -> Result<KnownPtr> {
    const std::string id = std::to_string(district);
    const auto span = tx.run(sql::shapes_span, {id, day});
    if (span.null(0, "since")) return KnownPtr{};
    Known made{district, span.integer(0, "map_version"), span.text(0, "since"), span.null(0, "until") ? "" : span.text(0, "until"), nullptr, {}};
    made.snapshot = snapshots_.find(tx, {district, made.map_version, made.since});
    const auto rows = tx.run(sql::shapes_chains, {id, made.since});
    for (std::size_t i = 0; i < rows.size(); ++i) made.chains.emplace(rows.integer(i, "leaf"), rows.integer(i, "chain_id"));
    return std::make_shared<const Known>(std::move(made));
  });
  if (!read || !*read) return nullptr;
  const std::lock_guard lock(mutex_);
  known_.push_front(*read);
  if (known_.size() > kMostMaps) known_.pop_back();
  return *read;
}

std::optional<Stamp> Stamps::find(storage::Pool& pool, std::int64_t district, const EventPlace& place) {
  auto map = known(district, place.day);
  if (!map) {
    {
      const std::lock_guard lock(mutex_);
      if (Clock::now() < again_) return std::nullopt;
      again_ = Clock::now() + kPause;
    }
    map = read(pool, district, place.day);
  }
  if (!map) return std::nullopt;
  const std::int64_t leaf = map->snapshot->cell_at(place.point);
  if (leaf == 0) return std::nullopt;
  const auto chain = map->chains.find(leaf);
  return Stamp{map->map_version, leaf, chain == map->chains.end() ? 0 : chain->second};
}

void Stamps::forget(std::int64_t district) {
  const std::lock_guard lock(mutex_);
  std::erase_if(known_, [&](const KnownPtr& k) { return k->district == district; });
}

}  // namespace gridward::service
