#include "service/figures.h"

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "service/cells.h"
#include "sql.gen.h"
#include "stats/rates.h"

namespace gridward::service {
namespace {

struct Sums {
  double found = 0, open = 0, inspections = 0, patrols = 0;
  double active = 0, inspected = 0, patrolled = 0, exposure = 0;
};

/// What one request gathers before it makes rows.
struct Gathered {
  std::shared_ptr<const MapCache::Cells> cells;
  std::map<std::int64_t, Sums> rows;      // by the cell of the asked level
  std::map<std::int64_t, Sums> direct;    // by the cell that has no child there
  Sums unplaced;
};

std::shared_ptr<const MapCache::Cells> read_cells(storage::Tx& tx, std::int64_t district, Day from, Day to, const std::string& known_at) {
  auto cells = std::make_shared<MapCache::Cells>();
  const auto rows = tx.run(sql::figures_cells, {std::to_string(district), to_string(from), to_string(to), storage::or_null(known_at)});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    MapCache::Listed& listed = (*cells)[rows.integer(i, "id")];
    Cell& c = listed.cell;
    c.id = rows.integer(i, "id");
    c.district = district;
    c.level = static_cast<int>(rows.integer(i, "level"));
    c.name = rows.text(i, "name");
    c.kind = rows.text(i, "kind");
    c.scheme = rows.text(i, "scheme");
    c.code = rows.text(i, "code");
    if (!rows.null(i, "area_m2")) c.area_m2 = c.area_m2.value_or(0) + rows.real(i, "area_m2");
    Way way;
    way.at[1] = rows.integer(i, "district_cell");
    way.at[2] = rows.integer(i, "town_cell");
    way.at[c.level] = c.id;
    listed.ways.push_back(way);
  }
  return cells;
}

/// The cells of a window: those of its first day from the cache, where the map does not change within it.
std::shared_ptr<const MapCache::Cells> cells_of(storage::Tx& tx, MapCache& maps, std::int64_t district, std::int64_t map_version, Day from, Day to, const std::string& known_at) {
  if (!known_at.empty()) return read_cells(tx, district, from, to, known_at);
  const auto epoch = tx.run(sql::figures_epoch, {std::to_string(district), to_string(from), to_string(to)});
  if (epoch.null(0, "since") || epoch.boolean(0, "changes")) return read_cells(tx, district, from, to, "");
  const MapCache::Key key{district, map_version, epoch.text(0, "since")};
  if (auto kept = maps.find(key)) return kept;
  auto cells = read_cells(tx, district, from, from + std::chrono::days{1}, "");
  maps.put(key, cells);
  return cells;
}

/// Where a leaf belongs on the last day that was read.
Way way_of(const Gathered& g, std::int64_t leaf) {
  const auto it = g.cells->find(leaf);
  return it == g.cells->end() ? Way{} : it->second.ways.back();
}

/// The sums that a place counts for, or nullptr when it lies outside `within`.
Sums* target(Gathered& g, const Way& way, const Cell& within, int level) {
  if (within.level > 1 && way.at[within.level] != within.id) return nullptr;
  if (way.leaf() == 0) return &g.unplaced;
  if (way.at[level] != 0) return &g.rows[way.at[level]];
  return &g.direct[way.leaf()];
}

void add_counts(Sums& s, const std::string& kind, double before_from, double before_to) {
  if (kind == "hazard_found") s.found += before_to - before_from;
  if (kind == "hazard_found") s.open += before_to;
  if (kind == "hazard_closed") s.open -= before_to;
  if (kind == "inspection") s.inspections += before_to - before_from;
  if (kind == "patrol") s.patrols += before_to - before_from;
}

bool asks_enterprises(const FiguresAsked& asked) {
  return std::ranges::any_of(asked.measures, [](const std::string& m) { return m == "hazards_per_enterprise" || m.ends_with("coverage"); });
}

/// The kinds of counts that the asked measures need, as an array of SQL.
std::string kinds_asked(const FiguresAsked& asked) {
  std::string kinds;
  const auto need = [&](const char* kind) {
    if (kinds.find(kind) == std::string::npos) kinds += (kinds.empty() ? "" : ",") + std::string(kind);
  };
  for (const std::string& m : asked.measures) {
    if (m.find("hazard") != std::string::npos) need("hazard_found");
    if (m == "open_hazard_density") need("hazard_closed");
    if (m == "inspection_visits") need("inspection");
    if (m == "patrol_visits") need("patrol");
  }
  return "{" + kinds + "}";
}

/// Adds what was counted per kind and place: from kept counts, or from the events as known at an instant.
void gather_counts(storage::Tx& tx, const FiguresAsked& asked, const Cell& within, const std::string& map_day, Gathered& g) {
  std::vector<storage::Param> p = {std::to_string(within.district), asked.source, asked.grade, to_string(asked.from), to_string(asked.to)};
  const auto put = [&](const Way& way, const storage::Rows& rows, std::size_t i, double sign) {
    if (Sums* s = target(g, way, within, asked.level))
      add_counts(*s, rows.text(i, "kind"), sign * rows.real(i, "before_from"), sign * rows.real(i, "before_to"));
  };
  const bool now = asked.known_at.empty();
  if (now) p.emplace_back(kinds_asked(asked));
  else p.insert(p.end(), {storage::or_null(map_day), asked.known_at});
  const auto counts = tx.run(now ? sql::figures_counts : sql::figures_counts_known, p);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    Way way{{0, counts.integer(i, "district_cell"), counts.integer(i, "town_cell"), counts.integer(i, "village_cell")}};
    if (!map_day.empty()) way = way_of(g, way.leaf());
    put(way, counts, i, 1);
  }
  if (map_day.empty() || !now) return;
  p.back() = map_day;
  const auto moves = tx.run(sql::figures_moves, p);
  for (std::size_t i = 0; i < moves.size(); ++i) {
    put(way_of(g, moves.integer(i, "stamped")), moves, i, -1);
    put(way_of(g, moves.integer(i, "placed")), moves, i, 1);
  }
}

void gather_enterprises(storage::Tx& tx, const FiguresAsked& asked, const Cell& within, const std::string& map_day, Gathered& g) {
  const auto units = tx.run(sql::figures_enterprises, {std::to_string(within.district), to_string(asked.from), to_string(asked.to),
                                                       storage::or_null(map_day), storage::or_null(asked.known_at)});
  for (std::size_t i = 0; i < units.size(); ++i) {
    Sums* s = target(g, way_of(g, units.integer(i, "leaf")), within, asked.level);
    if (s == nullptr) continue;
    s->active += units.real(i, "active");
    s->inspected += units.real(i, "inspected");
    s->patrolled += units.real(i, "patrolled");
    s->exposure += units.real(i, "exposure");
  }
}

/// A rate of a count with Garwood's interval.
Figure rate(double count, std::optional<double> base, const char* unit, const char* base_unit, const char* reason) {
  Figure f;
  f.unit = unit;
  f.numerator = count;
  f.denominator = base;
  f.denominator_unit = base_unit;
  if (!base || *base <= 0) {
    f.reason = reason;
    return f;
  }
  const stats::Bounds bounds = stats::garwood(static_cast<std::int64_t>(count));
  f.value = count / *base;
  f.low = bounds.low / *base;
  f.high = bounds.high / *base;
  return f;
}

/// A share with Wilson's interval.
Figure share(double part, double whole) {
  Figure f;
  f.unit = "1";
  f.numerator = part;
  f.denominator = whole;
  f.denominator_unit = "enterprise";
  if (whole <= 0) {
    f.reason = "no_denominator";
    return f;
  }
  const stats::Bounds bounds = stats::wilson(static_cast<std::int64_t>(part), static_cast<std::int64_t>(whole));
  f.value = part / whole;
  f.low = bounds.low;
  f.high = bounds.high;
  return f;
}

Figure count(double n) {
  Figure f;
  f.unit = "visit";
  f.numerator = n;
  f.value = n;
  return f;
}

using Make = std::function<Figure(const Sums&, std::optional<double>)>;
const std::vector<std::pair<std::string, Make>>& measures() {
  static const std::vector<std::pair<std::string, Make>> table = {
      {"hazard_density", [](const Sums& s, auto km2) { return rate(s.found, km2, "1/km2", "km2", "no_area"); }},
      {"open_hazard_density", [](const Sums& s, auto km2) { return rate(s.open, km2, "1/km2", "km2", "no_area"); }},
      {"hazards_per_enterprise", [](const Sums& s, auto) { return rate(s.found, s.exposure, "1/enterprise", "enterprise", "no_enterprise"); }},
      {"inspection_coverage", [](const Sums& s, auto) { return share(s.inspected, s.active); }},
      {"inspection_visits", [](const Sums& s, auto) { return count(s.inspections); }},
      {"patrol_coverage", [](const Sums& s, auto) { return share(s.patrolled, s.active); }},
      {"patrol_visits", [](const Sums& s, auto) { return count(s.patrols); }},
  };
  return table;
}

/// The part of a link that says whose records, in which mode and as known when.
std::string scope_of(const FiguresAsked& asked, const Cell& cell, bool direct, const std::string& map_day) {
  std::string scope = cell.id != 0 ? fmt::format("district={}&cell={}", cell.district, cell.id) : fmt::format("district={}", cell.district);
  if (direct) scope += "&direct=true";
  if (!map_day.empty()) scope += "&as_of=" + map_day;
  if (!asked.known_at.empty()) scope += "&known_at=" + asked.known_at;
  return scope;
}

/// Links to the records that the numerator and the denominator of a measure count.
void add_links(Figure& figure, const std::string& measure, const FiguresAsked& asked, const std::string& scope) {
  const std::string window = "&from=" + to_string(asked.from) + "&to=" + to_string(asked.to);
  std::string filter;
  if (!asked.source.empty()) filter += "&source=" + asked.source;
  if (!asked.grade.empty()) filter += "&grade=" + asked.grade;
  const std::string units = "/api/v1/enterprises?" + scope + window + "&counted=";
  if (measure == "open_hazard_density") figure.records = "/api/v1/hazards?" + scope + "&open_at=" + to_string(asked.to) + filter;
  else if (measure == "inspection_visits" || measure == "patrol_visits")
    figure.records = (measure[0] == 'i' ? "/api/v1/inspections?" : "/api/v1/patrols?") + scope + window + "&result=completed";
  else if (measure == "inspection_coverage" || measure == "patrol_coverage") figure.records = units + (measure[0] == 'i' ? "inspected" : "patrolled");
  else figure.records = "/api/v1/hazards?" + scope + window + filter;
  if (measure == "hazards_per_enterprise") figure.base_records = units + "exposed";
  if (measure.ends_with("coverage")) figure.base_records = units + "active";
}

FigureRow make_row(const FiguresAsked& asked, const Cell& cell, const Sums& sums, bool direct, const std::string& map_day) {
  FigureRow row{cell, {}};
  std::optional<double> km2;
  if (cell.area_m2 && !direct) km2 = *cell.area_m2 / 1e6;
  const std::string scope = scope_of(asked, cell, direct || cell.id == 0, map_day);
  for (const auto& [name, make] : measures()) {
    if (std::ranges::find(asked.measures, name) == asked.measures.end()) continue;
    Figure figure = make(sums, km2);
    add_links(figure, name, asked, scope);
    row.figures.emplace_back(name, std::move(figure));
  }
  return row;
}

}  // namespace

const std::vector<std::string>& measure_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const auto& [name, make] : measures()) out.push_back(name);
    return out;
  }();
  return names;
}

std::shared_ptr<const MapCache::Cells> MapCache::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  return found == kept_.end() ? nullptr : found->second;
}

void MapCache::put(const Key& key, std::shared_ptr<const Cells> cells) {
  const std::lock_guard lock(mutex_);
  // Maps of versions that have passed are asked for no more; beyond that a few days of each district are kept.
  std::erase_if(kept_, [&](const auto& one) { return one.first.district == key.district && one.first.map_version < key.map_version; });
  if (kept_.size() >= 256) kept_.clear();
  kept_[key] = std::move(cells);
}

Result<FigureTable> figures(storage::Pool& pool, MapCache& maps, const Principal& who, const FiguresAsked& asked) {
  return pool.read<FigureTable>([&](storage::Tx& tx) -> Result<FigureTable> {
    const auto within = asked.mode == Mode::as_was
        ? cell_in_window(tx, who, asked.within, to_string(asked.from), to_string(asked.to))
        : cell_in_window(tx, who, asked.within, "", "");
    if (!within) return fail(within.error());
    if (within->level > asked.level || asked.level > 3)
      return fail(Error::field("level", "must be district, town or village, and not above the cell of `within`"));
    FigureTable table;
    std::int64_t map_version = 0;
    const auto known = tx.run(sql::districts_list);
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (known.integer(i, "id") != within->district) continue;
      map_version = known.integer(i, "map_version");
      table.version = fmt::format("{}.{}.{}", within->district, known.integer(i, "map_version"), known.integer(i, "data_version"));
      if (asked.mode == Mode::as_is) table.as_of = known.text(i, "today");
      if (asked.mode == Mode::as_of) table.as_of = asked.as_of;
      if (!table.as_of.empty() && table.as_of < known.text(i, "holds_from"))
        return fail(Errc::rule_violated, "The map of this district begins on " + known.text(i, "holds_from") + ".");
    }
    Gathered g;
    const Day map_day = table.as_of.empty() ? asked.from : *parse_day(table.as_of);
    g.cells = cells_of(tx, maps, within->district, map_version, map_day, table.as_of.empty() ? asked.to : map_day + std::chrono::days{1}, asked.known_at);
    gather_counts(tx, asked, *within, table.as_of, g);
    if (asks_enterprises(asked)) gather_enterprises(tx, asked, *within, table.as_of, g);
    for (const auto& [id, listed] : *g.cells) {
      const bool inside = std::ranges::any_of(listed.ways, [&](const Way& w) { return w.at[within->level] == within->id; });
      if (listed.cell.level == asked.level && inside) table.rows.push_back(make_row(asked, listed.cell, g.rows[id], false, table.as_of));
    }
    for (const auto& [id, sums] : g.direct)
      if (g.cells->contains(id)) table.direct.push_back(make_row(asked, g.cells->at(id).cell, sums, true, table.as_of));
    if (within->level == 1) {
      Cell nowhere;
      nowhere.district = within->district;
      table.unplaced = make_row(asked, nowhere, g.unplaced, true, table.as_of);
    }
    return table;
  });
}

}  // namespace gridward::service
