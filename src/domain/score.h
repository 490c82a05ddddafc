#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gridward {

/// How a component of the score of key regions becomes points, as configured for a district and a day.
struct ScoreRule {
  std::string component;  // open_hazards, overdue_hazards, overdue_enterprises, coverage_gap, accidents
  std::string measure;    // the figure that it looks at
  double weight = 0;      // beside those of the others; they need not sum to 1
  bool of_mean = false;   // zero_at and full_at are multiples of the mean of all areas
  double zero_at = 0;     // where it has 0 points
  double full_at = 1;     // where it has 100
};

/// From when an area can be ranked at all.
struct ScoreFloors {
  double enterprises = 0;            // in scope on the last day
  double inspection_coverage = 0;    // of the look-back; 0: no floor
  double patrol_coverage = 0;        // the same; where patrols are not recorded there must be none
  int look_back_days = 365;          // up to the end of the window, whatever that is
};

/// A value with its 95 % interval.
struct Interval95 {
  double value = 0, low = 0, high = 0;
};

/// Points from 0 to 100: linear from zero_at to full_at, of the mean where the rule says so; 0 where that mean is 0.
[[nodiscard]] double points_of(const ScoreRule& rule, double value, double mean);

/// A sum of independent estimates, each times a weight >= 0. Limits by the method of variance estimates recovery (Zou and Donner 2008): the
/// distances from value to limit add up as squares.
[[nodiscard]] Interval95 weighted_sum(std::span<const Interval95> parts, std::span<const double> weights);

/// What is ranked: a score, and what decides between equal ones.
struct Scored {
  Interval95 score;
  std::string code;
};

struct Ranked {
  std::size_t index = 0;      // of what was given
  int rank = 0;               // from 1; equal scores have one rank
  bool distinguishable = false;  // from the next: their intervals do not touch; false of the last
};

/// The order from the highest score to the lowest: equal ones (to a millionth of a point) by code in byte order. The same input gives the same order.
[[nodiscard]] std::vector<Ranked> rank(std::span<const Scored> scored);

/// How many cannot be told from the first, itself among them: their intervals touch its own.
[[nodiscard]] std::size_t level_with_first(std::span<const Scored> scored, std::span<const Ranked> order);

}  // namespace gridward
