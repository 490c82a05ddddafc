#include "service/gather_courses.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "service/foreseen.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

/// The area of a place, whether of the events' own days or of the map's.
Sums* area_of(Gathered& g, const Gathering& what, const Way& way) {
  return target(g, what.map_day.empty() ? way : way_of(g, way.leaf()), what.within, what.asked.level);
}

/// Adds rows of places with durations; `sign` is -1 for what counts elsewhere.
void add_rows(const storage::Rows& rows, Views views, const std::function<Sums*(Gathered&, std::size_t)>& area, int sign) {
  const int took = rows.column("took"), closed = rows.column("closed"), n = rows.column("n");
  for (Gathered* g : views)
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (Sums* s = area(*g, i)) s->durations.add(static_cast<int>(rows.integer(i, took)), rows.view(i, closed) == "t", sign * static_cast<int>(rows.integer(i, n)));
}

/// Which series a request asks for, by their number.
std::vector<char> asked_series(storage::Tx& tx, const FiguresAsked& asked) {
  const auto rows = tx.run(sql::courses_series, {asked.source, asked.grade});
  std::vector<char> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto id = static_cast<std::size_t>(rows.integer(i, "id"));
    out.resize(std::max(out.size(), id + 1));
    out[id] = 1;
  }
  return out;
}

void add_block(const CourseBlock& block, DaySpan window, DayNumber end, const std::vector<char>& series, int sign, Durations& into) {
  auto at = std::ranges::lower_bound(block.courses, window.from, {}, &Course::found);
  for (; at != block.courses.end() && at->found < window.to; ++at) {
    if (static_cast<std::size_t>(at->series) >= series.size() || series[static_cast<std::size_t>(at->series)] == 0) continue;
    const bool closed = at->closed < end;
    into.add((closed ? at->closed : end) - at->found, closed, sign * at->n);
  }
}

/// The areas that a block counts in, and those that it is taken from.
std::vector<std::pair<Sums*, int>> areas_of(const CourseBlock& block, const Gathering& what, std::optional<DayNumber> map_day, Gathered& g) {
  std::vector<std::pair<Sums*, int>> out;
  const auto put = [&](Sums* area, int sign) {
    if (area != nullptr) out.emplace_back(area, sign);
  };
  if (!block.elsewhere) {
    put(area_of(g, what, block.way), 1);
  } else if (map_day && block.elsewhere->valid.contains(*map_day)) {
    put(target(g, way_of(g, block.elsewhere->stamped), what.within, what.asked.level), -1);
    put(target(g, way_of(g, block.elsewhere->placed), what.within, what.asked.level), 1);
  }
  return out;
}

void add_book(const CourseBook& book, const Gathering& what, DayNumber end, const std::vector<char>& series, Gathered& g) {
  const DaySpan window{number_of(what.asked.from), number_of(what.asked.to)};
  const auto year_of = [](Day day) { return static_cast<int>(std::chrono::year_month_day{day}.year()); };
  const int first = year_of(what.asked.from), last = year_of(what.asked.to - std::chrono::days{1});
  const auto day = what.map_day.empty() ? std::nullopt : parse_day(what.map_day);
  const auto map_day = day ? std::optional(number_of(*day)) : std::nullopt;
  const CourseBlock* before = nullptr;
  std::vector<std::pair<Sums*, int>> areas;
  for (const auto& block : book.blocks) {
    if (block->year < first || block->year > last) continue;
    if (before == nullptr || before->chain != block->chain) areas = areas_of(*block, what, map_day, g);
    before = block.get();
    for (const auto& [area, sign] : areas) add_block(*block, window, end, series, sign, area->durations);
  }
}

/// Adds the hazards that would stand elsewhere after a plan.
void add_replaced(const Gathering& what, DayNumber end, Gathered& g) {
  const DaySpan window{number_of(what.asked.from), number_of(what.asked.to)};
  for (const ReplacedCourse& r : g.foreseen->courses) {
    if (!window.contains(r.found)) continue;
    const bool closed = r.closed < end;
    for (const auto& [leaf, n] : {std::pair{r.before, -r.n}, std::pair{r.after, r.n}})
      if (Sums* s = target(g, way_of(g, leaf), what.within, what.asked.level)) s->durations.add((closed ? r.closed : end) - r.found, closed, n);
  }
}

}  // namespace

void gather_courses(storage::Tx& tx, CourseBooks& books, const Gathering& what, Day end, Views views) {
  const FiguresAsked& asked = what.asked;
  std::vector<storage::Param> p = {std::to_string(what.district.id), asked.source, asked.grade, to_string(asked.from), to_string(asked.to), to_string(end)};
  const auto add_placed = [&](const storage::Rows& rows) {
    add_rows(rows, views, [&](Gathered& g, std::size_t i) { return area_of(g, what, Way{{0, rows.integer(i, "district_cell"), rows.integer(i, "town_cell"), rows.integer(i, "village_cell")}}); }, 1);
  };
  if (!asked.known_at.empty()) {
    p.insert(p.end(), {storage::or_null(what.map_day), asked.known_at});
    return add_placed(tx.run(sql::courses_known, p));
  }
  const auto book = books.find(tx, what.district.id);
  const auto series = asked_series(tx, asked);
  for (Gathered* g : views) {
    add_book(*book, what, number_of(end), series, *g);
    if (g->foreseen != nullptr) add_replaced(what, number_of(end), *g);
  }
  add_placed(tx.run(sql::courses_waiting, p));
  if (what.map_day.empty()) return;
  p.emplace_back(what.map_day);
  const auto moved = tx.run(sql::courses_moved, p);
  const auto leaf = [&](const char* column) { return [&moved, &what, column](Gathered& g, std::size_t i) { return target(g, way_of(g, moved.integer(i, column)), what.within, what.asked.level); }; };
  add_rows(moved, views, leaf("stamped"), -1);
  add_rows(moved, views, leaf("placed"), 1);
}

}  // namespace gridward::service
