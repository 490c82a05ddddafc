#include "service/foreseen.h"

#include <algorithm>
#include <set>

#include "service/kept_read.h"
#include "service/rollback.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::Tx;

constexpr std::size_t kMostBytes = std::size_t{64} << 20, kMostStaffBytes = std::size_t{16} << 20, kStaffBytes = std::size_t{64} << 10;
constexpr std::size_t kMostListed = 1000;  // enterprises

void read_replaced(Tx& tx, const std::string& district, bool recurrences, Foreseen& out) {
  const auto counts = tx.run(sql::reassignments_replaced_counts, {district, recurrences ? "true" : "false"});
  for (std::size_t i = 0; i < counts.size(); ++i)
    out.counts.push_back({counts.text(i, "kind"), counts.text(i, "source"), counts.text(i, "grade"), static_cast<DayNumber>(counts.integer(i, "day")), counts.integer(i, "leaf_before"),
                          counts.integer(i, "leaf_after"), counts.real(i, "n")});
  const auto courses = tx.run(sql::reassignments_replaced_courses, {district});
  for (std::size_t i = 0; i < courses.size(); ++i)
    out.courses.push_back({static_cast<DayNumber>(courses.integer(i, "found")), courses.null(i, "closed") ? kNever : static_cast<DayNumber>(courses.integer(i, "closed")), courses.integer(i, "leaf_before"),
                           courses.integer(i, "leaf_after"), static_cast<int>(courses.integer(i, "n"))});
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
      : district_(district), plan_(plan), day_(*parse_day(plan.day)), cells_(sources.cells.find(tx, district, day_, day_ + std::chrono::days{1}, "")),
        roster_(sources.rosters.find(tx, district.id, district.data_version, "")), minutes_(read_minutes(tx, district.id, plan.day)) {
    before_ = {cells_, roster_.get(), nullptr, read_open_hazards(tx, district.id, plan.day), read_posts(tx)};
  }

  Result<Foreseen> carry_out(storage::Pool& writes) {
    return rolled_back<Foreseen>(writes, [this](Tx& tx) -> Result<Foreseen> {
      Foreseen out;
      tx.run(sql::reassignments_foresee, {plan_.id});
      out.problems = tx.run(sql::reassignments_carry, {plan_.id}).text(0, "problems");
      tx.run(sql::reassignments_places, {plan_.id});
      MapCells own;  // what is kept for others must not be made of what is rolled back
      out.cells = own.find(tx, district_, day_, day_ + std::chrono::days{1}, "");
      const auto named = read_named(tx);
      read_changed(tx, named, out);
      read_replaced(tx, std::to_string(district_.id), plan_.recurrences, out);
      out.effects = tx.run(sql::reassignments_effects, {plan_.id}).text(0, "doc");
      find_touched(named, out);
      find_affected(out);
      reckon(tx, out);
      return out;
    });
  }

 private:
  HeldPosts read_posts(Tx& tx) const {
    return read_held(tx, district_.id, plan_.day, [](std::int64_t, const std::string&) { return true; });
  }

  std::vector<std::int64_t> read_named(Tx& tx) const {
    const auto rows = tx.run(sql::reassignments_cells, {plan_.id});
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < rows.size(); ++i) out.push_back(rows.integer(i, "cell_id"));
    return out;
  }

  void read_changed(Tx& tx, const std::vector<std::int64_t>& named, Foreseen& out) const {
    std::vector<std::int64_t> enterprises;
    for (const std::int64_t cell : named)
      if (roster_->find(cell) != nullptr) enterprises.push_back(cell);
    for (Enterprise& said : read_enterprises(tx, district_.id, enterprises)) {
      const Enterprise& known = *roster_->find(said.cell);  // a plan makes no enterprise
      said.exemptions = known.exemptions;
      said.visits = known.visits;
      out.changed.emplace(said.cell, std::move(said));
    }
  }

  void find_touched(const std::vector<std::int64_t>& named, Foreseen& out) const {
    std::set<std::int64_t> touched;
    const auto add = [&](const Way& way) {
      for (const std::int64_t cell : way.at)
        if (cell != 0) touched.insert(cell);
    };
    for (const std::int64_t cell : named) {
      if (const Enterprise* e = roster_->find(cell)) {
        const Enterprise* changed = out.find(cell);
        add(way_on(*e, number_of(day_), *cells_));
        add(way_on(changed == nullptr ? *e : *changed, number_of(day_), *out.cells));
        continue;
      }
      for (const MapCells::Ptr& map : {cells_, out.cells})
        if (const auto listed = map->find(cell); listed != map->end()) add(listed->second.ways.back());
    }
    out.touched.assign(touched.begin(), touched.end());
  }

  void find_affected(Foreseen& out) const {
    for (const Enterprise& e : roster_->enterprises) {
      const Enterprise* changed = out.find(e.cell);
      const Way before = way_on(e, number_of(day_), *cells_), after = way_on(changed == nullptr ? e : *changed, number_of(day_), *out.cells);
      if (before.at[3] == after.at[3] && before.at[2] == after.at[2]) continue;
      ++out.affected_enterprises;
      if (out.affected.size() < kMostListed) out.affected.push_back(e.cell);
    }
  }

  void reckon(Tx& tx, Foreseen& out) const {
    LoadGround after{out.cells, roster_.get(), &out.changed, before_.open_hazards, read_posts(tx)};
    const auto moved = tx.run(sql::reassignments_replaced_open, {std::to_string(district_.id), plan_.day});
    for (std::size_t i = 0; i < moved.size(); ++i) {
      after.open_hazards[moved.integer(i, "leaf_before")] -= moved.integer(i, "n");
      after.open_hazards[moved.integer(i, "leaf_after")] += moved.integer(i, "n");
    }
    out.loads = compare_loads(before_, after, minutes_, plan_.day);
  }

  const District& district_;
  const PlanState& plan_;
  const Day day_;
  const MapCells::Ptr cells_;
  const RosterPtr roster_;
  const WorkMinutes minutes_;
  LoadGround before_;
};

}  // namespace

std::size_t Foreseen::bytes() const {
  std::size_t sum = sizeof *this + cells->size() * (sizeof(MapCells::Cells::value_type) + 120) + counts.size() * sizeof(ReplacedCount) + courses.size() * sizeof(ReplacedCourse) + problems.size() + effects.size();
  for (const auto& [cell, e] : changed) sum += sizeof e + (e.visits[0].size() + e.visits[1].size()) * sizeof(DayNumber) + 256;
  return sum + loads.people.size() * sizeof(ComparedLoad) + (touched.size() + affected.size()) * sizeof(std::int64_t);
}

ForeseenPlans::ForeseenPlans() : kept_(kMostBytes, [](const Foreseen& f) { return f.bytes(); }), staff_(kMostStaffBytes, [](const Staff&) { return kStaffBytes; }) {}

Result<ForeseenPtr> ForeseenPlans::find(Tx& tx, storage::Pool& writes, FigureSources& sources, const District& district, const PlanState& plan) {
  return find_or_make<Foreseen>(kept_, {district.id, district.data_version, plan.key + (plan.recurrences ? " r" : "")}, [&] { return Foreseeing(tx, sources, district, plan).carry_out(writes); });
}

Result<std::shared_ptr<const Staff>> ForeseenPlans::staff(storage::Pool& writes, const District& district, const PlanState& plan, const std::string& day) {
  return find_or_make<Staff>(staff_, {district.id, district.data_version, plan.key + " " + day}, [&] {
    return rolled_back<Staff>(writes, [&](Tx& tx) -> Result<Staff> {
      tx.run(sql::reassignments_foresee, {plan.id});
      tx.run(sql::reassignments_carry, {plan.id});
      return Staff(tx, district.id, day, "");
    });
  });
}

}  // namespace gridward::service
