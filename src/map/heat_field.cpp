#include "map/heat_field.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace gridward::map {
namespace {

constexpr double kReach = 5;          // bandwidths
constexpr double kLeastPart = 1e-6;   // of a kernel: less than this inside is a spike of the border between nodes
constexpr double kSquareKilometre = 1e6;

/// The weights of the nodes at -1, 0, 1 and 2 for a value at t between 0 and 1 (Lagrange). Laid on them by these weights, a point keeps its moments up to the third.
std::array<double, 4> cubic(double t) {
  return {-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6};
}

/// Where a place lies among the middles of pixels: the first of the four nodes along each axis, and their weights.
struct Among {
  std::size_t first = 0;
  std::array<double, 4> weights{};
  bool whole = false;  // all four are there
  Among(double at, std::size_t nodes) {
    const double node = std::floor(at);
    whole = node >= 1 && node + 2 < static_cast<double>(nodes);
    if (!whole) return;
    first = static_cast<std::size_t>(node) - 1;
    weights = cubic(at - node);
  }
};

double column_of(const Raster& r, double x) { return (x - r.west) / r.spacing - 0.5; }
double row_of(const Raster& r, double y) { return (r.north - y) / r.spacing - 0.5; }

/// Smooths along x, then along y; `taps[k]` is the weight of what lies k pixels away. Beyond the raster there is nothing. Rows at a time, so that the compiler makes vectors of it.
void smooth(const Raster& raster, const std::vector<double>& taps, std::vector<double>& values) {
  const std::size_t n = raster.columns, reach = taps.size() - 1;
  std::vector<double> padded(n + 2 * reach, 0);
  for (std::size_t row = 0; row < raster.rows; ++row) {
    double* const out = values.data() + row * n;
    std::copy_n(out, n, padded.begin() + static_cast<std::ptrdiff_t>(reach));
    const double* const middle = padded.data() + reach;
    for (std::size_t i = 0; i < n; ++i) out[i] = taps[0] * middle[i];
    for (std::size_t k = 1; k <= reach; ++k) {
      const double* const west = middle - k;
      const double* const east = middle + k;
      for (std::size_t i = 0; i < n; ++i) out[i] += taps[k] * (west[i] + east[i]);
    }
  }
  std::vector<double> along(values.size());
  along.swap(values);
  for (std::size_t row = 0; row < raster.rows; ++row) {
    double* const out = values.data() + row * n;
    const auto add = [&](std::size_t from, double weight) {
      const double* const in = along.data() + from * n;
      for (std::size_t i = 0; i < n; ++i) out[i] += weight * in[i];
    };
    add(row, taps[0]);
    for (std::size_t k = 1; k <= reach; ++k) {
      if (row >= k) add(row - k, taps[k]);
      if (row + k < raster.rows) add(row + k, taps[k]);
    }
  }
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

}  // namespace

double Field::at(double x, double y) const {
  const Among column(column_of(lattice, x), lattice.columns), row(row_of(lattice, y), lattice.rows);
  if (!column.whole || !row.whole) return 0;
  double sum = 0;
  for (std::size_t j = 0; j < 4; ++j) {
    const float* const v = values.data() + (row.first + j) * lattice.columns + column.first;
    sum += row.weights[j] * (column.weights[0] * v[0] + column.weights[1] * v[1] + column.weights[2] * v[2] + column.weights[3] * v[3]);
  }
  return sum;
}

std::vector<double> part_inside(const Raster& raster, std::span<const double> covered, double bandwidth) {
  const double width = bandwidth / raster.spacing;
  std::vector<double> taps;
  for (double k = 0; k - 0.5 < kReach * width; ++k) taps.push_back(normal_cdf((k + 0.5) / width) - normal_cdf((k - 0.5) / width));
  std::vector<double> out(covered.begin(), covered.end());
  smooth(raster, taps, out);
  return out;
}

Field part_inside_field(std::span<const Polygon> polygons, const Raster& lattice, double bandwidth) {
  const auto inside = part_inside(lattice, coverage(polygons, lattice), bandwidth);
  return {lattice, {inside.begin(), inside.end()}};
}

Field density_field(std::span<const WeightedPoint> points, const Raster& lattice, const Field* inside, double bandwidth, EdgeCorrection correction) {
  std::vector<double> nodes(lattice.size(), 0);
  for (const WeightedPoint& p : points) {
    const Among column(column_of(lattice, p.x), lattice.columns), row(row_of(lattice, p.y), lattice.rows);
    const double part = correction == EdgeCorrection::jones_diggle ? inside->at(p.x, p.y) : 1;
    if (!column.whole || !row.whole || part < kLeastPart) continue;
    for (std::size_t j = 0; j < 4; ++j)
      for (std::size_t i = 0; i < 4; ++i) nodes[(row.first + j) * lattice.columns + column.first + i] += p.weight / part * row.weights[j] * column.weights[i];
  }
  std::vector<double> taps;
  for (double k = 0; k * lattice.spacing <= kReach * bandwidth; ++k) {
    const double z = k * lattice.spacing / bandwidth;
    taps.push_back(std::exp(-z * z / 2) / (bandwidth * std::sqrt(2 * std::numbers::pi)));
  }
  if (!points.empty()) smooth(lattice, taps, nodes);
  Field out{lattice, std::vector<float>(lattice.size())};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const double part = correction == EdgeCorrection::uniform ? inside->values[i] : 1;
    out.values[i] = part < kLeastPart ? 0 : static_cast<float>(std::max(0.0, nodes[i]) * kSquareKilometre / part);
  }
  return out;
}

Field adaptive_field(std::span<const WeightedPoint> points, std::span<const double> bandwidths, std::span<const Polygon> polygons, const Raster& lattice, EdgeCorrection correction) {
  const auto mass = kernel_mass(points, bandwidths, lattice, coverage(polygons, lattice), correction);
  Field out{lattice, {}};
  for (const double m : mass) out.values.push_back(static_cast<float>(m / (lattice.spacing * lattice.spacing) * kSquareKilometre));
  return out;
}

}  // namespace gridward::map
