#include "map/bandwidth.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "map/heat_field.h"

namespace gridward::map {
namespace {

constexpr double kReach = 5;  // bandwidths
constexpr double kMuch = 0.1;  // of the height of one kernel: what the others add up to where the lattice can tell it from a point's own
constexpr double kSquareKilometre = 1e6;
constexpr double kLeast = 0.25, kMost = 4;  // of the pilot bandwidth

double height(double bandwidth) { return 1 / (2 * std::numbers::pi * bandwidth * bandwidth); }

/// Points by squares as wide as kernels reach, so that what reaches a place lies in the nine around it.
class Squares {
 public:
  Squares(std::span<const WeightedPoint> points, const Raster& around, double reach) : points_(points), west_(around.west), north_(around.north), reach_(reach) {
    columns_ = 1 + static_cast<std::size_t>(static_cast<double>(around.columns) * around.spacing / reach);
    rows_ = 1 + static_cast<std::size_t>(static_cast<double>(around.rows) * around.spacing / reach);
    starts_.assign(columns_ * rows_ + 1, 0);
    for (const WeightedPoint& p : points) ++starts_[square_of(p) + 1];
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    auto next = starts_;
    order_.resize(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) order_[next[square_of(points[i])]++] = i;
  }

  /// The sum of the kernels of all points but one, at that one.
  [[nodiscard]] double others(std::size_t of, double bandwidth) const {
    const WeightedPoint& p = points_[of];
    const std::size_t column = column_of(p), row = row_of(p);
    double sum = 0;
    for (std::size_t j = row == 0 ? 0 : row - 1; j < std::min(rows_, row + 2); ++j)
      for (std::size_t i = column == 0 ? 0 : column - 1; i < std::min(columns_, column + 2); ++i)
        for (std::size_t k = starts_[j * columns_ + i]; k < starts_[j * columns_ + i + 1]; ++k) {
          const WeightedPoint& q = points_[order_[k]];
          const double d2 = ((p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y)) / (bandwidth * bandwidth);
          if (order_[k] != of && d2 <= kReach * kReach) sum += q.weight * std::exp(-d2 / 2);
        }
    return sum * height(bandwidth);
  }

 private:
  [[nodiscard]] std::size_t column_of(const WeightedPoint& p) const { return std::min(columns_ - 1, static_cast<std::size_t>(std::max(0.0, (p.x - west_) / reach_))); }
  [[nodiscard]] std::size_t row_of(const WeightedPoint& p) const { return std::min(rows_ - 1, static_cast<std::size_t>(std::max(0.0, (north_ - p.y) / reach_))); }
  [[nodiscard]] std::size_t square_of(const WeightedPoint& p) const { return row_of(p) * columns_ + column_of(p); }

  const std::span<const WeightedPoint> points_;
  const double west_, north_, reach_;
  std::size_t columns_ = 1, rows_ = 1;
  std::vector<std::size_t> starts_, order_;
};

}  // namespace

double leave_one_out_likelihood(std::span<const WeightedPoint> points, std::span<const Polygon> land, const Raster& lattice, double bandwidth) {
  const Field inside = part_inside_field(land, lattice, bandwidth), all = density_field(points, lattice, nullptr, bandwidth, EdgeCorrection::none);
  const Squares squares(points, lattice, kReach * bandwidth);
  double sum = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const WeightedPoint& p = points[i];
    const double own = p.weight * height(bandwidth);
    double others = all.at(p.x, p.y) / kSquareKilometre - own;
    if (others < kMuch * own) others = squares.others(i, bandwidth);
    if (others <= 0) return -std::numeric_limits<double>::infinity();
    sum += p.weight * std::log(others / inside.at(p.x, p.y));
  }
  return sum;
}

double likelihood_bandwidth(std::span<const WeightedPoint> points, std::span<const Polygon> land, const std::function<Raster(double)>& lattice, double low, double high) {
  constexpr int kSteps = 24, kSections = 10;
  const double step = std::pow(high / low, 1.0 / kSteps);
  const auto likelihood = [&](double h) { return leave_one_out_likelihood(points, land, lattice(h), h); };
  double best = std::numeric_limits<double>::quiet_NaN(), most = -std::numeric_limits<double>::infinity();
  for (int i = 0; i <= kSteps; ++i) {
    const double h = low * std::pow(step, i), value = likelihood(h);
    if (value > most) best = h, most = value;
  }
  if (std::isnan(best)) return best;
  double from = std::max(low, best / step), to = std::min(high, best * step);
  for (int i = 0; i < kSections; ++i) {
    const double section = std::pow(to / from, 1 - 1 / std::numbers::phi), left = from * section, right = to / section;
    if (likelihood(left) < likelihood(right)) from = left;
    else to = right;
  }
  return std::sqrt(from * to);
}

std::vector<double> adaptive_bandwidths(std::span<const WeightedPoint> points, std::span<const Polygon> land, const Raster& lattice, double pilot) {
  const Field inside = part_inside_field(land, lattice, pilot), density = density_field(points, lattice, &inside, pilot, EdgeCorrection::uniform);
  std::vector<double> out;
  double logs = 0;
  for (const WeightedPoint& p : points) {
    out.push_back(std::log(std::max(density.at(p.x, p.y), std::numeric_limits<double>::min())));
    logs += out.back();
  }
  for (double& h : out) h = pilot * std::clamp(std::exp(-(h - logs / static_cast<double>(points.size())) / 2), kLeast, kMost);
  return out;
}

}  // namespace gridward::map
