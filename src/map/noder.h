#pragma once

#include <cstdint>
#include <vector>

#include "map/wkb.h"

namespace gridward::map {

/// Finds the vertices that lie on the edges of rings without being theirs: where one neighbour's border has a corner and the other's runs straight on.
class Noder {
 public:
  using Id = std::uint32_t;  // of a vertex: its index into `points`

  /// `points` in degrees; they must outlive it.
  explicit Noder(const std::vector<Point>& points);
  /// A ring of vertices with those put in that lie on its edges, to a centimetre.
  [[nodiscard]] std::vector<Id> noded(const std::vector<Id>& ring) const;

 private:
  void add_between(Id from, Id to, std::vector<Id>& out) const;
  [[nodiscard]] std::int64_t column_of(double x) const;
  [[nodiscard]] std::int64_t row_of(double y) const;

  const std::vector<Point>& points_;
  Point low_;
  double side_ = 1;  // of the squares in which the vertices are sorted
  std::int64_t columns_ = 1, rows_ = 1;
  std::vector<std::uint32_t> starts_;
  std::vector<Id> sorted_;  // by square
};

}  // namespace gridward::map
