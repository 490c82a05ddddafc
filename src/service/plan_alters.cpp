#include "service/plan_alters.h"

#include <map>

#include "service/plan_access.h"
#include "service/rollback.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::Tx;

constexpr std::size_t kMostTold = 1000;

/// A signed assessment that a plan can reach.
struct Reached {
  AssessmentPeriod period;
  std::string document;
  bool seen = false;
  std::vector<PeriodFigure> as_signed;
};

Result<std::vector<Reached>> find_reached(Tx& tx, const Principal& who, const std::string& id) {
  const auto district = seen_plan(tx, who, id);
  if (!district) return fail(district.error());
  const auto rows = tx.run(sql::assessments_altered_by, {id});
  std::vector<Reached> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Reached reached{read_period(tx, rows.text(i, "id")), rows.text(i, "doc"), tx.run(sql::assessments_find, {rows.text(i, "id"), areas_of(who, *district)}).boolean(0, "seen"), {}};
    reached.as_signed = read_signed(tx, reached.period);
    out.push_back(std::move(reached));
  }
  return out;
}

using Counted = std::vector<PeriodFigure>;

/// The figures of each as this transaction knows them; a period that cannot be counted any more has none. By the versions of an instant, so that nothing that is kept
/// for others is asked, or made of what is rolled back.
Result<std::vector<Counted>> count_all(Tx& tx, FigureSources& sources, const std::vector<Reached>& all) {
  const std::string now = tx.run(sql::assessments_clock).text(0, "now");
  std::vector<Counted> out;
  for (const Reached& reached : all) {
    auto counted = count_period(tx, sources, reached.period, now);
    if (!counted && counted.error().code != Errc::not_found && counted.error().code != Errc::rule_violated) return fail(counted.error());
    out.push_back(counted ? std::move(*counted) : Counted{});
  }
  return out;
}

struct BothSides {
  std::vector<Counted> before, after;
};

Result<BothSides> carry_out(Tx& tx, const FigureSources& sources, const std::string& id, const std::vector<Reached>& all) {
  tx.script("set transaction isolation level repeatable read");  // what others record meanwhile is no doing of the plan
  tx.script("set local statement_timeout = 0");
  MapCells cells;
  Rosters rosters;
  FigureSources own{sources.reads, cells, rosters, sources.neighbours, sources.courses};
  tx.run(sql::reassignments_foresee, {id});
  tx.run(sql::assessments_settle_plan, {id});
  auto before = count_all(tx, own, all);
  if (!before) return fail(before.error());
  tx.run(sql::reassignments_carry, {id});
  tx.run(sql::assessments_settle_plan, {id});
  auto after = count_all(tx, own, all);
  if (!after) return fail(after.error());
  return BothSides{std::move(*before), std::move(*after)};
}

std::optional<Figure> figure_of(const PeriodFigure* f) { return f == nullptr ? std::nullopt : std::optional(f->figure); }

AlteredAssessment altered_by(const Reached& reached, const Counted& before, const Counted& after) {
  AlteredAssessment out{reached.document, 0, {}};
  std::map<const PeriodFigure*, const PeriodFigure*> as_signed;  // by that before
  for (const FigurePair& pair : pair_figures(before, reached.as_signed))
    if (pair.one != nullptr) as_signed[pair.one] = pair.two;
  for (const FigurePair& pair : pair_figures(before, after)) {
    if (!pair.differs()) continue;
    ++out.count;
    if (out.figures.size() < kMostTold) out.figures.push_back({pair.any(), pair.one == nullptr ? std::nullopt : figure_of(as_signed[pair.one]), figure_of(pair.one), figure_of(pair.two)});
  }
  return out;
}

}  // namespace

Result<PlanAlters> find_alters(storage::Pool& reads, storage::Pool& writes, FigureSources& sources, const Principal& who, const std::string& id) {
  const auto all = reads.read<std::vector<Reached>>([&](Tx& tx) { return find_reached(tx, who, id); });
  if (!all) return fail(all.error());
  PlanAlters out;
  if (all->empty()) return out;
  const auto sides = rolled_back<BothSides>(writes, [&](Tx& tx) { return carry_out(tx, sources, id, *all); });
  if (!sides) return fail(sides.error());
  for (std::size_t i = 0; i < all->size(); ++i) {
    AlteredAssessment altered = altered_by((*all)[i], sides->before[i], sides->after[i]);
    if (altered.count == 0) continue;
    if ((*all)[i].seen) out.assessments.push_back(std::move(altered));
    else ++out.hidden;
  }
  return out;
}

}  // namespace gridward::service
