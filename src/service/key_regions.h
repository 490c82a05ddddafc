#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/figure.h"
#include "domain/score.h"
#include "service/figures.h"
#include "service/score_setup.h"

namespace gridward::service {

/// A component of an area's score: what it looks at, smoothed, and what that gives.
struct RegionComponent {
  std::string component, measure;
  std::optional<Interval95> value;  // smoothed with all areas of the answer; none where its figure has none
  double mean = 0;                  // of all areas together
  Interval95 points;
  double weight = 0;                // of the whole score; those of an area sum to 1
  [[nodiscard]] double contribution() const { return weight * points.value; }
};

/// One plain sentence, and what it is about: a component, or why an area is not ranked.
struct RegionReason {
  std::string about;
  Sentence sentence;
};

/// Score and place in another window.
struct RegionTrend {
  Comparison with{};
  std::optional<double> score;
  int rank = 0;
  std::string reason;  // why there is none: that of the window, no_such_cell, or why it was not ranked then
};

/// Who holds a post of a cell.
struct PostHolder {
  std::string post, name_zh, name_en;
  std::int64_t person = 0;  // 0: the post is vacant
  std::string name, phone;  // the phone masked
  bool acting = false;
};

struct KeyRegion {
  FigureRow row;  // the cell, and the figures behind its components
  std::vector<RegionComponent> components;
  Interval95 score;
  int rank = 0;  // 0: not ranked
  bool distinguishable = false;  // from the next
  std::vector<RegionReason> reasons;
  std::vector<RegionTrend> trend;
  std::vector<PostHolder> responsible;
};

/// Whether the areas of an answer differ in a component by more than chance.
struct ComponentEvidence {
  std::string component;
  double mean = 0;
  std::optional<double> p;   // that all areas have one rate; none where there is nothing to test
  bool differences = false;  // p < 0.05
};

struct RegionTable {
  Period period;
  std::string version, as_of;
  std::string data_until;  // the last day of which the district has a record; empty: none
  bool synthetic = false;
  ScoreSetup setup;
  std::vector<ComponentEvidence> evidence;
  std::vector<KeyRegion> ranked;        // from the highest score on
  std::vector<KeyRegion> insufficient;  // 数据不足／检查不足: not ranked, and not safe
  std::size_t level_with_first = 0;     // how many cannot be told from the first
  std::vector<FigureRow> elsewhere;     // what lies in none of the areas
  std::vector<TableComparison> compared;
  std::string responsible_on;           // the day of the posts
};

/// The areas of a level within a cell by how much they need attention, with all that a leader asks next (docs/key-regions.md). Of `asked` the
/// measures are not looked at; source and grade must be empty. Errors are those of figures().
Result<RegionTable> key_regions(FigureSources& sources, const Principal& who, const FiguresAsked& asked);

}  // namespace gridward::service
