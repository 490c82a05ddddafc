#include "service/overlay_figures.h"

#include <array>
#include <unordered_map>

#include "map/snapshot.h"
#include "service/ground.h"
#include "service/measures.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

enum What : std::size_t { found, open, inspections, enterprises };
constexpr std::array<const char*, 4> kMeasures = {"hazard_density", "open_hazard_density", "inspection_density", "enterprise_density"};
using Counts = std::array<std::int64_t, kMeasures.size()>;

/// Where events and enterprises are counted: the areas of a day, and what lies in none.
struct Places {
  std::vector<map::Shape> shapes;
  std::vector<OverlayFigureRow> rows;
  std::vector<std::optional<double>> km2;
  std::unordered_map<std::int64_t, std::size_t> row_of;  // of an area
  std::unordered_map<std::int64_t, map::Point> enterprises;  // that have a point
  std::vector<Counts> counts;  // by row; the last is of what lies in none
};

void read_areas(storage::Tx& tx, const OverlayFigures& out, const storage::Param& cell, Places& places) {
  const auto rows = tx.run(sql::overlays_figure_areas, {std::to_string(out.within.district), std::to_string(out.overlay.id), out.at, cell});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t id = rows.integer(i, "id");
    places.shapes.push_back({id, 0, rows.text(i, "code"), rows.bytes(i, "wkb")});
    places.row_of.emplace(id, i);
    places.rows.push_back({id, rows.text(i, "code"), rows.text(i, "name"), {}});
    places.km2.push_back(rows.null(i, "area_m2") ? std::nullopt : std::optional(rows.real(i, "area_m2") / 1e6));
  }
  places.counts.resize(rows.size() + 1);
}

std::size_t row_at(const Places& places, const map::Snapshot& ground, std::optional<map::Point> at) {
  const std::int64_t area = at ? ground.cell_at(*at) : 0;
  return area == 0 ? places.rows.size() : places.row_of.at(area);
}

void count_enterprises(storage::Tx& tx, const OverlayFigures& out, const storage::Param& cell, const map::Snapshot& ground, Places& places) {
  const auto rows = tx.run(sql::overlays_figure_enterprises, {std::to_string(out.within.district), out.at, cell});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::optional<map::Point> at;
    if (!rows.null(i, "lon")) at = map::Point{rows.real(i, "lon"), rows.real(i, "lat")};
    if (at) places.enterprises.emplace(rows.integer(i, "id"), *at);
    if (rows.boolean(i, "counts")) ++places.counts[row_at(places, ground, at)][enterprises];
  }
}

/// Counts the events that a filter chooses, and that `counts` has.
template <class Has>
Result<void> count_events(storage::Pool& pool, EventPoints& events, const District& district, const OverlayFigures& out, const PointFilter& filter, What what, const map::Snapshot& ground, Places& places, const Has& has) {
  const auto years = events.find(pool, district, filter);
  if (!years) return fail(years.error());
  for (const auto& year : *years) {
    const ChosenEvents chosen(*year, filter, std::nullopt);
    for (const EventPoint& p : year->points) {
      if (!chosen.has(p) || (out.within.level > 1 && year->chains[p.chain].way.at[out.within.level] != out.within.id) || !has(*year, p)) continue;
      std::optional<map::Point> at;
      if (p.placed()) at = map::Point{p.at.lon, p.at.lat};
      else if (const auto unit = places.enterprises.find(p.enterprise); unit != places.enterprises.end()) at = unit->second;
      ++places.counts[row_at(places, ground, at)][what];
    }
  }
  return {};
}

void add_figures(OverlayFigureRow& row, const Counts& counts, const std::optional<double>& km2) {
  for (std::size_t i = 0; i < kMeasures.size(); ++i) {
    Figure f = density(static_cast<double>(counts[i]), km2);
    if (i == enterprises) f.low = f.high = std::nullopt;  // no sample
    row.figures.emplace_back(kMeasures[i], std::move(f));
  }
}

void fill_rows(Places& places, OverlayFigures& out) {
  Counts all{};
  for (const Counts& counts : places.counts)
    for (std::size_t i = 0; i < counts.size(); ++i) all[i] += counts[i];
  for (std::size_t i = 0; i < places.rows.size(); ++i) add_figures(places.rows[i], places.counts[i], places.km2[i]);
  add_figures(out.outside, places.counts.back(), std::nullopt);
  add_figures(out.total, all, out.within.area_m2 ? std::optional(*out.within.area_m2 / 1e6) : std::nullopt);
  out.rows = std::move(places.rows);
}

}  // namespace

Result<OverlayFigures> overlay_figures(storage::Pool& pool, EventPoints& events, const Principal& who, std::int64_t overlay, const FiguresAsked& asked) {
  OverlayFigures out;
  Places places;
  District district;
  std::optional<map::Snapshot> ground;
  const auto read = pool.read<int>([&](storage::Tx& tx) -> Result<int> {
    const auto stands = find_ground(tx, who, asked);
    if (!stands) return fail(stands.error());
    if (stands->within.level > 3) return fail(Error::field("within", "give a district, a town or a village"));
    out.within = stands->within;
    out.period = stands->period;
    out.at = stands->neighbours_day();
    district = stands->district;
    const auto named = find_overlay(tx, district.id, overlay, out.at);
    if (!named) return fail(named.error());
    out.overlay = *named;
    const storage::Param cell = out.within.level == 1 ? storage::Param{} : std::to_string(out.within.id);
    read_areas(tx, out, cell, places);
    ground.emplace(places.shapes);
    count_enterprises(tx, out, cell, *ground, places);
    return 0;
  });
  if (!read) return fail(read.error());
  const Window& window = out.period.window;
  const auto any = [](const EventYear&, const EventPoint&) { return true; };
  const auto completed = [](const EventYear& year, const EventPoint& p) { return year.texts[p.result] == "completed"; };
  if (auto ok = count_events(pool, events, district, out, {.kind = "hazard", .window = window}, found, *ground, places, any); !ok) return fail(ok.error());
  if (auto ok = count_events(pool, events, district, out, {.kind = "hazard", .open_at = to_string(window.to - std::chrono::days{1})}, open, *ground, places, any); !ok) return fail(ok.error());
  if (auto ok = count_events(pool, events, district, out, {.kind = "inspection", .window = window}, inspections, *ground, places, completed); !ok) return fail(ok.error());
  fill_rows(places, out);
  return out;
}

}  // namespace gridward::service
