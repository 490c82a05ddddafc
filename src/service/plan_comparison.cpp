#include "service/plan_comparison.h"

#include <algorithm>

#include "service/auth.h"
#include "service/figure_rows.h"
#include "service/ground.h"
#include "service/measures.h"
#include "service/plan_access.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::Tx;

/// Links would lead to the records of the map as it is.
FigureRow without_links(FigureRow row) {
  for (auto& [name, figure] : row.figures) figure.records = figure.base_records = "";
  return row;
}

/// The areas above a cell on a map, itself first; none where it is not on it.
std::vector<std::int64_t> way_up(const MapCells::Cells& cells, std::int64_t cell) {
  std::vector<std::int64_t> out;
  if (const auto listed = cells.find(cell); listed != cells.end())
    for (int level = 3; level >= 1; --level)
      if (const std::int64_t at = listed->second.ways.back().at[level]; at != 0) out.push_back(at);
  return out;
}

class Comparing {
 public:
  Comparing(const Principal& who, const Gathering& what, Gathered& before, Gathered& after) : who_(who), what_(what), before_(before), after_(after) {}

  /// The touched cells of the asked level that the caller may see.
  [[nodiscard]] std::vector<ComparedCell> rows() const {
    std::vector<ComparedCell> out;
    for (const std::int64_t cell : after_.foreseen->touched) {
      ComparedCell row;
      if (!is_seen(cell)) continue;
      if (auto made = row_in(before_, cell)) row.before = std::move(*made);
      if (auto made = row_in(after_, cell)) row.after = without_links(std::move(*made));
      if (row.before || row.after) out.push_back(std::move(row));
    }
    return out;
  }

  [[nodiscard]] std::vector<ComparedLoad> loads() const {
    const auto holds_seen = [&](const std::optional<Carrier>& c) { return c && std::ranges::any_of(c->cells, [&](std::int64_t cell) { return is_seen(cell); }); };
    std::vector<ComparedLoad> out;
    for (const ComparedLoad& load : after_.foreseen->loads.people)
      if (holds_seen(load.before) || holds_seen(load.after)) out.push_back(load);
    return out;
  }

 private:
  [[nodiscard]] bool is_seen(std::int64_t cell) const {
    return std::ranges::any_of(std::vector{before_.cells, after_.cells}, [&](const MapCells::Ptr& map) {
      const auto way = way_up(*map, cell);
      return !way.empty() && reaches(who_, what_.district.id, way);
    });
  }

  [[nodiscard]] std::optional<FigureRow> row_in(Gathered& g, std::int64_t cell) const {
    const auto listed = g.cells->find(cell);
    if (listed == g.cells->end() || !is_row(what_, listed->second)) return std::nullopt;
    return make_row(what_, listed->second.cell, g.rows[cell], g.weights, false);
  }

  const Principal& who_;
  const Gathering& what_;
  Gathered &before_, &after_;
};

/// A plan of the caller's area and its state.
Result<std::pair<District, PlanState>> state_of(Tx& tx, const Principal& who, const std::string& id, const Needs& needs) {
  const auto seen = seen_plan(tx, who, id);
  if (!seen) return fail(seen.error());
  auto state = read_plan_state(tx, *seen, id);
  if (state) state->second.recurrences = std::ranges::any_of(needs.kinds, [](const std::string& kind) { return kind == "hazard_followed" || kind == "hazard_recurred"; });
  return state;
}

}  // namespace

Result<PlanComparison> compare_reassignment(storage::Pool& writes, FigureSources& sources, ForeseenPlans& plans, const Principal& who, const std::string& id, FiguresAsked asked) {
  asked.mode = Mode::as_of;
  return sources.reads.read<PlanComparison>([&](Tx& tx) -> Result<PlanComparison> {
    const Needs needs = needs_of(asked.measures);
    const auto state = state_of(tx, who, id, needs);
    if (!state) return fail(state.error());
    const auto& [district, plan] = *state;
    asked.as_of = plan.day;
    const auto ground = district_ground(district, asked);
    if (!ground) return fail(ground.error());
    asked.from = ground->period.window.from;
    asked.to = ground->period.window.to;
    const auto foreseen = plans.find(tx, writes, sources, district, plan);
    if (!foreseen) return fail(foreseen.error());
    const Gathering what{asked, ground->within, district, plan.day};
    const Day day = *parse_day(plan.day);
    Gathered before, after;
    before.cells = sources.cells.find(tx, district, day, day + std::chrono::days{1}, "");
    after.cells = (*foreseen)->plan->cells;
    after.foreseen = foreseen->get();
    if (needs.supervision || needs.network) {
      auto staff = plans.staff(writes, district, plan, to_string(asked.to - std::chrono::days{1}));
      if (!staff) return fail(staff.error());
      after.staff = std::move(*staff);
    }
    Gathered* const views[] = {&before, &after};
    gather(tx, sources, what, views);
    const Comparing comparing(who, what, before, after);
    return PlanComparison{ground->period, plan.day, comparing.rows(), comparing.loads(), *foreseen};
  });
}

}  // namespace gridward::service
