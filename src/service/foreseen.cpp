#include "service/foreseen.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "service/cells.h"
#include "service/kept_read.h"
#include "service/rollback.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::Tx;

constexpr std::size_t kMostBytes = std::size_t{32} << 20, kMostStaffBytes = std::size_t{16} << 20, kStaffBytes = std::size_t{64} << 10, kMostOpenBytes = std::size_t{8} << 20, kOpenBytes = 80;
constexpr Day kEver = std::chrono::year{9999} / 1 / 1;
constexpr std::size_t kMostListed = 1000;  // enterprises
constexpr std::size_t kMostExpected = 16;  // plans

/// What a plan that has just been carried out makes of events.
struct ForeseenEvents {
  std::vector<ReplacedCount> counts;
  std::vector<ReplacedCourse> courses;
  std::map<std::int64_t, std::int64_t> open_moved;  // by leaf, how many open hazards more there are
  std::string effects;
};

void read_replaced(Tx& tx, const std::string& district, const PlanState& plan, ForeseenEvents& out) {
  const auto counts = tx.run(sql::reassignments_replaced_counts, {district, plan.recurrences ? "true" : "false"});
  for (std::size_t i = 0; i < counts.size(); ++i)
    out.counts.push_back({counts.text(i, "kind"), counts.text(i, "source"), counts.text(i, "grade"), static_cast<DayNumber>(counts.integer(i, "day")), counts.integer(i, "leaf_before"),
                          counts.integer(i, "leaf_after"), counts.real(i, "n")});
  const auto courses = tx.run(sql::reassignments_replaced_courses, {district});
  for (std::size_t i = 0; i < courses.size(); ++i)
    out.courses.push_back({static_cast<DayNumber>(courses.integer(i, "found")), courses.null(i, "closed") ? kNever : static_cast<DayNumber>(courses.integer(i, "closed")), courses.integer(i, "leaf_before"),
                           courses.integer(i, "leaf_after"), static_cast<int>(courses.integer(i, "n"))});
  const auto open = tx.run(sql::reassignments_replaced_open, {district, plan.day});
  for (std::size_t i = 0; i < open.size(); ++i) {
    out.open_moved[open.integer(i, "leaf_before")] -= open.integer(i, "n");
    out.open_moved[open.integer(i, "leaf_after")] += open.integer(i, "n");
  }
}

/// The leaf in which an enterprise lies on a day, with what it belongs to on a map; all 0 where it is not active or lies nowhere.
Way way_on(const Enterprise& e, DayNumber day, const MapCells::Cells& cells) {
  const auto standing = standing_of(e, {day, day + 1}, day);
  const auto at = standing ? cells.find(standing->leaf) : cells.end();
  return at == cells.end() ? Way{} : at->second.ways.back();
}

/// A plan on the district that one transaction sees, and what it makes of it in another that is rolled back.
class Foreseeing {
 public:
  Foreseeing(Tx& tx, FigureSources& sources, const District& district, const PlanState& plan)
      : tx_(tx), district_(district), plan_(plan), day_(*parse_day(plan.day)), cells_(sources.cells.find(tx, district, day_, day_ + std::chrono::days{1}, "")),
        roster_(sources.rosters.find(tx, district.id, district.data_version, "")) {}

  /// Carries it out. What becomes of events is found too where it lets them stand elsewhere.
  Result<ForeseenRegister> carry_out(storage::Pool& writes, std::optional<ForeseenEvents>& events) const {
    return rolled_back<ForeseenRegister>(writes, [&](Tx& tx) -> Result<ForeseenRegister> {
      tx.run(sql::reassignments_foresee, {plan_.id});
      ForeseenRegister out = read_foreseen_register(tx, district_, plan_.id, day_, tx.run(sql::reassignments_carry, {plan_.id}).text(0, "problems"));
      if (out.places_events) {
        tx.run(sql::reassignments_place, {plan_.id});
        events.emplace();
        read_replaced(tx, std::to_string(district_.id), plan_, *events);
        events->effects = tx.run(sql::reassignments_effects_placed, {plan_.id, out.effects}).text(0, "doc");
      }
      return out;
    });
  }

  [[nodiscard]] OpenHazards read_open() const { return read_open_hazards(tx_, district_.id, plan_.day, day_ + std::chrono::days{1}, kEver); }

  /// What a plan makes of the district; of its events as carrying it out told, or, where none was needed for that, as it leaves each in its cell.
  [[nodiscard]] Foreseen reckon(const ForeseenRegisterPtr& plan, std::optional<ForeseenEvents> placed, const OpenHazards& open) const {
    ForeseenEvents events = placed ? std::move(*placed) : read_handed(*plan, open.later);
    Foreseen out;
    out.plan = plan;
    out.changed = plan->changed;
    out.touched = find_touched(*plan);
    find_affected(*plan, out);
    out.counts = std::move(events.counts);
    out.courses = std::move(events.courses);
    out.effects = std::move(events.effects);
    for (auto& [cell, e] : out.changed) {
      const Enterprise& known = *roster_->find(cell);  // a plan makes no enterprise
      e.exemptions = known.exemptions;
      e.visits = known.visits;
    }
    LoadGround before{cells_, roster_.get(), nullptr, open.before, read_posts(tx_, district_.id, day_)};
    LoadGround after{plan->cells, roster_.get(), &out.changed, before.open_hazards, plan->held};
    for (const auto& [leaf, n] : events.open_moved) after.open_hazards[leaf] += n;
    out.loads = compare_loads(before, after, read_minutes(tx_, district_.id, plan_.day), plan_.day);
    return out;
  }

 private:
  /// Open hazards change hands with the cells that belong to another town then, or that begin or end.
  [[nodiscard]] ForeseenEvents read_handed(const ForeseenRegister& plan, const std::map<std::int64_t, std::int64_t>& open) const {
    const auto turned = find_turned(plan);
    std::int64_t handed = 0;
    for (const std::int64_t leaf : turned)
      if (const auto there = open.find(leaf); there != open.end()) handed += there->second;
    ForeseenEvents out;
    out.effects = tx_.run(sql::reassignments_effects_handed, {plan_.id, fmt::format("{{{}}}", fmt::join(turned, ",")), std::to_string(handed), plan.effects}).text(0, "doc");
    return out;
  }

  [[nodiscard]] const Enterprise& after(const ForeseenRegister& plan, const Enterprise& e) const {
    const auto changed = plan.changed.find(e.cell);
    return changed == plan.changed.end() ? e : changed->second;
  }

  [[nodiscard]] std::vector<std::int64_t> find_touched(const ForeseenRegister& plan) const {
    std::set<std::int64_t> touched;
    const auto add = [&](const Way& way) {
      for (const std::int64_t cell : way.at)
        if (cell != 0) touched.insert(cell);
    };
    for (const std::int64_t cell : plan.named) {
      if (const Enterprise* e = roster_->find(cell)) {
        add(way_on(*e, number_of(day_), *cells_));
        add(way_on(after(plan, *e), number_of(day_), *plan.cells));
        continue;
      }
      for (const MapCells::Ptr& map : {cells_, plan.cells})
        if (const auto listed = map->find(cell); listed != map->end()) add(listed->second.ways.back());
    }
    return {touched.begin(), touched.end()};
  }

  [[nodiscard]] std::vector<std::int64_t> find_turned(const ForeseenRegister& plan) const {
    std::set<std::int64_t> turned;
    const auto town = [](const MapCells::Cells& cells, std::int64_t cell) { const auto listed = cells.find(cell); return listed == cells.end() ? -1 : listed->second.ways.back().at[2]; };
    for (const MapCells::Ptr& map : {cells_, plan.cells})
      for (const auto& [cell, listed] : *map)
        if (town(*cells_, cell) != town(*plan.cells, cell)) turned.insert(cell);
    return {turned.begin(), turned.end()};
  }

  void find_affected(const ForeseenRegister& plan, Foreseen& out) const {
    for (const Enterprise& e : roster_->enterprises) {
      const Way was = way_on(e, number_of(day_), *cells_), will_be = way_on(after(plan, e), number_of(day_), *plan.cells);
      if (was.at[3] == will_be.at[3] && was.at[2] == will_be.at[2]) continue;
      ++out.affected_enterprises;
      if (out.affected.size() < kMostListed) out.affected.push_back(e.cell);
    }
  }

  Tx& tx_;
  const District& district_;
  const PlanState& plan_;
  const Day day_;
  const MapCells::Ptr cells_;
  const RosterPtr roster_;
};

}  // namespace

std::size_t Foreseen::bytes() const {
  return sizeof *this + bytes_of(changed) + (touched.size() + affected.size()) * sizeof(std::int64_t) + counts.size() * sizeof(ReplacedCount) + courses.size() * sizeof(ReplacedCourse) + effects.size() + loads.people.size() * sizeof(ComparedLoad);
}

Result<std::pair<District, PlanState>> read_plan_state(Tx& tx, std::int64_t district, const std::string& id) {
  const auto known = district_of(tx, district);
  if (!known) return fail(known.error());
  const auto state = tx.run(sql::reassignments_state, {id});
  const std::int64_t version = tx.run(sql::roster_state, {std::to_string(district)}).integer(0, "register");
  return std::pair(*known, PlanState{id, state.text(0, "day"), state.text(0, "key"), version, false});
}

Result<std::optional<ForeseenDraft>> foresee_draft(Tx& tx, std::int64_t district, const std::string& id, bool compared) {
  const auto before = read_plan_state(tx, district, id);
  if (!before) return fail(before.error());
  const auto& [known, state] = *before;
  std::optional<ForeseenDraft> out;
  tx.script("savepoint drafted");
  tx.run(sql::reassignments_foresee, {id});
  const auto carried = tx.run(sql::reassignments_carry, {id});
  if (compared) out.emplace(district, state, read_foreseen_register(tx, known, id, *parse_day(state.day), carried.text(0, "problems")));
  tx.script("rollback to savepoint drafted");
  tx.run(sql::reassignments_drafted, {id, carried.text(0, "was"), carried.text(0, "problems")});
  const auto after = read_plan_state(tx, district, id);
  if (!after) return fail(after.error());
  if (after->second.register_version != state.register_version || after->second.key != state.key) out.reset();  // others changed it meanwhile
  return out;
}

ForeseenPlans::ForeseenPlans()
    : registers_(kMostBytes, [](const ForeseenRegister& r) { return bytes_of(r); }), kept_(kMostBytes, [](const Foreseen& f) { return f.bytes(); }), staff_(kMostStaffBytes, [](const Staff&) { return kStaffBytes; }),
      open_(kMostOpenBytes, [](const OpenHazards& open) { return (open.before.size() + open.later.size()) * kOpenBytes; }) {}

Result<ForeseenPtr> ForeseenPlans::find(Tx& tx, storage::Pool& writes, FigureSources& sources, const District& district, const PlanState& plan) {
  return find_or_make<Foreseen>(kept_, {district.id, district.data_version, plan.key + (plan.recurrences ? " r" : "")}, [&]() -> Result<Foreseen> {
    const Foreseeing foreseeing(tx, sources, district, plan);
    std::optional<ForeseenEvents> events;
    const auto made = find_or_make<ForeseenRegister>(registers_, {district.id, plan.register_version, plan.key}, [&] { return foreseeing.carry_out(writes, events); });
    if (!made) return fail(made.error());
    if ((*made)->places_events && !events)  // what was kept knows nothing of them
      if (const auto again = foreseeing.carry_out(writes, events); !again) return fail(again.error());
    const auto open = open_.find({district.id, district.data_version, plan.day}, [&] { return std::make_shared<const OpenHazards>(foreseeing.read_open()); });
    return foreseeing.reckon(*made, std::move(events), *open);
  });
}

Result<std::shared_ptr<const Staff>> ForeseenPlans::staff(storage::Pool& writes, const District& district, const PlanState& plan, const std::string& day) {
  return find_or_make<Staff>(staff_, {district.id, plan.register_version, plan.key + " " + day}, [&] {
    return rolled_back<Staff>(writes, [&](Tx& tx) -> Result<Staff> {
      tx.run(sql::reassignments_foresee, {plan.id});
      tx.run(sql::reassignments_carry, {plan.id});
      return Staff(tx, district.id, day, "");
    });
  });
}

void ForeseenPlans::keep(ForeseenDraft draft) {
  (void)registers_.find({draft.district, draft.state.register_version, draft.state.key}, [&] { return std::make_shared<const ForeseenRegister>(std::move(draft.foreseen)); });
}

void ForeseenPlans::expect(const std::string& plan) {
  const std::lock_guard lock(mutex_);
  std::erase(expected_, plan);
  expected_.push_back(plan);
  if (expected_.size() > kMostExpected) expected_.pop_front();
  wake_.notify_one();
}

std::optional<std::string> ForeseenPlans::next_expected(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!wake_.wait(lock, stop, [&] { return !expected_.empty(); })) return std::nullopt;
  std::string plan = std::move(expected_.back());  // who drafts now asks next
  expected_.pop_back();
  return plan;
}

void ForeseenPlans::prepare(storage::Pool& writes, FigureSources& sources, const std::stop_token& stop) {
  while (const auto id = next_expected(stop)) {
    const auto begun = std::chrono::steady_clock::now();
    // One that cannot be foreseen now is when it is asked for, and then told why.
    (void)sources.reads.read<int>([&](Tx& tx) -> Result<int> {
      const auto found = tx.run(sql::reassignments_find, {*id, storage::Param{}});
      if (found.size() == 0) return 0;
      const auto state = read_plan_state(tx, found.integer(0, "district_id"), *id);
      if (state) (void)find(tx, writes, sources, state->first, state->second);
      return 0;
    });
    const auto took = std::chrono::steady_clock::now() - begun;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, 2 * took, [] { return false; });
  }
}

}  // namespace gridward::service
