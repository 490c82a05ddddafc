#include "service/plan_loads.h"

#include <algorithm>
#include <span>

#include "base/day.h"

namespace gridward::service {
namespace {

constexpr int kDays = 365;

using WorkByCell = std::map<std::int64_t, CellWork>;

/// The work that some enterprises make, by leaf: those that are as they are on both sides, or what one side has in the place of the others.
WorkByCell work_of_unchanged(const LoadGround& before, const LoadGround& after, DaySpan window) {
  WorkByCell out;
  for (const Enterprise& e : before.roster->enterprises)
    if (!after.changed->contains(e.cell)) add_work(e, before.roster->rules, window, out);
  return out;
}

/// The work of each areal cell of one side, what lies below it included; `leaves` is what does not differ.
WorkByCell work_on(const LoadGround& ground, WorkByCell leaves, std::span<const Enterprise* const> differing, DaySpan window) {
  for (const Enterprise* e : differing) add_work(*e, ground.roster->rules, window, leaves);
  for (const auto& [leaf, hazards] : ground.open_hazards) leaves[leaf].open_hazards += hazards;
  WorkByCell out;
  for (const auto& [leaf, work] : leaves) {
    const auto listed = ground.cells->find(leaf);
    if (listed == ground.cells->end()) continue;
    for (const std::int64_t cell : listed->second.ways.back().at)
      if (cell != 0) out[cell].add(work);
  }
  return out;
}

/// The loads of those who hold visiting posts on one side.
std::vector<Carrier> loads_on(const LoadGround& ground, const WorkByCell& work, const WorkMinutes& minutes) {
  std::vector<Carrier> people = ground.held.people;
  for (Carrier& carrier : people)
    for (const VisitingPost& visiting : kVisitingPosts)
      if (carrier.post == visiting.post) put_load(carrier, ground.held, work, minutes, visiting.kind);
  return people;
}

stats::Spread spread_of(const std::vector<Carrier>& people, const char* post) {
  std::vector<double> loads;
  for (const Carrier& carrier : people)
    if (carrier.post == post) loads.push_back(carrier.minutes);
  return stats::spread_of(loads);
}

}  // namespace

PlanLoads compare_loads(const LoadGround& before, const LoadGround& after, const WorkMinutes& minutes, const std::string& day) {
  PlanLoads out;
  out.minutes = minutes;
  const DayNumber from = number_of(*parse_day(day));
  out.window = {from, from + kDays};
  std::vector<const Enterprise*> known, changed;
  for (const auto& [cell, e] : *after.changed) known.push_back(before.roster->find(cell)), changed.push_back(&e);
  const WorkByCell common = work_of_unchanged(before, after, out.window);
  const auto was = loads_on(before, work_on(before, common, known, out.window), minutes), will_be = loads_on(after, work_on(after, common, changed, out.window), minutes);
  std::map<std::pair<std::string, std::int64_t>, ComparedLoad> paired;
  for (const Carrier& carrier : was) paired[{carrier.post, carrier.person}].before = carrier;
  for (const Carrier& carrier : will_be) paired[{carrier.post, carrier.person}].after = carrier;
  for (auto& [who, load] : paired) out.people.push_back(std::move(load));
  for (const VisitingPost& visiting : kVisitingPosts) out.spread[visiting.post] = {spread_of(was, visiting.post), spread_of(will_be, visiting.post)};
  return out;
}

}  // namespace gridward::service
