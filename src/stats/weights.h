#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace gridward::stats {

/// A neighbour of an area: its index, and the weight of the link (1 for contiguity, or a shared length, or a falling function of distance).
struct Link {
  std::size_t to = 0;
  double weight = 1;
};

/// Which areas are neighbours, with weights, in compressed rows: `to[starts[i] .. starts[i + 1])` are those of area i, rising.
/// Immutable.
class Weights {
 public:
  /// From the neighbours of each area. invalid_argument where an index does not exist, is named twice or is the area itself, where a
  /// weight is not a positive number, or where j is a neighbour of i but i none of j. The two weights of a pair may differ.
  static Result<Weights> from_lists(std::span<const std::vector<Link>> lists);

  [[nodiscard]] std::size_t size() const { return starts_.size() - 1; }
  [[nodiscard]] std::size_t links() const { return to_.size(); }
  [[nodiscard]] std::span<const std::uint32_t> neighbours(std::size_t i) const { return {to_.data() + starts_[i], starts_[i + 1] - starts_[i]}; }
  [[nodiscard]] std::span<const double> weights(std::size_t i) const { return {weight_.data() + starts_[i], starts_[i + 1] - starts_[i]}; }

  /// Areas without a neighbour other than themselves.
  [[nodiscard]] std::vector<std::size_t> islands() const;
  /// Each weight 1: contiguity.
  [[nodiscard]] Weights binary() const;
  /// Each row divided by its sum; islands keep an empty row.
  [[nodiscard]] Weights row_standardised() const;
  /// Each area a neighbour of itself too, with a weight: what Gi* asks. An area that is its own neighbour already is left as it is.
  [[nodiscard]] Weights with_self(double weight = 1) const;
  /// Only the areas with keep[i] != 0, numbered anew in their order, and the links among them. keep has size() elements.
  [[nodiscard]] Weights among(std::span<const char> keep) const;

 private:
  Weights() = default;
  std::vector<std::size_t> starts_{0};
  std::vector<std::uint32_t> to_;
  std::vector<double> weight_;
};

}  // namespace gridward::stats
