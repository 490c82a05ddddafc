#include "map/surface.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "map/heat_field.h"

namespace gridward::map {
namespace {

constexpr double kReach = 5;  // bandwidths
constexpr double kNothing = 1e-9;  // of a pixel: what is left of 0 by rounding

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

/// A kernel along one axis: its mass in each of `mass.size()` pixels from `first` on.
struct AxisKernel {
  std::size_t first = 0;
  std::vector<double> mass;
};

/// `at` is counted in pixels from the raster's edge, `bandwidth` in pixels too.
void spread(double at, double bandwidth, std::size_t pixels, AxisKernel& out) {
  const double reach = kReach * bandwidth;
  const double low = std::clamp(std::floor(at - reach), 0.0, static_cast<double>(pixels)), high = std::clamp(std::ceil(at + reach), 0.0, static_cast<double>(pixels));
  out.first = static_cast<std::size_t>(low);
  out.mass.clear();
  double before = normal_cdf((low - at) / bandwidth);
  for (double edge = low + 1; edge <= high; ++edge) {
    const double after = normal_cdf((edge - at) / bandwidth);
    out.mass.push_back(after - before);
    before = after;
  }
}

/// The kernel of a point on the raster.
struct PointKernel {
  AxisKernel x, y;
  void place(const WeightedPoint& p, const Raster& raster, double bandwidth) {
    spread((p.x - raster.west) / raster.spacing, bandwidth / raster.spacing, raster.columns, x);
    spread((raster.north - p.y) / raster.spacing, bandwidth / raster.spacing, raster.rows, y);
  }
  /// Its part inside the region.
  [[nodiscard]] double inside(const Raster& raster, std::span<const double> covered) const {
    double sum = 0;
    for (std::size_t j = 0; j < y.mass.size(); ++j) {
      const double* const row = covered.data() + (y.first + j) * raster.columns + x.first;
      double along = 0;
      for (std::size_t i = 0; i < x.mass.size(); ++i) along += row[i] * x.mass[i];
      sum += along * y.mass[j];
    }
    return sum;
  }
  void add(double weight, const Raster& raster, std::vector<double>& out) const {
    for (std::size_t j = 0; j < y.mass.size(); ++j) {
      double* const row = out.data() + (y.first + j) * raster.columns + x.first;
      const double w = weight * y.mass[j];
      for (std::size_t i = 0; i < x.mass.size(); ++i) row[i] += w * x.mass[i];
    }
  }
};

/// Adds what an edge covers to its right, per pixel as the difference from the pixel before, so that a running sum along a row is the coverage
/// (as renderers of fonts do). In pixels, y southwards.
class EdgeAdder {
 public:
  EdgeAdder(const Raster& raster, double sign, std::vector<double>& out) : raster_(raster), sign_(sign), out_(out) {}

  void add(Point a, Point b) {
    cuts_.assign({0, 1});
    cut(a.x, b.x);
    cut(a.y, b.y);
    std::ranges::sort(cuts_);
    const auto at = [&](double t) { return Point{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}; };
    for (std::size_t i = 0; i + 1 < cuts_.size(); ++i) add_within_pixel(at(cuts_[i]), at(cuts_[i + 1]));
  }

 private:
  /// Where an edge passes from one pixel to the next along an axis.
  void cut(double from, double to) {
    for (double line = std::floor(std::min(from, to)) + 1; line < std::max(from, to); ++line) cuts_.push_back((line - from) / (to - from));
  }
  void add_within_pixel(Point p, Point q) {
    const double x = std::clamp((p.x + q.x) / 2, 0.0, static_cast<double>(raster_.columns)), y = std::clamp((p.y + q.y) / 2, 0.0, static_cast<double>(raster_.rows) - 0.5);
    const double column = std::floor(x), covered = sign_ * (q.y - p.y), part = covered * (column + 1 - x);
    const std::size_t first = static_cast<std::size_t>(y) * (raster_.columns + 2) + static_cast<std::size_t>(column);
    out_[first] += part;
    out_[first + 1] += covered - part;
  }

  const Raster& raster_;
  const double sign_;
  std::vector<double>& out_;  // of each row two more than it has columns
  std::vector<double> cuts_;
};

double signed_area(const std::vector<Point>& ring) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) sum += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) - (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
  return sum / 2;
}

}  // namespace

std::vector<double> coverage(std::span<const Polygon> polygons, const Raster& raster) {
  std::vector<double> steps(raster.rows * (raster.columns + 2), 0);
  const auto in_pixels = [&](Point p) { return Point{(p.x - raster.west) / raster.spacing, (raster.north - p.y) / raster.spacing}; };
  for (const Polygon& polygon : polygons)
    for (const auto& ring : polygon) {
      const bool shell = &ring == &polygon.front();
      EdgeAdder adder(raster, (signed_area(ring) > 0) == shell ? 1 : -1, steps);
      for (std::size_t i = 0; i + 1 < ring.size(); ++i) adder.add(in_pixels(ring[i]), in_pixels(ring[i + 1]));
    }
  std::vector<double> out(raster.size(), 0);
  for (std::size_t row = 0; row < raster.rows; ++row) {
    double sum = 0;
    for (std::size_t column = 0; column < raster.columns; ++column) {
      sum += steps[row * (raster.columns + 2) + column];
      out[row * raster.columns + column] = sum > kNothing ? std::min(sum, 1.0) : 0;
    }
  }
  return out;
}

std::vector<double> kernel_mass(std::span<const WeightedPoint> points, std::span<const double> bandwidths, const Raster& raster, std::span<const double> covered, EdgeCorrection correction) {
  std::vector<double> out(raster.size(), 0);
  PointKernel kernel;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const WeightedPoint& p = points[i];
    kernel.place(p, raster, bandwidths[i]);
    const double inside = correction == EdgeCorrection::jones_diggle ? kernel.inside(raster, covered) : 1;
    if (inside > 0) kernel.add(p.weight / inside, raster, out);
  }
  return out;
}

std::vector<double> kernel_density(std::span<const WeightedPoint> points, std::span<const double> bandwidths, const Raster& raster, std::span<const double> covered, EdgeCorrection correction) {
  auto out = kernel_mass(points, bandwidths, raster, covered, correction);
  const double area = raster.spacing * raster.spacing;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = covered[i] > 0 ? out[i] / area : std::numeric_limits<double>::quiet_NaN();
  return out;
}

std::vector<double> kernel_density(std::span<const WeightedPoint> points, const Raster& raster, std::span<const double> covered, double bandwidth, EdgeCorrection correction) {
  auto out = kernel_density(points, std::vector<double>(points.size(), bandwidth), raster, covered, correction);
  if (correction != EdgeCorrection::uniform) return out;
  const auto inside = part_inside(raster, covered, bandwidth);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] /= inside[i];  // NaN stays
  return out;
}

double integral(const Raster& raster, std::span<const double> density, std::span<const double> covered) {
  double sum = 0;
  for (std::size_t i = 0; i < density.size(); ++i)
    if (covered[i] > 0) sum += density[i] * covered[i];
  return sum * raster.spacing * raster.spacing;
}

double scott_bandwidth(std::span<const WeightedPoint> points) {
  if (points.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  double w = 0, w2 = 0, x = 0, y = 0;
  for (const WeightedPoint& p : points) w += p.weight, w2 += p.weight * p.weight, x += p.weight * p.x, y += p.weight * p.y;
  double xx = 0, yy = 0;
  for (const WeightedPoint& p : points) xx += p.weight * (p.x - x / w) * (p.x - x / w), yy += p.weight * (p.y - y / w) * (p.y - y / w);
  const double n = w * w / w2, unbiased = w - w2 / w;  // of reliability weights, as numpy's cov with aweights
  return std::sqrt(std::sqrt(xx / unbiased) * std::sqrt(yy / unbiased)) * std::pow(n, -1.0 / 6);
}

}  // namespace gridward::map
