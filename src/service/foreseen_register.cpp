#include "service/foreseen_register.h"

#include "service/rosters.h"
#include "service/workload.h"
#include "sql.gen.h"

namespace gridward::service {

std::size_t bytes_of(const std::unordered_map<std::int64_t, Enterprise>& changed) {
  std::size_t sum = 0;
  for (const auto& [cell, e] : changed) sum += sizeof e + (e.visits[0].size() + e.visits[1].size()) * sizeof(DayNumber) + 256;
  return sum;
}

std::size_t bytes_of(const ForeseenRegister& r) {
  return sizeof r + r.cells->size() * (sizeof(MapCells::Cells::value_type) + 120) + bytes_of(r.changed) + r.held.people.size() * (sizeof(Carrier) + 60) + r.held.holders.size() * 80 +
         r.named.size() * sizeof(std::int64_t) + r.problems.size() + r.effects.size();
}

HeldPosts read_posts(storage::Tx& tx, std::int64_t district, Day day) {
  return read_held(tx, district, to_string(day), [](std::int64_t, const std::string&) { return true; });
}

ForeseenRegister read_foreseen_register(storage::Tx& tx, const District& district, const std::string& plan, Day day, std::string problems) {
  ForeseenRegister out;
  out.problems = std::move(problems);
  MapCells own;  // what is kept for others must not be made of what is rolled back
  out.cells = own.find(tx, district, day, day + std::chrono::days{1}, "");
  const auto rows = tx.run(sql::reassignments_cells, {plan, std::to_string(district.id)});
  std::vector<std::int64_t> enterprises;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.named.push_back(rows.integer(i, "cell_id"));
    if (rows.integer(i, "level") == 4) enterprises.push_back(out.named.back());
  }
  for (Enterprise& said : read_enterprises(tx, district.id, enterprises)) out.changed.emplace(said.cell, std::move(said));
  out.held = read_posts(tx, district.id, day);
  out.effects = tx.run(sql::reassignments_effects, {plan}).text(0, "doc");
  out.places_events = tx.run(sql::reassignments_places).boolean(0, "places");
  return out;
}

}  // namespace gridward::service
