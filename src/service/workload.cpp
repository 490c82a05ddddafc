#include "service/workload.h"

#include <algorithm>

#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {

WorkMinutes read_minutes(storage::Tx& tx, std::int64_t district, const std::string& day) {
  const auto rows = tx.run(sql::workload_minutes, {std::to_string(district), day});
  WorkMinutes out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string grade = rows.text(i, "grade");
    double& minutes = grade == "inspection" ? out.inspection : grade == "patrol" ? out.patrol : grade == "travel" ? out.travel : out.follow_up;
    minutes = rows.real(i, "weight");
  }
  return out;
}

OpenHazards read_open_hazards(storage::Tx& tx, std::int64_t district, const std::string& map_day, Day before, Day later) {
  OpenHazards out;
  const auto add = [&](const storage::Rows& rows, std::size_t i, std::int64_t leaf, std::int64_t sign) {
    const std::int64_t one = rows.text(i, "kind") == "hazard_found" ? sign : -sign;
    out.before[leaf] += one * static_cast<std::int64_t>(rows.real(i, "before_from"));
    out.later[leaf] += one * static_cast<std::int64_t>(rows.real(i, "before_to"));
  };
  std::vector<storage::Param> asked = {std::to_string(district), std::string(), std::string(), to_string(before), to_string(later), "{hazard_found,hazard_closed}", "false"};
  const auto counts = tx.run(sql::figures_counts, asked);
  for (std::size_t i = 0; i < counts.size(); ++i)
    add(counts, i, Way{{0, counts.integer(i, "district_cell"), counts.integer(i, "town_cell"), counts.integer(i, "village_cell")}}.leaf(), 1);
  asked.emplace_back(map_day);
  const auto moves = tx.run(sql::figures_moves, asked);
  for (std::size_t i = 0; i < moves.size(); ++i) {
    add(moves, i, moves.integer(i, "stamped"), -1);
    add(moves, i, moves.integer(i, "placed"), 1);
  }
  return out;
}

void add_work(const Enterprise& e, const VisitRules& rules, DaySpan window, std::map<std::int64_t, CellWork>& leaves) {
  // As it is on the day: what is known to end or begin later makes no work.
  const auto standing = standing_of(e, {window.from, window.from + 1}, window.from);
  if (!standing || standing->leaf == 0) return;
  CellWork work;
  work.enterprises = 1;
  for (const VisitKind kind : {VisitKind::inspection, VisitKind::patrol}) work.visits[static_cast<std::size_t>(kind)] = duty_of(e, *standing, kind, rules, window, window.to).required;
  leaves[standing->leaf].add(work);
}

HeldPosts read_held(storage::Tx& tx, std::int64_t district, const std::string& day, const std::function<bool(std::int64_t cell, const std::string& post)>& wanted) {
  const auto rows = tx.run(sql::workload_holders, {std::to_string(district), day});
  HeldPosts out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t cell = rows.integer(i, "cell_id"), person = rows.integer(i, "person_id");
    const std::string held = rows.text(i, "post");
    if (!wanted(cell, held)) continue;
    ++out.holders[{cell, held}];
    if (out.people.empty() || out.people.back().person != person || out.people.back().post != held) {
      out.people.emplace_back();
      out.people.back().person = person;
      out.people.back().name = rows.text(i, "name");
      out.people.back().post = held;
    }
    out.people.back().cells.push_back(cell);
    out.people.back().acting += rows.boolean(i, "acting") ? 1 : 0;
  }
  return out;
}

void put_load(Carrier& carrier, const HeldPosts& held, const std::map<std::int64_t, CellWork>& work, const WorkMinutes& minutes, VisitKind kind) {
  for (const std::int64_t cell : carrier.cells) {
    const auto found = work.find(cell);
    if (found == work.end()) continue;
    const CellWork& done = found->second;
    const double part = 1.0 / held.holders.at({cell, carrier.post});
    carrier.enterprises += part * static_cast<double>(done.enterprises);
    carrier.visits += part * static_cast<double>(done.visits[static_cast<std::size_t>(kind)]);
    carrier.open_hazards += part * static_cast<double>(done.open_hazards);
    carrier.minutes += part * done.minutes(kind, minutes);
  }
}

double CellWork::minutes(VisitKind kind, const WorkMinutes& at) const {
  return static_cast<double>(visits[static_cast<std::size_t>(kind)]) * at.of_visit(kind) + static_cast<double>(open_hazards) * at.follow_up;
}

void CellWork::add(const CellWork& other) {
  enterprises += other.enterprises;
  open_hazards += other.open_hazards;
  for (std::size_t k = 0; k < visits.size(); ++k) visits[k] += other.visits[k];
}

DistrictWork read_work(storage::Tx& tx, Rosters& rosters, const District& district, const DistrictMap& map, const std::string& day, int days) {
  const auto roster = rosters.find(tx, district.id, district.data_version, "");
  DistrictWork out;
  out.minutes = read_minutes(tx, district.id, day);
  const DayNumber from = number_of(*parse_day(day));
  out.window = {from, from + days};
  std::map<std::int64_t, CellWork> leaves;
  for (const Enterprise& e : roster->enterprises) add_work(e, roster->rules, out.window, leaves);
  const Day tomorrow = *parse_day(day) + std::chrono::days{1};
  for (const auto& [leaf, hazards] : read_open_hazards(tx, district.id, day, tomorrow, tomorrow).before) leaves[leaf].open_hazards += hazards;
  for (const DistrictMap::Area& area : map.areas) out.cells[area.cell.id];
  for (const auto& [leaf, work] : leaves)
    for (const std::int64_t cell : map.way(leaf)) out.cells[cell].add(work);
  return out;
}

Result<Workload> workload(FigureSources& sources, const Principal& who, const WorkloadAsked& asked) {
  return sources.reads.read<Workload>([&](storage::Tx& tx) -> Result<Workload> {
    Workload out;
    const auto seen = find_seen_cell(tx, who, asked.within, asked.at);
    if (!seen) return fail(seen.error());
    const Cell& within = out.within = seen->within;
    const District& district = seen->district;
    const std::string& at = out.at = seen->at;
    const DistrictMap map = read_district_map(tx, district.id, at);
    out.work = read_work(tx, sources.rosters, district, map, at, asked.days);
    HeldPosts held = read_held(tx, district.id, at, [&](std::int64_t cell, const std::string& post) { return map.below(cell, within.id) && (asked.post.empty() || asked.post == post); });
    for (const VisitingPost& visiting : kVisitingPosts) {
      if (!asked.post.empty() && asked.post != visiting.post) continue;
      std::vector<double> loads;
      for (Carrier& carrier : held.people) {
        if (carrier.post != visiting.post) continue;
        put_load(carrier, held, out.work.cells, out.work.minutes, visiting.kind);
        loads.push_back(carrier.minutes);
      }
      out.spread[visiting.post] = stats::spread_of(loads);
      double& unheld = out.unheld[visiting.post];
      for (const DistrictMap::Area& area : map.areas)
        if (area.cell.level == visiting.level && map.below(area.cell.id, within.id) && !held.holders.contains({area.cell.id, visiting.post})) unheld += out.work.cells.at(area.cell.id).minutes(visiting.kind, out.work.minutes);
    }
    std::ranges::stable_sort(held.people, [](const Carrier& a, const Carrier& b) { return a.post != b.post ? a.post < b.post : a.minutes > b.minutes; });
    out.people = std::move(held.people);
    return out;
  });
}

}  // namespace gridward::service
