#include "map/snapshot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>

namespace gridward::map {
namespace {

constexpr std::uint32_t kSquaresAcross = 512;  // 2 MB of starts and little more: most points fall where nothing is computed

/// Which band or square of a row of n a value falls into.
std::uint32_t slot(double value, double low, double step, std::uint32_t n) {
  const double at = (value - low) / step;
  return at <= 0 ? 0 : std::min(n - 1, static_cast<std::uint32_t>(at));
}

}  // namespace

Snapshot::Snapshot(const std::vector<Shape>& shapes) {
  std::vector<const Shape*> order;
  for (const Shape& shape : shapes) order.push_back(&shape);
  std::ranges::sort(order, [](const Shape* a, const Shape* b) {
    if (a->level != b->level) return a->level > b->level;
    return std::tie(a->code, a->cell) < std::tie(b->code, b->cell);
  });
  constexpr double infinity = std::numeric_limits<double>::infinity();
  low_ = {infinity, infinity};
  high_ = {-infinity, -infinity};
  for (const Shape* shape : order) {
    areas_.push_back({shape->cell, static_cast<std::uint32_t>(rings_.size()), 0});
    read_shape(shape->wkb);
    areas_.back().rings = static_cast<std::uint32_t>(rings_.size()) - areas_.back().first_ring;
  }
  band_starts_.push_back(static_cast<std::uint32_t>(edges_.size()));
  if (!edges_.empty()) fill_grid();
}

void Snapshot::read_shape(std::string_view wkb) {
  for (const Polygon& polygon : read_multi_polygon(wkb))
    for (const auto& ring : polygon) add_ring(ring, &ring != &polygon.front());
}

void Snapshot::add_ring(const std::vector<Point>& points, bool hole) {
  if (points.empty()) return;
  double bottom = points[0].y, top = points[0].y;
  for (const Point& p : points) {
    bottom = std::min(bottom, p.y);
    top = std::max(top, p.y);
    low_ = {std::min(low_.x, p.x), std::min(low_.y, p.y)};
    high_ = {std::max(high_.x, p.x), std::max(high_.y, p.y)};
  }
  constexpr std::size_t kEdgesInABand = 8;
  Ring ring{bottom, 1, static_cast<std::uint32_t>(std::max<std::size_t>(1, points.size() / kEdgesInABand)), static_cast<std::uint32_t>(band_starts_.size()), hole};
  if (top > bottom) ring.step = (top - bottom) / ring.bands;
  std::vector<std::vector<Edge>> bands(ring.bands);
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const Point a = points[i], b = points[i + 1];
    if (a.x == b.x && a.y == b.y) continue;
    const std::uint32_t last = slot(std::max(a.y, b.y), bottom, ring.step, ring.bands);
    for (std::uint32_t band = slot(std::min(a.y, b.y), bottom, ring.step, ring.bands); band <= last; ++band) bands[band].push_back({a, b});
  }
  for (const auto& band : bands) {
    band_starts_.push_back(static_cast<std::uint32_t>(edges_.size()));
    edges_.insert(edges_.end(), band.begin(), band.end());
  }
  rings_.push_back(ring);
}

Snapshot::Side Snapshot::side_of(const Ring& ring, Point p) const {
  if (p.y < ring.bottom) return Side::outside;
  const std::uint32_t band = ring.first + slot(p.y, ring.bottom, ring.step, ring.bands);
  int winding = 0;
  for (std::uint32_t i = band_starts_[band]; i < band_starts_[band + 1]; ++i) {
    const auto& [a, b] = edges_[i];
    const bool rises = a.y <= p.y && p.y < b.y, falls = b.y <= p.y && p.y < a.y;
    if (!rises && !falls && p.y != a.y && p.y != b.y) continue;
    const double side = (b.x - a.x) * (p.y - a.y) - (p.x - a.x) * (b.y - a.y);
    if (side == 0 && p.x >= std::min(a.x, b.x) && p.x <= std::max(a.x, b.x) && p.y >= std::min(a.y, b.y) && p.y <= std::max(a.y, b.y)) return Side::border;
    if (rises && side > 0) ++winding;
    if (falls && side < 0) --winding;
  }
  return winding == 0 ? Side::outside : Side::inside;
}

bool Snapshot::contains(const Area& area, Point p) const {
  bool inside = false;
  for (std::uint32_t i = area.first_ring; i < area.first_ring + area.rings; ++i) {
    const Ring& ring = rings_[i];
    if (!ring.hole && inside) return true;  // the next polygon begins, and no hole took the point out
    if (ring.hole && !inside) continue;
    const Side side = side_of(ring, p);
    if (side == Side::border) return true;
    inside = ring.hole ? side == Side::outside : side == Side::inside;
  }
  return inside;
}

/// Marks the squares that an edge of the area may touch: of each column that it crosses, the rows between where it enters and
/// leaves, and one more on each side, so that rounding cannot hide one.
void Snapshot::mark_edges(const Area& area, std::vector<char>& marks) const {
  const double width = (high_.x - low_.x) / columns_, height = (high_.y - low_.y) / rows_;
  const std::uint32_t past = area.first_ring + area.rings;
  const std::uint32_t last_edge = past < rings_.size() ? band_starts_[rings_[past].first] : static_cast<std::uint32_t>(edges_.size());
  for (std::uint32_t i = band_starts_[rings_[area.first_ring].first]; i < last_edge; ++i) {
    Point a = edges_[i].from, b = edges_[i].to;
    if (a.x > b.x) std::swap(a, b);
    const std::uint32_t first = slot(a.x, low_.x, width, columns_), last = slot(b.x, low_.x, width, columns_);
    for (std::uint32_t c = first == 0 ? 0 : first - 1; c <= std::min(columns_ - 1, last + 1); ++c) {
      const auto y_at = [&](double x) { return b.x == a.x ? a.y : a.y + (b.y - a.y) * std::clamp((x - a.x) / (b.x - a.x), 0.0, 1.0); };
      double y0 = y_at(low_.x + c * width), y1 = y_at(low_.x + (c + 1) * width);
      if (b.x == a.x) y1 = b.y;
      if (y0 > y1) std::swap(y0, y1);
      const std::uint32_t r0 = slot(y0, low_.y, height, rows_), r1 = slot(y1, low_.y, height, rows_);
      for (std::uint32_t r = r0 == 0 ? 0 : r0 - 1; r <= std::min(rows_ - 1, r1 + 1); ++r) marks[r * columns_ + c] = 1;
    }
  }
}

void Snapshot::fill_grid() {
  columns_ = rows_ = std::min<std::uint32_t>(kSquaresAcross, 16 + 16 * static_cast<std::uint32_t>(std::sqrt(static_cast<double>(areas_.size()))));
  if (high_.x <= low_.x || high_.y <= low_.y) throw std::invalid_argument("the shapes have no area");
  const double width = (high_.x - low_.x) / columns_, height = (high_.y - low_.y) / rows_;
  std::vector<std::vector<Candidate>> squares(std::size_t{columns_} * rows_);
  std::vector<char> marks(squares.size());
  for (std::uint32_t a = 0; a < areas_.size(); ++a) {
    if (areas_[a].rings == 0) continue;
    std::ranges::fill(marks, 0);
    mark_edges(areas_[a], marks);
    for (std::uint32_t r = 0; r < rows_; ++r) {
      bool known = false, inside = false;  // of the square to the left, while no edge lies between
      for (std::uint32_t c = 0; c < columns_; ++c) {
        const std::size_t at = std::size_t{r} * columns_ + c;
        if (marks[at] != 0) {
          squares[at].push_back({a, false});
          known = false;
          continue;
        }
        if (!known) inside = contains(areas_[a], {low_.x + (c + 0.5) * width, low_.y + (r + 0.5) * height});
        known = true;
        if (inside) squares[at].push_back({a, true});
      }
    }
  }
  for (const auto& square : squares) {
    square_starts_.push_back(static_cast<std::uint32_t>(candidates_.size()));
    for (const Candidate& candidate : square) {
      candidates_.push_back(candidate);
      if (candidate.inside) break;  // none after it can win
    }
  }
  square_starts_.push_back(static_cast<std::uint32_t>(candidates_.size()));
}

std::int64_t Snapshot::cell_at(Point p) const {
  if (columns_ == 0 || !(p.x >= low_.x && p.x <= high_.x && p.y >= low_.y && p.y <= high_.y)) return 0;
  const std::size_t square = std::size_t{slot(p.y, low_.y, (high_.y - low_.y) / rows_, rows_)} * columns_ + slot(p.x, low_.x, (high_.x - low_.x) / columns_, columns_);
  for (std::uint32_t i = square_starts_[square]; i < square_starts_[square + 1]; ++i) {
    const Candidate& candidate = candidates_[i];
    if (candidate.inside || contains(areas_[candidate.area], p)) return areas_[candidate.area].cell;
  }
  return 0;
}

std::size_t Snapshot::bytes() const {
  return sizeof *this + areas_.size() * sizeof(Area) + rings_.size() * sizeof(Ring) + band_starts_.size() * sizeof(std::uint32_t) + edges_.size() * sizeof(Edge) +
         square_starts_.size() * sizeof(std::uint32_t) + candidates_.size() * sizeof(Candidate);
}

}  // namespace gridward::map
