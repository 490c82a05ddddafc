#include "service/figure_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "service/measures.h"

namespace gridward::service {
namespace {

/// The part of a link that says whose posts, on the last day of the window: a row that is direct has those of its cell alone.
std::string posts_of(const Gathering& what, const Cell& cell, bool direct) {
  if (cell.id == 0) return "";
  std::string scope = fmt::format("{}={}&at={}", direct ? "cell" : "within", cell.id, to_string(what.asked.to - std::chrono::days{1}));
  if (!what.map_day.empty()) scope += "&as_of=" + what.map_day;
  if (!what.asked.known_at.empty()) scope += "&known_at=" + what.asked.known_at;
  return scope;
}

}  // namespace

std::string scope_of(const Gathering& what, const Cell& cell, bool direct) {
  std::string scope = cell.id != 0 ? fmt::format("district={}&cell={}", cell.district, cell.id) : fmt::format("district={}", cell.district);
  if (direct) scope += "&direct=true";
  if (!what.map_day.empty()) scope += "&as_of=" + what.map_day;
  if (!what.asked.known_at.empty()) scope += "&known_at=" + what.asked.known_at;
  return scope;
}

std::string version_of(const District& district) { return fmt::format("{}.{}.{}", district.id, district.map_version, district.data_version); }

FigureRow make_row(const Gathering& what, const Cell& cell, const Sums& sums, const Weights& weights, bool direct) {
  const FiguresAsked& asked = what.asked;
  FigureRow row{cell, {}};
  std::optional<double> km2;
  if (cell.area_m2 && !direct) km2 = *cell.area_m2 / 1e6;
  const Day today = *parse_day(what.district.today), end = std::max(asked.from, std::min(asked.to, today)), until = std::min(asked.to, today + std::chrono::days{1});
  const LinkScope link{scope_of(what, cell, direct), posts_of(what, cell, direct), to_string(asked.from), to_string(asked.to), to_string(end), to_string(until), asked.source, asked.grade};
  for (const std::string& name : measure_names())
    if (std::ranges::find(asked.measures, name) != asked.measures.end()) row.figures.emplace_back(name, make_figure(name, sums, {km2, weights}, link));
  return row;
}

Gathered gather_on(storage::Tx& tx, FigureSources& sources, const Gathering& what) {
  Gathered g;
  const Day first = what.map_day.empty() ? what.asked.from : *parse_day(what.map_day);
  g.cells = sources.cells.find(tx, what.district, first, what.map_day.empty() ? what.asked.to : first + std::chrono::days{1}, what.asked.known_at);
  Gathered* const view = &g;
  gather(tx, sources, what, {&view, 1});
  return g;
}

bool is_row(const Gathering& what, const MapCells::Listed& listed) {
  return listed.cell.level == what.asked.level && std::ranges::any_of(listed.ways, [&](const Way& w) { return w.at[what.within.level] == what.within.id; });
}

FigureTable make_table(const Gathering& what, Gathered& g) {
  FigureTable table;
  table.version = version_of(what.district);
  table.as_of = what.map_day;
  for (const auto& [id, listed] : *g.cells)
    if (is_row(what, listed)) table.rows.push_back(make_row(what, listed.cell, g.rows[id], g.weights, false));
  for (const auto& [id, sums] : g.direct)
    if (g.cells->contains(id)) table.direct.push_back(make_row(what, g.cells->at(id).cell, sums, g.weights, true));
  if (what.within.level != 1) return table;
  Cell nowhere;
  nowhere.district = what.district.id;
  table.unplaced = make_row(what, nowhere, g.unplaced, g.weights, true);
  return table;
}

FigureTable table_on(storage::Tx& tx, FigureSources& sources, const Ground& ground, const FiguresAsked& asked) {
  FiguresAsked settled = asked;
  settled.from = ground.period.window.from;
  settled.to = ground.period.window.to;
  const Gathering what{settled, ground.within, ground.district, ground.map_day};
  Gathered gathered = gather_on(tx, sources, what);
  FigureTable table = make_table(what, gathered);
  table.period = ground.period;
  return table;
}

}  // namespace gridward::service
