#include "service/figure_sums.h"

#include <algorithm>

#include "service/foreseen.h"
#include "service/gather_courses.h"
#include "service/measures.h"
#include "sql.gen.h"

namespace gridward::service {

Way way_of(const Gathered& g, std::int64_t leaf) {
  const auto it = g.cells->find(leaf);
  return it == g.cells->end() ? Way{} : it->second.ways.back();
}

Sums* target(Gathered& g, const Way& way, const Cell& within, int level) {
  if (g.level != 0) level = g.level;
  if (within.level > 1 && way.at[within.level] != within.id) return nullptr;
  if (way.leaf() == 0) return &g.unplaced;
  if (way.at[level] != 0) return &g.rows[way.at[level]];
  return &g.direct[way.leaf()];
}

namespace {

/// One row of counts: what a series had before the window and before its end.
struct Counted2 {
  std::string_view kind, source, grade;
  double before_from = 0, before_to = 0;
};

void add_hazards(Sums& s, const Counted2& c) {
  const double flow = c.before_to - c.before_from;
  const bool major = c.grade == "major";
  const auto add = [&](Count all, Count of_major, double n) {
    s.at(all) += n;
    if (major) s.at(of_major) += n;
  };
  if (c.kind == "hazard_found") {
    add(Count::found, Count::found_major, flow);
    add(Count::open, Count::open_major, c.before_to);
    if (c.source == "inspection") s.at(Count::found_by_inspection) += flow;
    if (c.source == "patrol") s.at(Count::found_by_patrol) += flow;
  } else if (c.kind == "hazard_closed") {
    add(Count::closed, Count::closed_major, flow);
    add(Count::open, Count::open_major, -c.before_to);
  } else if (c.kind == "hazard_due") {
    s.at(Count::due) += flow;
    s.at(Count::overdue) += c.before_to;
  } else if (c.kind == "hazard_on_time") {
    s.at(Count::on_time) += flow;
  } else if (c.kind == "hazard_settled") {
    s.at(Count::overdue) -= c.before_to;
  } else if (c.kind == "hazard_reviewed" && major) {
    s.at(Count::reviewed_major) += flow;
  } else if (c.kind == "hazard_followed") {
    s.at(Count::followed) += flow;
  } else if (c.kind == "hazard_recurred") {
    s.at(Count::recurred) += flow;
  }
}

void add_accidents(Sums& s, std::string_view grade, double n) {
  s.at(Count::accidents) += n;
  s.at(grade == "ordinary" ? Count::accidents_ordinary : grade == "larger" ? Count::accidents_larger : grade == "serious" ? Count::accidents_serious : Count::accidents_extraordinary) += n;
}

void add_count(Sums& s, const Counted2& c) {
  const double flow = c.before_to - c.before_from;
  if (c.kind == "inspection") s.at(c.grade == "completed" ? Count::inspections : Count::inspections_attempted) += flow;
  else if (c.kind == "patrol") s.at(c.grade == "completed" ? Count::patrols : Count::patrols_attempted) += flow;
  else if (c.kind == "accident") add_accidents(s, c.grade, flow);
  else add_hazards(s, c);
}

/// Adds what events count for that would stand elsewhere after a plan.
void add_replaced(const Gathering& what, const std::vector<std::string>& kinds, Day to, Gathered& g) {
  const DayNumber from = number_of(what.asked.from), until = number_of(to);
  for (const ReplacedCount& r : g.foreseen->counts) {
    if (r.day >= until || std::ranges::find(kinds, r.kind) == kinds.end()) continue;
    for (const auto& [leaf, n] : {std::pair{r.before, -r.n}, std::pair{r.after, r.n}})
      if (Sums* s = target(g, way_of(g, leaf), what.within, what.asked.level)) add_count(*s, {r.kind, r.source, r.grade, r.day < from ? n : 0, n});
  }
}

/// Adds what was counted per kind and place up to `to`: from kept counts, or from the events as known at an instant.
void gather_counts(storage::Tx& tx, const Gathering& what, const std::vector<std::string>& kinds, bool apart, Day to, Views views) {
  if (kinds.empty()) return;
  const FiguresAsked& asked = what.asked;
  std::string list;
  for (const auto& kind : kinds) list += (list.empty() ? "{" : ",") + kind;
  std::vector<storage::Param> p = {std::to_string(what.district.id), asked.source, asked.grade, to_string(asked.from), to_string(to), list + "}", apart ? "true" : "false"};
  const auto put = [&](const auto& way_in, const storage::Rows& rows, std::size_t i, double sign) {
    const std::string kind = rows.text(i, "kind"), source = rows.text(i, "source"), grade = rows.text(i, "grade");
    const Counted2 counted{kind, source, grade, sign * rows.real(i, "before_from"), sign * rows.real(i, "before_to")};
    for (Gathered* g : views)
      if (Sums* s = target(*g, way_in(*g), what.within, asked.level)) add_count(*s, counted);
  };
  const auto leaf = [](std::int64_t cell) { return [cell](const Gathered& g) { return way_of(g, cell); }; };
  const bool now = asked.known_at.empty();
  if (!now) p.insert(p.end(), {storage::or_null(what.map_day), asked.known_at});
  const auto counts = tx.run(now ? sql::figures_counts : sql::figures_counts_known, p);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Way way{{0, counts.integer(i, "district_cell"), counts.integer(i, "town_cell"), counts.integer(i, "village_cell")}};
    if (what.map_day.empty()) put([&way](const Gathered&) { return way; }, counts, i, 1);
    else put(leaf(way.leaf()), counts, i, 1);
  }
  for (Gathered* g : views)
    if (g->foreseen != nullptr) add_replaced(what, kinds, to, *g);
  if (what.map_day.empty() || !now) return;
  p.emplace_back(what.map_day);
  const auto moves = tx.run(sql::figures_moves, p);
  for (std::size_t i = 0; i < moves.size(); ++i) {
    put(leaf(moves.integer(i, "stamped")), moves, i, -1);
    put(leaf(moves.integer(i, "placed")), moves, i, 1);
  }
}

void add_enterprise(Sums& s, const Assessed& a) {
  s.exempt += a.exempt ? 1 : 0;
  const auto grade = static_cast<std::size_t>(a.risk_grade);
  if (a.in_scope) s.active += 1, ++s.in_scope_by_grade[grade];
  if (a.standing.active) ++s.active_by_grade[grade];
  for (const VisitKind kind : {VisitKind::inspection, VisitKind::patrol}) {
    const Assessed::Visits& v = a.of(kind);
    Sums::Visits& into = s.visits[static_cast<std::size_t>(kind)];
    if (v.visited) into.visited += 1, ++into.visited_by_grade[grade];
    into.due += v.duty.due ? 1 : 0;
    into.on_time += v.duty.on_time ? 1 : 0;
    into.required += v.duty.required;
    into.done += v.duty.done;
    into.above_cap += v.above_cap > 0 ? 1 : 0;
    into.visits_above_cap += v.above_cap;
    into.without_rule += v.duty.has_rule ? 0 : 1;
    if (v.overdue_days > 0) into.overdue.emplace_back(a.risk_grade, v.overdue_days);
  }
}

/// What an enterprise counts for on one state of the map.
void put_enterprise(const Gathering& what, const Enterprise& e, const Assessed& a, double window_days, bool supervision, Gathered& g) {
  const Way way = way_of(g, a.standing.leaf);
  if (Sums* s = target(g, way, what.within, what.asked.level)) {
    add_enterprise(*s, a);
    if (supervision && a.in_scope && supervision_faults(e, a, way, *g.staff, number_of(what.asked.to) - 1).empty()) s->supervised += 1;
  }
  for (const auto& [leaf, days] : a.standing.spent) {
    Sums* s = target(g, way_of(g, leaf), what.within, what.asked.level);
    if (s == nullptr) continue;
    const double part = static_cast<double>(days) / window_days;
    s->exposure += part;
    if (a.headcount >= 0) s->employees += part * a.headcount;
    else s->without_headcount += part;
  }
}

void gather_enterprises(storage::Tx& tx, Rosters& rosters, const Gathering& what, bool supervision, Views views) {
  const Assessment assessment(tx, rosters, assessed_window(what));
  const double days = assessment.window().days();
  for (Gathered* g : views) g->weights = assessment.weights();
  for (const Enterprise& e : assessment.enterprises()) {
    const auto as_it_is = assessment.assess(e);
    for (Gathered* g : views) {
      const Enterprise* changed = g->foreseen == nullptr ? nullptr : g->foreseen->find(e.cell);
      if (changed == nullptr) {
        if (as_it_is) put_enterprise(what, e, *as_it_is, days, supervision, *g);
      } else if (const auto as_it_will_be = assessment.assess(*changed)) {
        put_enterprise(what, *changed, *as_it_will_be, days, supervision, *g);
      }
    }
  }
}

/// Officers at work on the last day of the window, and cells: of every area that lives on it.
void gather_network(const Gathering& what, Gathered& g) {
  for (const auto& [id, listed] : *g.cells) {
    const Way& way = listed.ways.back();
    Sums* s = listed.last ? target(g, way, what.within, what.asked.level) : nullptr;
    if (s == nullptr) continue;
    const auto enforcement = static_cast<double>(g.staff->people(id, "enforcement_officer")), safety = static_cast<double>(g.staff->people(id, "safety_officer"));
    s->officers += enforcement + safety + static_cast<double>(g.staff->people(id, "district_supervisor"));
    s->safety_officers += safety;
    s->cells += listed.cell.level == 3 ? 1 : 0;
  }
}

}  // namespace

AssessedWindow assessed_window(const Gathering& what) {
  AssessedWindow out{what.district.id, what.district.data_version, {number_of(what.asked.from), number_of(what.asked.to)}, {}, number_of(*parse_day(what.district.today)), what.asked.known_at};
  if (!what.map_day.empty()) out.map_day = number_of(*parse_day(what.map_day));
  return out;
}

std::vector<std::string> supervision_faults(const Enterprise& e, const Assessed& a, const Way& way, const Staff& staff, DayNumber last_day) {
  std::vector<std::string> faults;
  const EnterpriseFacts* facts = e.facts_on(last_day);
  if (facts == nullptr || !facts->located) faults.emplace_back("no_location");
  if (way.at[3] == 0) faults.emplace_back("in_no_village");
  if (facts == nullptr || !facts->has_department) faults.emplace_back("no_lead_department");
  const auto add = [&](std::int64_t cell, int level) {
    if (cell == 0) return;
    for (std::string& fault : staff.faults(cell, level)) faults.push_back(std::move(fault));
  };
  add(e.cell, 4);
  for (int level = 3; level >= 1; --level) add(way.at[level], level);
  if (a.of(VisitKind::inspection).overdue_days > 0) faults.emplace_back("inspection_overdue");
  return faults;
}

void gather(storage::Tx& tx, FigureSources& sources, const Gathering& what, Views views) {
  const Needs needs = needs_of(what.asked.measures);
  const Day today = *parse_day(what.district.today);
  const std::string last_day = to_string(what.asked.to - std::chrono::days{1});
  gather_counts(tx, what, needs.kinds, needs.apart, what.asked.to, views);
  // Deadlines that are still to come are neither kept nor missed.
  gather_counts(tx, what, needs.deadline_kinds, false, std::max(what.asked.from, std::min(what.asked.to, today)), views);
  const Weights weights = read_weights(tx, what.district.id, last_day, what.asked.known_at);
  for (Gathered* g : views) {
    g->weights = weights;
    if ((needs.supervision || needs.network) && g->staff == nullptr) g->staff = std::make_shared<const Staff>(tx, what.district.id, last_day, what.asked.known_at);
  }
  if (needs.courses) gather_courses(tx, sources.courses, what, std::min(what.asked.to, today + std::chrono::days{1}), views);
  if (needs.enterprises) gather_enterprises(tx, sources.rosters, what, needs.supervision, views);
  if (!needs.network) return;
  for (Gathered* g : views) gather_network(what, *g);
}

}  // namespace gridward::service
