#pragma once

#include <string>
#include <vector>

#include "base/day.h"
#include "base/result.h"
#include "domain/figure.h"
#include "domain/period.h"
#include "domain/principal.h"
#include "service/courses.h"
#include "service/map_cells.h"
#include "service/neighbours.h"
#include "service/rosters.h"
#include "storage/database.h"

namespace gridward::service {

enum class Mode { as_was, as_is, as_of };

/// With which areas a figure is smoothed: all of the answer, or those that touch it.
enum class Smoothing { none, global, local };

struct FiguresAsked {
  std::vector<std::string> measures;
  int level = 3;
  std::string within;
  PeriodAsked period;
  Day from, to;  // of the period, once it is settled
  Mode mode = Mode::as_was;
  std::string as_of;     // with Mode::as_of
  std::string known_at;  // an instant; empty: now
  std::string source, grade;
  std::vector<Comparison> compare;  // each figure beside that of an earlier window
  Smoothing smoothing = Smoothing::none;
};

/// The measures that figures() knows.
[[nodiscard]] const std::vector<std::string>& measure_names();

/// What figures are made with and keep for the next.
struct FigureSources {
  storage::Pool reads;
  MapCells& cells;
  Rosters& rosters;
  Neighbours& neighbours;
  CourseBooks& courses;
};

/// The figures of the cells of a level within a cell. Children, with `direct` and `unplaced`, sum to their parent in each mode.
Result<FigureTable> figures(FigureSources& sources, const Principal& who, const FiguresAsked& asked);

}  // namespace gridward::service
