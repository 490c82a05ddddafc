#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "service/assessment.h"
#include "service/figures.h"
#include "service/map_cells.h"
#include "stats/timing.h"

namespace gridward::service {

/// What kept counts are added up to. Of stocks, what there is at the end of the window.
enum class Count : std::uint8_t {
  found, found_major, open, open_major, closed, closed_major, reviewed_major, due, on_time, overdue, followed, recurred,
  found_by_inspection, found_by_patrol, inspections, inspections_attempted, patrols, patrols_attempted, accidents, accidents_ordinary, accidents_larger, accidents_serious,
  accidents_extraordinary, last
};

/// How long hazards took to be closed: how many took so many days, and how many are open since so many.
class Durations {
 public:
  /// n may be below 0, for hazards that count elsewhere.
  void add(int days, bool closed, int n) {
    auto& counts = closed ? closed_ : open_;
    const auto at = static_cast<std::size_t>(days);
    if (at >= counts.size()) counts.resize(at + 1);
    counts[at] += n;
  }
  [[nodiscard]] double closed() const { return std::accumulate(closed_.begin(), closed_.end(), 0.0); }
  [[nodiscard]] double found() const { return std::accumulate(open_.begin(), open_.end(), closed()); }
  /// Open ones censored; by time.
  [[nodiscard]] std::vector<stats::Spell> spells() const {
    std::vector<stats::Spell> out;
    for (std::size_t days = 0; days < std::max(closed_.size(), open_.size()); ++days) {
      if (days < closed_.size() && closed_[days] > 0) out.push_back({static_cast<double>(days), true, static_cast<std::size_t>(closed_[days])});
      if (days < open_.size() && open_[days] > 0) out.push_back({static_cast<double>(days), false, static_cast<std::size_t>(open_[days])});
    }
    return out;
  }

 private:
  std::vector<int> closed_, open_;  // by days
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
  Durations durations;  // of hazards found in the window, up to its end
};

struct Foreseen;

/// What one request gathers before it makes rows, on one state of the map.
struct Gathered {
  int level = 0;  // of the cells that its rows are of; 0: the asked one
  std::shared_ptr<const MapCells::Cells> cells;
  const Foreseen* foreseen = nullptr;  // a plan that is not carried out yet: what it would change (with Mode::as_of its day)
  std::shared_ptr<const Staff> staff;  // of the last day of the window, if a measure looks at it; shared with what keeps it
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

/// The sums that a place counts for, or nullptr when it lies outside `within`; `level`: where the view has none of its own.
[[nodiscard]] Sums* target(Gathered& g, const Way& way, const Cell& within, int level);

/// Several states of the map, for which the same is gathered at once.
using Views = std::span<Gathered* const>;

/// Adds up what the asked measures need, and nothing else. The staff of a view that has none is read.
void gather(storage::Tx& tx, FigureSources& sources, const Gathering& what, Views views);

/// The window of a figure as its enterprises are looked at.
[[nodiscard]] AssessedWindow assessed_window(const Gathering& what);

/// Why an enterprise is not under effective supervision on the last day of a window; nothing, if it is.
[[nodiscard]] std::vector<std::string> supervision_faults(const Enterprise& e, const Assessed& assessed, const Way& way, const Staff& staff, DayNumber last_day);

}  // namespace gridward::service
