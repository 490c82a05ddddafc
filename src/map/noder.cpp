#include "map/noder.h"

#include <algorithm>
#include <cmath>

namespace gridward::map {
namespace {

/// Degrees, about a centimetre.
constexpr double kTolerance = 1e-7;

}  // namespace

Noder::Noder(const std::vector<Point>& points) : points_(points) {
  if (points.empty()) return;
  Point high = low_ = points.front();
  for (const Point& p : points) {
    low_ = {std::min(low_.x, p.x), std::min(low_.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  side_ = std::max(std::sqrt((high.x - low_.x) * (high.y - low_.y) / static_cast<double>(points.size())), 10 * kTolerance);
  columns_ = 1 + static_cast<std::int64_t>((high.x - low_.x) / side_);
  rows_ = 1 + static_cast<std::int64_t>((high.y - low_.y) / side_);
  const auto square_of = [&](const Point& p) { return static_cast<std::size_t>(row_of(p.y) * columns_ + column_of(p.x)); };
  starts_.assign(static_cast<std::size_t>(columns_ * rows_) + 1, 0);
  for (const Point& p : points) ++starts_[square_of(p) + 1];
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  auto next = starts_;
  sorted_.resize(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) sorted_[next[square_of(points[i])]++] = static_cast<Id>(i);
}

std::int64_t Noder::column_of(double x) const { return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor((x - low_.x) / side_)), 0, columns_ - 1); }
std::int64_t Noder::row_of(double y) const { return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor((y - low_.y) / side_)), 0, rows_ - 1); }

/// The edge is followed column by column, so that a long one looks at few squares.
void Noder::add_between(Id from, Id to, std::vector<Id>& out) const {
  const Point a = points_[from], b = points_[to];
  const double dx = b.x - a.x, dy = b.y - a.y, squared = dx * dx + dy * dy;
  std::vector<std::pair<double, Id>> found;
  const std::int64_t first = column_of(std::min(a.x, b.x) - kTolerance), last = column_of(std::max(a.x, b.x) + kTolerance);
  for (std::int64_t column = first; column <= last; ++column) {
    double low = std::min(a.y, b.y), high = std::max(a.y, b.y);
    if (first != last) {
      const double west = low_.x + static_cast<double>(column) * side_ - kTolerance, east = west + side_ + 2 * kTolerance;
      const double y1 = a.y + dy * std::clamp((west - a.x) / dx, 0.0, 1.0), y2 = a.y + dy * std::clamp((east - a.x) / dx, 0.0, 1.0);
      low = std::min(y1, y2);
      high = std::max(y1, y2);
    }
    for (std::int64_t row = row_of(low - kTolerance), top = row_of(high + kTolerance); row <= top; ++row) {
      const auto square = static_cast<std::size_t>(row * columns_ + column);
      for (std::size_t i = starts_[square]; i < starts_[square + 1]; ++i) {
        const Point p = points_[sorted_[i]];
        const double t = ((p.x - a.x) * dx + (p.y - a.y) * dy) / squared, off = (p.x - a.x) * dy - (p.y - a.y) * dx;
        const double margin = kTolerance / std::sqrt(squared);
        if (sorted_[i] != from && sorted_[i] != to && t > margin && t < 1 - margin && off * off <= kTolerance * kTolerance * squared) found.emplace_back(t, sorted_[i]);
      }
    }
  }
  std::ranges::sort(found);
  for (const auto& [t, id] : found) out.push_back(id);
}

std::vector<Noder::Id> Noder::noded(const std::vector<Id>& ring) const {
  std::vector<Id> out;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    out.push_back(ring[i]);
    add_between(ring[i], ring[(i + 1) % ring.size()], out);
  }
  return out;
}

}  // namespace gridward::map
