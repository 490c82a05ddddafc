#include "service/figures.h"

#include <algorithm>

#include <fmt/format.h>

#include "service/cells.h"
#include "service/figure_sums.h"
#include "service/measures.h"

namespace gridward::service {
namespace {

/// The part of a link that says whose records, in which mode and as known when.
std::string scope_of(const Gathering& what, const Cell& cell, bool direct) {
  std::string scope = cell.id != 0 ? fmt::format("district={}&cell={}", cell.district, cell.id) : fmt::format("district={}", cell.district);
  if (direct) scope += "&direct=true";
  if (!what.map_day.empty()) scope += "&as_of=" + what.map_day;
  if (!what.asked.known_at.empty()) scope += "&known_at=" + what.asked.known_at;
  return scope;
}

FigureRow make_row(const Gathering& what, const Cell& cell, const Sums& sums, const Weights& weights, bool direct) {
  const FiguresAsked& asked = what.asked;
  FigureRow row{cell, {}};
  std::optional<double> km2;
  if (cell.area_m2 && !direct) km2 = *cell.area_m2 / 1e6;
  const Day today = *parse_day(what.district.today), end = std::max(asked.from, std::min(asked.to, today)), until = std::min(asked.to, today + std::chrono::days{1});
  const LinkScope link{scope_of(what, cell, direct), to_string(asked.from), to_string(asked.to), to_string(end), to_string(until), asked.source, asked.grade};
  for (const std::string& name : measure_names())
    if (std::ranges::find(asked.measures, name) != asked.measures.end()) row.figures.emplace_back(name, make_figure(name, sums, {km2, weights}, link));
  return row;
}

void make_rows(const Gathering& what, Gathered& g, FigureTable& table) {
  for (const auto& [id, listed] : *g.cells) {
    const bool inside = std::ranges::any_of(listed.ways, [&](const Way& w) { return w.at[what.within.level] == what.within.id; });
    if (listed.cell.level == what.asked.level && inside) table.rows.push_back(make_row(what, listed.cell, g.rows[id], g.weights, false));
  }
  for (const auto& [id, sums] : g.direct)
    if (g.cells->contains(id)) table.direct.push_back(make_row(what, g.cells->at(id).cell, sums, g.weights, true));
  if (what.within.level != 1) return;
  Cell nowhere;
  nowhere.district = what.district.id;
  table.unplaced = make_row(what, nowhere, g.unplaced, g.weights, true);
}

/// The day of the map that is asked for; empty: each its own.
Result<std::string> map_day_of(const FiguresAsked& asked, const District& district) {
  const std::string day = asked.mode == Mode::as_is ? district.today : asked.mode == Mode::as_of ? asked.as_of : "";
  if (!day.empty() && day < district.holds_from) return fail(Errc::rule_violated, "The map of this district begins on " + district.holds_from + ".");
  return day;
}

}  // namespace

Result<FigureTable> figures(FigureSources& sources, const Principal& who, const FiguresAsked& asked) {
  return sources.reads.read<FigureTable>([&](storage::Tx& tx) -> Result<FigureTable> {
    const auto within = asked.mode == Mode::as_was ? cell_in_window(tx, who, asked.within, to_string(asked.from), to_string(asked.to))
                                                   : cell_in_window(tx, who, asked.within, "", "");
    if (!within) return fail(within.error());
    if (within->level > asked.level || asked.level > 3)
      return fail(Error::field("level", "must be district, town or village, and not above the cell of `within`"));
    const auto district = district_of(tx, within->district);
    if (!district) return fail(district.error());
    const auto map_day = map_day_of(asked, *district);
    if (!map_day) return fail(map_day.error());
    const Gathering what{asked, *within, *district, *map_day};
    Gathered g;
    const Day first = map_day->empty() ? asked.from : *parse_day(*map_day);
    g.cells = sources.cells.find(tx, *district, first, map_day->empty() ? asked.to : first + std::chrono::days{1}, asked.known_at);
    gather(tx, sources.rosters, what, g);
    FigureTable table;
    table.version = fmt::format("{}.{}.{}", district->id, district->map_version, district->data_version);
    table.as_of = *map_day;
    make_rows(what, g, table);
    return table;
  });
}

}  // namespace gridward::service
