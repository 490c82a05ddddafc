#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/figure.h"
#include "domain/principal.h"
#include "service/figures.h"
#include "service/neighbours.h"
#include "stats/cluster.h"

namespace gridward::service {

/// Which value of an area is looked at: the rate standardised after Assunção and Reis, so that small areas do not pass for extremes; the
/// empirical Bayes rate; the rate as it is.
enum class AreaValue { standardised, smoothed, raw };

struct HotspotsAsked {
  FiguresAsked figures;  // of one measure
  std::string at;        // the day of the map; empty: that of the mode, or the last of the window
  bool gi_star = true, moran_local = true, moran_global = true;
  AreaValue value = AreaValue::standardised;
  Linking linking;
  std::optional<int> permutations;     // none: see hotspots(); 0: p from the normal distribution
  std::optional<std::uint64_t> seed;   // none: one that follows from the versions of the data
  double fdr = 0.05;
  bool drawn = false;  // with shapes
};

/// Permutations of a request that names none: so many that a single area can pass the false discovery rate, if these are no more than the
/// most that may be asked for; else, and at least, the fewest.
inline constexpr int kFewestPermutations = 999, kMostPermutations = 9999;

/// What an area is in a map of hot spots, beside its figure.
struct HotspotArea {
  std::optional<double> value;
  std::string no_data;                    // why it has no value; or empty
  std::vector<std::int64_t> neighbours;   // among the areas of the answer
  std::optional<stats::LocalStatistic> gi_star, moran_local;
  std::string geometry;                   // GeoJSON, where it was asked for and there is one
};

struct Hotspots {
  FigureTable table;               // of one measure
  std::vector<HotspotArea> areas;  // of its rows
  std::string at;
  Linking linking;
  int permutations = 0;
  std::uint64_t seed = 0;
  double fdr = 0;
  AreaValue value = AreaValue::standardised;
  stats::Basis basis;
  std::optional<stats::GlobalMoran> moran_global;
  std::size_t gi_star_significant = 0, moran_local_significant = 0;
  Evidence evidence;
  std::vector<Sentence> warnings;
};

/// Clusters of high and low values of a measure among the cells of a level within a cell, as they lie side by side on a day of the map.
/// invalid_argument for a measure that is neither a rate of counts nor a share, and for neighbours and permutations that are too many
/// together; else as figures().
Result<Hotspots> hotspots(FigureSources& sources, const Principal& who, const HotspotsAsked& asked);

}  // namespace gridward::service
