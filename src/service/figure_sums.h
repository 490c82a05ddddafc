#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "service/assessment.h"
#include "service/figures.h"
#include "service/map_cells.h"

namespace gridward::service {

/// What kept counts are added up to. Of stocks, what there is at the end of the window.
enum class Count : std::uint8_t {
  found, found_major, open, open_major, closed, closed_major, reviewed_major, due, on_time, overdue,
  found_by_inspection, found_by_patrol, inspections, inspections_attempted, patrols, patrols_attempted, accidents, accidents_ordinary, accidents_larger, accidents_serious,
  accidents_extraordinary, last
};

/// How long one or more hazards took to be closed; open ones have taken that long at least.
struct Course {
  int days = 0;
  bool closed = false;
  int n = 0;
};

/// What is counted in one area.
struct Sums {
  std::array<double, static_cast<std::size_t>(Count::last)> counts{};
  double& at(Count c) { return counts[static_cast<std::size_t>(c)]; }
  [[nodiscard]] double at(Count c) const { return counts[static_cast<std::size_t>(c)]; }

  double active = 0, exempt = 0, exposure = 0, employees = 0, without_headcount = 0, supervised = 0;
  std::array<int, 5> in_scope_by_grade{};  // by risk grade; [0]: without one
  std::array<int, 5> active_by_grade{};    // exempt ones too: what stands still can still burn
  struct Visits {
    double visited = 0, due = 0, on_time = 0, required = 0, done = 0, above_cap = 0, visits_above_cap = 0, without_rule = 0;
    std::array<int, 5> visited_by_grade{};
    std::vector<std::pair<int, int>> overdue;  // risk grade and days of each
  };
  std::array<Visits, 2> visits;
  [[nodiscard]] const Visits& of(VisitKind kind) const { return visits[static_cast<std::size_t>(kind)]; }

  double officers = 0, safety_officers = 0, cells = 0;
  std::vector<Course> courses;
  double followed = 0, again = 0;
};

/// What one request gathers before it makes rows.
struct Gathered {
  std::shared_ptr<const MapCells::Cells> cells;
  std::map<std::int64_t, Sums> rows;    // by the cell of the asked level
  std::map<std::int64_t, Sums> direct;  // by the cell that has no child there
  Sums unplaced;
  Weights weights;
};

/// What figures are gathered for: the window on the district's map, settled.
struct Gathering {
  const FiguresAsked& asked;
  const Cell& within;
  const District& district;
  std::string map_day;  // empty: as_was
};

/// Where a leaf belongs on the last day that was read; all 0 where there is no such leaf.
[[nodiscard]] Way way_of(const Gathered& g, std::int64_t leaf);

/// The sums that a place counts for, or nullptr when it lies outside `within`.
[[nodiscard]] Sums* target(Gathered& g, const Way& way, const Cell& within, int level);

/// Adds up what the asked measures need, and nothing else.
void gather(storage::Tx& tx, Rosters& rosters, const Gathering& what, Gathered& g);

/// The window of a figure as its enterprises are looked at.
[[nodiscard]] AssessedWindow assessed_window(const Gathering& what);

/// Why an enterprise is not under effective supervision on the last day of a window; nothing, if it is.
[[nodiscard]] std::vector<std::string> supervision_faults(const Enterprise& e, const Assessed& assessed, const Way& way, const Staff& staff, DayNumber last_day);

}  // namespace gridward::service
