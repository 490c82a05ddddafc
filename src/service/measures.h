#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/figure.h"
#include "service/figure_sums.h"

namespace gridward::service {

/// What must be gathered for some measures.
struct Needs {
  std::vector<std::string> kinds;           // of kept counts, up to the end of the window
  std::vector<std::string> deadline_kinds;  // the same, up to today where the window ends later
  bool apart = false;                       // counts of hazards by source and grade
  bool courses = false, enterprises = false, supervision = false, network = false;
};
[[nodiscard]] Needs needs_of(const std::vector<std::string>& measures);

/// What a figure is divided by beside its sums.
struct Basis {
  std::optional<double> km2;
  const Weights& weights;
};

/// A row's links: whose records, in which window, with which filters.
struct LinkScope {
  std::string scope;            // district, cell, direct, mode
  std::string posts;            // the same for posts on the last day; empty: no cell has any there
  std::string from, to;
  std::string end;              // of what is judged by deadlines: the window's, or today where that is earlier
  std::string until;            // of what has happened: the window's, or the day after today
  std::string source, grade;
};

/// What a measure's numerator is, if it can be compared between areas: a rate of a count, or a share. None for what is neither.
[[nodiscard]] std::optional<stats::Family> family_of(const std::string& measure);

/// A count by area, in 1/km2, with Garwood's interval; without an area its reason is no_area.
[[nodiscard]] Figure density(double count, std::optional<double> km2);

/// The unit of a measure, which is one of measure_names(): that of each of its figures.
[[nodiscard]] std::string unit_of(const std::string& measure);

/// The figure of a measure, with its links. The measure is one of measure_names().
[[nodiscard]] Figure make_figure(const std::string& measure, const Sums& sums, const Basis& basis, const LinkScope& link);

}  // namespace gridward::service
