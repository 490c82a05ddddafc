#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/result.h"
#include "stats/balance.h"

namespace gridward {

/// Of a unit: it is in no zone.
inline constexpr std::size_t kNoZone = std::numeric_limits<std::size_t>::max();

/// A border that a unit shares with another.
struct SharedEdge {
  std::size_t to = 0;
  double metres = 0;
};

/// Units, such as villages, that are to be shared out among zones, such as those of officers.
struct ZoningProblem {
  std::vector<double> load;                      // of each unit, >= 0
  std::vector<double> cost;                      // of handing it over, >= 0: its enterprises, say
  std::vector<std::vector<SharedEdge>> beside;   // whom it can be in one piece with, both ways; a barrier is an edge left out
  std::size_t zones = 0;
  std::vector<std::size_t> current;              // the zone of each unit now; kNoZone: in none
  std::vector<bool> locked;                      // those that stay where they are
};

struct ZoningOptions {
  std::uint64_t seed = 1;
  int restarts = 16;
  double moved_weight = 0.1;       // λ: of the part of all cost that is handed over
  double perimeter_weight = 0.005;  // μ: of the part of all borders that runs between zones
  std::optional<double> most_cost; // what may be handed over at most: the disruption budget
};

/// How good a plan of zones is.
struct ZoningMeasures {
  std::vector<double> load;         // of each zone
  std::vector<std::size_t> pieces;  // of each zone: connected pieces of ground
  stats::Spread spread;             // of load
  std::size_t moved = 0;            // units that are in another zone than now
  double moved_cost = 0;            // of them
  double border_metres = 0;         // between units of different zones
  /// imbalance + λ·moved cost / all cost + μ·border between zones / all borders, where imbalance = (max/mean − 1) + the root mean square of what loads differ from
  /// those of even zones on the same piece of ground, over the mean: CV, where the ground is in one piece.
  double objective = 0;
};

/// What no plan can do better than, and why.
struct ZoningBound {
  enum class Reason { mean, unit, locked, pigeonhole, ground } reason = Reason::mean;
  double max_to_mean = 1;
  std::size_t unit = 0;  // unit: which alone is more than the mean
};

struct Zoning {
  std::vector<std::size_t> zone;  // of each unit
  ZoningMeasures before, after;   // before: of the units that are in a zone now
  ZoningBound bound;
  int restart = 0;       // which of them found it
  std::size_t steps = 0; // of all restarts
};

[[nodiscard]] ZoningMeasures measure_zones(const ZoningProblem& problem, const ZoningOptions& options, const std::vector<std::size_t>& zone);
/// The largest of: the mean; the heaviest unit; the heaviest zone's locked units; and, as of any k·j + 1 units some zone has j + 1 at least, the sum of the
/// j + 1 lightest of the k·j + 1 heaviest (the bounds of P||Cmax); and, where the ground is in pieces and no zone spans two now, the load for each zone of the piece
/// that fares worst when zones are given to the pieces as well as can be. Divided by the mean.
[[nodiscard]] ZoningBound bound_of(const ZoningProblem& problem);

/// Shares units out so that loads are even, by an exchange heuristic from the plan that is there (units in no zone are grown onto the lightest zone first, from
/// seeds of their own where a zone has none): single moves over a border and exchanges across it, tabu for what moved lately, the best of some restarts, each with
/// a stream of chance of its own. No move cuts a zone in two (a cut vertex, by Boost.Graph, stays), empties it, or takes a locked unit, so that no zone
/// has more pieces than before; a zone made anew is one piece where the units allow it. The same seed gives the same answer.
/// Fails where the lists do not fit together or there are fewer units than zones.
[[nodiscard]] Result<Zoning> balance_zones(const ZoningProblem& problem, const ZoningOptions& options);

}  // namespace gridward
