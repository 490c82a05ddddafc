#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/sentence.h"
#include "domain/cell.h"
#include "domain/period.h"
#include "stats/funnel.h"
#include "stats/smooth.h"

namespace gridward {

/// A figure beside the same of another window, made by the same code. Intervals of changes and ratios take both for independent: where the same
/// hazards or enterprises are in both, they are wider than need be.
struct Earlier {
  Comparison with{};
  std::optional<double> value, numerator, denominator, low, high;  // of the other window
  std::string records, base_records;
  std::optional<double> change, change_low, change_high;  // value less the other's; of rates and shares with an interval
  std::optional<double> ratio, ratio_low, ratio_high;     // value ÷ the other's; of rates with an interval
  std::string reason;  // why there is no change, or no ratio
};

/// What a figure says of its area beside those that it is compared with.
struct SmallArea {
  stats::Smoothed smoothed;
  bool local = false;                  // smoothed with its neighbours; else with all areas
  bool clipped = false;                // the areas that it was smoothed with show no real differences: it is their mean
  std::optional<double> standardised;  // Assunção and Reis's z; none without exposure
  std::optional<double> expected;      // the rate of all areas together
  stats::FunnelArea funnel;
};

/// Whether the areas of an answer differ by more than chance, in one measure.
struct Evidence {
  stats::Family family = stats::Family::poisson;
  std::size_t areas = 0;  // that are compared: those with exposure
  std::optional<double> overall;            // the rate of all together
  double variance = 0, variance_moment = 0;  // of the true rates between areas; as estimated, before it was cut off at 0
  bool clipped = false;
  stats::Homogeneity homogeneity;
  Sentence no_evidence;  // of real differences; empty, where there is some
};

/// A number that explains itself. Without a value it has a reason, and never the other way round.
struct Figure {
  std::optional<double> value;
  std::string unit;
  double numerator = 0;
  std::optional<double> denominator;
  std::string denominator_unit;
  std::optional<double> low, high;
  std::string reason;
  std::string detail;        // what else a measure tells, as a JSON object; or empty
  std::string label;         // what the value is called, where it is a class and no quantity (红); or empty
  std::string records;       // link to what the numerator counts
  std::string base_records;  // link to what the denominator counts, where it counts something
  std::optional<stats::Family> family;  // of its numerator, if it is a rate of a count, or a share
  std::vector<Earlier> earlier;         // where a comparison was asked for
  std::optional<SmallArea> small_area;  // where smoothing was asked for

  /// Whether it is a rate of a count or a share, which can be compared between areas.
  [[nodiscard]] bool is_rate() const { return family && !denominator_unit.empty(); }
};

struct FigureRow {
  Cell cell;  // of an "unplaced" row only the district is known
  std::vector<std::pair<std::string, Figure>> figures;
};

/// What a window is compared with.
struct TableComparison {
  Comparison with{};
  Window window{};
  std::string basis;
  std::string reason;  // why it cannot be, or empty
};

struct FigureTable {
  std::vector<FigureRow> rows;
  std::vector<FigureRow> direct;  // what lies in a cell but in none of its children
  std::optional<FigureRow> unplaced;
  std::string version;
  std::string as_of;  // the map day, or empty for as_was
  Period period;
  std::vector<TableComparison> compared;
  /// By measure, where smoothing was asked for; none for what is neither a rate of a count nor a share.
  std::vector<std::pair<std::string, std::optional<Evidence>>> evidence;
};

}  // namespace gridward
