#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "geo/adjacency.h"
#include "service/kept.h"
#include "stats/weights.h"
#include "storage/database.h"

namespace gridward::service {

/// The cells of one level of a district on a day, as they lie on the ground.
struct Neighbourhood {
  std::vector<std::int64_t> cells;  // those that have a shape, by rising id
  geo::Adjacency touching;          // of `cells`: all that touch, with the metres of border that they share
  std::vector<std::optional<geo::LonLat>> points;  // one inside each
};

/// Who counts as a neighbour.
struct Linking {
  enum class Kind { rook, queen, distance } kind = Kind::rook;
  double min_shared_m = 10;  // rook: of shared border; not below kLeastShared
  double distance_m = 0;     // distance: between points inside the cells
};

/// Borders no further apart than this are the same; below four of it a corner could not be told from a border.
inline constexpr double kBorderTolerance = 1;
inline constexpr double kLeastShared = 4 * kBorderTolerance;

/// The neighbourhoods of districts by level and by the days between which their maps do not change, by map version: finding out who touches
/// whom takes a second for 20,000 villages, and requests seldom ask of another map.
class Neighbours {
 public:
  using Ptr = std::shared_ptr<const Neighbourhood>;  // shared with the requests that use it

  Neighbours();
  /// The neighbourhood of a level on a day: kept, where it is asked for as known now.
  Ptr find(storage::Tx& tx, const District& district, int level, const std::string& day, const std::string& known_at);
  /// How many bytes are kept.
  [[nodiscard]] std::size_t bytes() { return kept_.bytes(); }

 private:
  Kept<Neighbourhood> kept_;
};

/// The links among some cells, numbered in their order; a cell that is not in the neighbourhood has none. Every link weighs 1. too_large
/// where a distance makes more than a million pairs.
[[nodiscard]] Result<stats::Weights> links_among(const Neighbourhood& neighbourhood, std::span<const std::int64_t> cells, const Linking& linking);

}  // namespace gridward::service
