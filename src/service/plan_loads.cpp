#include "service/plan_loads.h"

#include <algorithm>

#include "base/day.h"

namespace gridward::service {
namespace {

constexpr int kDays = 365;

/// The work of each areal cell of one side, what lies below it included.
std::map<std::int64_t, CellWork> work_on(const LoadGround& ground, DaySpan window) {
  std::map<std::int64_t, CellWork> leaves, out;
  for (const Enterprise& known : ground.roster->enterprises) {
    const Enterprise* e = &known;
    if (ground.changed != nullptr)
      if (const auto other = ground.changed->find(known.cell); other != ground.changed->end()) e = &other->second;
    add_work(*e, ground.roster->rules, window, leaves);
  }
  for (const auto& [leaf, hazards] : ground.open_hazards) leaves[leaf].open_hazards += hazards;
  for (const auto& [leaf, work] : leaves) {
    const auto listed = ground.cells->find(leaf);
    if (listed == ground.cells->end()) continue;
    for (const std::int64_t cell : listed->second.ways.back().at)
      if (cell != 0) out[cell].add(work);
  }
  return out;
}

/// The loads of those who hold visiting posts on one side.
std::vector<Carrier> loads_on(const LoadGround& ground, const std::map<std::int64_t, CellWork>& work, const WorkMinutes& minutes) {
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
  const auto was = loads_on(before, work_on(before, out.window), minutes), will_be = loads_on(after, work_on(after, out.window), minutes);
  std::map<std::pair<std::string, std::int64_t>, ComparedLoad> paired;
  for (const Carrier& carrier : was) paired[{carrier.post, carrier.person}].before = carrier;
  for (const Carrier& carrier : will_be) paired[{carrier.post, carrier.person}].after = carrier;
  for (auto& [who, load] : paired) out.people.push_back(std::move(load));
  for (const VisitingPost& visiting : kVisitingPosts) out.spread[visiting.post] = {spread_of(was, visiting.post), spread_of(will_be, visiting.post)};
  return out;
}

}  // namespace gridward::service
