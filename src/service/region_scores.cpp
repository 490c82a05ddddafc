#include "service/region_scores.h"

#include <algorithm>
#include <array>

#include "stats/smooth.h"

namespace gridward::service {
namespace {

/// A component in all areas.
struct Everywhere {
  std::vector<std::optional<Interval95>> values;
  ComponentEvidence evidence;
};

Interval95 interval_of(const stats::Smoothed& s) { return {s.rate.value_or(0), s.low.value_or(s.rate.value_or(0)), s.high.value_or(s.rate.value_or(0))}; }

void set_evidence(ComponentEvidence& evidence, const std::vector<double>& events, const std::vector<double>& exposure, stats::Family family) {
  const stats::Homogeneity test = stats::homogeneity(events, exposure, family);
  evidence.p = test.p;
  evidence.differences = test.differences();
}

/// A share, smoothed (Martuzzi and Elliott); `complement`: of those that are not among the events.
Everywhere smoothed_share(const std::vector<double>& events, const std::vector<double>& base) {
  const stats::GlobalSmoothing smooth = stats::smooth_global(events, base, stats::Family::binomial);
  Everywhere out;
  for (std::size_t i = 0; i < events.size(); ++i) out.values.push_back(base[i] > 0 ? std::optional(interval_of(smooth.rates[i])) : std::nullopt);
  out.evidence.mean = smooth.mean;
  set_evidence(out.evidence, events, base, stats::Family::binomial);
  return out;
}

/// What happened, of each grade so much, per enterprise: each grade is smoothed for itself (Marshall), then they are added up by their weights.
/// A grade of which there is none anywhere tells nothing and is left out.
Everywhere smoothed_weighted(const std::vector<std::vector<double>>& by_grade, const std::vector<double>& weights, const std::vector<double>& exposure) {
  std::vector<stats::GlobalSmoothing> smooth;
  std::vector<double> of, all(exposure.size(), 0.0);
  Everywhere out;
  for (std::size_t g = 0; g < by_grade.size(); ++g) {
    for (std::size_t i = 0; i < all.size(); ++i) all[i] += by_grade[g][i];
    if (std::ranges::all_of(by_grade[g], [](double n) { return n == 0; })) continue;
    smooth.push_back(stats::smooth_global(by_grade[g], exposure));
    of.push_back(weights[g]);
    out.evidence.mean += weights[g] * smooth.back().mean;
  }
  for (std::size_t i = 0; i < exposure.size(); ++i) {
    std::vector<Interval95> parts;
    for (const auto& s : smooth) parts.push_back(interval_of(s.rates[i]));
    out.values.push_back(exposure[i] > 0 ? std::optional(weighted_sum(parts, of)) : std::nullopt);
  }
  set_evidence(out.evidence, all, exposure, stats::Family::poisson);
  return out;
}

/// Something of each area's sums.
template <class Of>
std::vector<double> each(const std::vector<const Sums*>& areas, const Of& of) {
  std::vector<double> out;
  for (const Sums* s : areas) out.push_back(of(*s));
  return out;
}

Everywhere coverage_gap(const std::vector<const Sums*>& areas, const std::string& measure) {
  constexpr VisitKind kind = VisitKind::inspection;
  if (measure == "inspection_coverage") return smoothed_share(each(areas, [](const Sums& s) { return s.active - s.of(kind).visited; }), each(areas, [](const Sums& s) { return s.active; }));
  if (measure == "frequency_compliance") return smoothed_share(each(areas, [](const Sums& s) { return s.of(kind).required - s.of(kind).done; }), each(areas, [](const Sums& s) { return s.of(kind).required; }));
  return smoothed_share(each(areas, [](const Sums& s) { return s.of(kind).due - s.of(kind).on_time; }), each(areas, [](const Sums& s) { return s.of(kind).due; }));
}

Everywhere look_at(const ScoreRule& rule, const std::vector<const Sums*>& areas, const Weights& weights) {
  if (rule.component == "overdue_hazards") return smoothed_share(each(areas, [](const Sums& s) { return s.at(Count::overdue); }), each(areas, [](const Sums& s) { return s.at(Count::open); }));
  if (rule.component == "overdue_enterprises")
    return smoothed_share(each(areas, [](const Sums& s) { return static_cast<double>(s.of(VisitKind::inspection).overdue.size()); }), each(areas, [](const Sums& s) { return s.active; }));
  if (rule.component == "coverage_gap") return coverage_gap(areas, rule.measure);
  if (rule.component == "accidents") {
    std::vector<std::vector<double>> by_grade;
    for (const Count c : {Count::accidents_ordinary, Count::accidents_larger, Count::accidents_serious, Count::accidents_extraordinary}) by_grade.push_back(each(areas, [c](const Sums& s) { return s.at(c); }));
    return smoothed_weighted(by_grade, {weights.accident.begin(), weights.accident.end()}, each(areas, [](const Sums& s) { return s.exposure; }));
  }
  return smoothed_weighted({each(areas, [](const Sums& s) { return s.at(Count::open) - s.at(Count::open_major); }), each(areas, [](const Sums& s) { return s.at(Count::open_major); })},
                           {weights.general, weights.major}, each(areas, [](const Sums& s) { return s.active + s.exempt; }));
}

/// The score of an area from its components: of one without a value nothing was missed.
void add_up(RegionScore& area) {
  std::vector<Interval95> points;
  std::vector<double> weights;
  for (const RegionComponent& c : area.components) points.push_back(c.points), weights.push_back(c.weight);
  area.score = weighted_sum(points, weights);
  area.score.low = std::max(0.0, area.score.low);
  area.score.high = std::min(100.0, area.score.high);
}

/// Visits up to the end of the window, whatever its length.
struct LookBack {
  Gathered gathered;
  int days = 0;
};

LookBack look_back(storage::Tx& tx, FigureSources& sources, const Gathering& what, const ScoreFloors& floors) {
  FiguresAsked asked = what.asked;
  asked.measures = {"inspection_coverage", "patrol_coverage"};
  asked.from = std::min(asked.to - std::chrono::days{1}, std::max(asked.to - std::chrono::days{floors.look_back_days}, *parse_day(what.district.holds_from)));
  return {gather_on(tx, sources, Gathering{asked, what.within, what.district, what.map_day}), static_cast<int>((asked.to - asked.from).count())};
}

Standstill standstill_of(const Sums& now, const Sums& back, int days, const ScoreFloors& floors, bool alive) {
  const auto below = [&](VisitKind kind, double floor) { return back.of(kind).visited < floor * back.active; };
  if (!alive) return {"ended", now.active, 0, 0, days};
  if (now.active + now.exempt == 0) return {"no_enterprise", 0, 0, 0, days};
  if (below(VisitKind::inspection, floors.inspection_coverage)) return {"little_inspection", now.active, back.of(VisitKind::inspection).visited, back.active, days};
  if (below(VisitKind::patrol, floors.patrol_coverage)) return {"little_patrol", now.active, back.of(VisitKind::patrol).visited, back.active, days};
  if (now.active < floors.enterprises) return {"few_enterprises", now.active, 0, 0, days};
  return {"", now.active, 0, 0, days};
}

}  // namespace

std::vector<std::string> score_measures(const ScoreSetup& setup) {
  // Beside the figures of the components, what weights them and what tells how much was looked.
  std::vector<std::string> out = {"weighted_open_hazard_density", "accidents", "inspection_coverage", "inspection_visits", "patrol_coverage"};
  for (const SetRule& r : setup.rules) out.push_back(r.rule.measure);
  return out;
}

RegionScores score_regions(storage::Tx& tx, FigureSources& sources, const Gathering& what, const ScoreSetup& setup, const std::optional<Weights>& weights) {
  RegionScores out;
  out.gathered = gather_on(tx, sources, what);
  if (weights) out.gathered.weights = *weights;
  LookBack back = look_back(tx, sources, what, setup.floors);
  const auto alive = what.map_day.empty() ? sources.cells.find(tx, what.district, what.asked.to - std::chrono::days{1}, what.asked.to, what.asked.known_at) : out.gathered.cells;
  std::vector<const Sums*> sums;
  for (const auto& [id, listed] : *out.gathered.cells) {
    if (!is_row(what, listed)) continue;
    const Sums& now = out.gathered.rows[id];
    out.index[id] = out.areas.size();
    out.areas.push_back(id);
    out.scores.push_back({{}, {}, standstill_of(now, back.gathered.rows[id], back.days, setup.floors, alive->contains(id))});
    sums.push_back(&now);
  }
  double whole = 0;
  for (const SetRule& r : setup.rules) whole += r.rule.weight;
  for (const SetRule& r : setup.rules) {
    Everywhere all = look_at(r.rule, sums, out.gathered.weights);
    const double mean = all.evidence.mean;
    all.evidence.component = r.rule.component;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const auto& v = all.values[i];
      const Interval95 points = v ? Interval95{points_of(r.rule, v->value, mean), points_of(r.rule, v->low, mean), points_of(r.rule, v->high, mean)} : Interval95{};
      out.scores[i].components.push_back({r.rule.component, r.rule.measure, v, mean, points, r.rule.weight / whole});
    }
    out.evidence.push_back(all.evidence);
  }
  for (RegionScore& area : out.scores) add_up(area);
  return out;
}

RegionOrder order_regions(const RegionScores& scores) {
  std::vector<Scored> scored;
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < scores.scores.size(); ++i) {
    if (!scores.scores[i].standstill.reason.empty()) continue;
    of.push_back(i);
    scored.push_back({scores.scores[i].score, scores.gathered.cells->at(scores.areas[i]).cell.code});
  }
  RegionOrder out{rank(scored), 0};
  out.level_with_first = level_with_first(scored, out.order);
  for (Ranked& r : out.order) r.index = of[r.index];
  return out;
}

}  // namespace gridward::service
