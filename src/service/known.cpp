#include "service/known.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "service/auth.h"
#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::chrono::seconds kKept{1};
constexpr std::size_t kMostSessions = 10000, kMostPlaces = 1'000'000;

std::string digest(const std::vector<District>& districts) {
  std::string text;
  for (const District& d : districts) text += fmt::format("{} {} {} {}\n", d.id, d.map_version, d.data_version, d.today);
  return seal("", text);
}

}  // namespace

Known::Known(storage::Pool& pool, const std::string& url, Observer observer)
    : pool_(pool), observer_(std::move(observer)), listener_(url, "gridward_version", [this](storage::Listener::Heard what) { heard(what); }) {}

void Known::heard(storage::Listener::Heard what) {
  drop();
  if (what == storage::Listener::Heard::notification) return tell(observer_, seen::VersionHeard{});
  const bool hears = what == storage::Listener::Heard::beginning;
  if (std::exchange(heard_, hears) != hears) tell(observer_, seen::HearingChanged{hears});
}

void Known::forget() {
  drop();
  listener_.tell();
}

void Known::drop() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  versions_ = {};
  sessions_.clear();
}

Known::Recalled Known::recall(const Secret& token) {
  const std::string hash = token_hash(token);
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(hash);
  return {found == sessions_.end() ? nullptr : found->second.get(), versions_.get()};
}

/// The districts; the outlines of those whose maps have changed are read too, in the same transaction.
Result<Known::State> Known::read_state() {
  Versions before;
  {
    const std::lock_guard lock(mutex_);
    before = latest_;
  }
  return pool_.read<State>([&](storage::Tx& tx) -> Result<State> {
    State state{read_districts(tx), {}, {}, read_imported_basemap(tx)};
    for (const District& d : state.districts) {
      std::shared_ptr<const Outline> outline;
      for (std::size_t i = 0; before && i < before->districts.size(); ++i)
        if (before->districts[i].id == d.id && before->districts[i].map_version == d.map_version) outline = before->outlines[i];
      state.outlines.push_back(outline ? outline : std::make_shared<const Outline>(read_outline(tx, d.id)));
    }
    state.digest = digest(state.districts);
    return state;
  });
}

Result<Known::Versions> Known::versions() {
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    if (auto kept = versions_.get()) return kept;
    generation = generation_;
  }
  auto state = read_state();
  if (!state) return fail(state.error());
  auto read = std::make_shared<const State>(std::move(*state));
  const std::lock_guard lock(mutex_);
  latest_ = read;
  if (generation == generation_ && listener_.listening()) versions_ = {read, Clock::now() + kKept};
  return read;
}

Result<std::shared_ptr<const std::vector<District>>> Known::districts() {
  const auto state = versions();
  if (!state) return fail(state.error());
  return std::shared_ptr<const std::vector<District>>(*state, &(*state)->districts);
}

Known::Places Known::recall_districts(const std::set<std::int64_t>& cells) {
  Places out;
  const std::lock_guard lock(mutex_);
  for (const std::int64_t cell : cells)
    if (const auto found = places_.find(cell); found != places_.end()) out.insert(*found);
  return out;
}

Result<Known::Places> Known::districts_of(const std::set<std::int64_t>& cells) {
  if (Places known = recall_districts(cells); known.size() == cells.size()) return known;
  return pool_.read<Places>([&](storage::Tx& tx) -> Result<Places> {
    const auto rows = tx.run(sql::cells_districts, {fmt::format("{{{}}}", fmt::join(cells, ","))});
    Places out;
    for (std::size_t i = 0; i < rows.size(); ++i) out.emplace(rows.integer(i, "id"), rows.integer(i, "district_id"));
    const std::lock_guard lock(mutex_);
    if (places_.size() >= kMostPlaces) places_.clear();
    places_.insert(out.begin(), out.end());
    return out;
  });
}

Result<Known::Session> Known::authenticate(const Secret& token) {
  const std::string hash = token_hash(token);
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = sessions_.find(hash); found != sessions_.end())
      if (auto kept = found->second.get()) return kept;
    generation = generation_;
  }
  auto who = service::authenticate(pool_, token);
  if (!who) return fail(who.error());
  auto session = std::make_shared<const Principal>(std::move(*who));
  const std::lock_guard lock(mutex_);
  if (generation == generation_ && listener_.listening()) {
    if (sessions_.size() >= kMostSessions) sessions_.clear();
    sessions_[hash] = {session, Clock::now() + kKept};
  }
  return session;
}

}  // namespace gridward::service
