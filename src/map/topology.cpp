#include "map/topology.h"

#include "map/noder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <unordered_map>

namespace gridward::map {
namespace {

using Id = Noder::Id;

/// Numbers points as they are first seen. A table of numbers alone, since a node for each of millions of vertices costs more than all else.
class Numbers {
 public:
  /// As many points as there can be.
  explicit Numbers(std::size_t most) : slots_(std::bit_ceil(most * 2 + 2), kFree) {}

  Id of(const Point& p, std::vector<Point>& points) {
    for (std::size_t at = hash(p) & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at] == kFree) {
        slots_[at] = static_cast<Id>(points.size());
        points.push_back(p);
      }
      if (points[slots_[at]] == p) return slots_[at];
    }
  }

 private:
  static constexpr Id kFree = std::numeric_limits<Id>::max();
  /// From the upper bits, which depend on all of them: coordinates have many zeros below.
  static std::size_t hash(const Point& p) {
    const std::uint64_t x = std::bit_cast<std::uint64_t>(p.x + 0.0), y = std::bit_cast<std::uint64_t>(p.y + 0.0);  // -0 is 0
    const std::uint64_t mixed = (x * 0x9E3779B97F4A7C15ULL ^ std::rotl(y * 0xC2B2AE3D27D4EB4FULL, 31)) * 0x9E3779B97F4A7C15ULL;
    return mixed ^ mixed >> 32U;
  }
  std::vector<Id> slots_;
};

/// Rings as numbers of vertices, without repetitions and without the closing one.
class Vertices {
 public:
  /// `most`: as many points as there can be in all rings.
  explicit Vertices(std::size_t most) : numbers_(most) {}
  std::vector<Id> ring_of(const std::vector<Point>& points) {
    std::vector<Id> ring;
    ring.reserve(points.size());
    for (const Point& p : points) {
      const Id id = numbers_.of(p, points_);
      if (ring.empty() || ring.back() != id) ring.push_back(id);
    }
    if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    return ring;
  }
  /// Looks at a ring: a vertex whose neighbours are not the same in every ring is a junction.
  void look(const std::vector<Id>& ring) {
    seen_.resize(points_.size());
    for (std::size_t i = 0; i < ring.size(); ++i) {
      Seen& seen = seen_[ring[i]];
      Id a = ring[(i + ring.size() - 1) % ring.size()], b = ring[(i + 1) % ring.size()];
      if (a > b) std::swap(a, b);
      if (!seen.any) seen = {true, false, a, b};
      else if (seen.a != a || seen.b != b) seen.junction = true;
    }
  }
  [[nodiscard]] bool junction(Id id) const { return seen_[id].junction; }
  [[nodiscard]] const std::vector<Point>& points() const { return points_; }

 private:
  struct Seen {
    bool any = false, junction = false;
    Id a = 0, b = 0;
  };
  Numbers numbers_;
  std::vector<Point> points_;
  std::vector<Seen> seen_;
};

/// Cuts rings into arcs and knows those that are there already. Between junctions a way is known by its first two vertices.
class Cutter {
 public:
  Cutter(const Vertices& vertices, const std::function<Point(Point)>& moved, std::vector<std::vector<Point>>& arcs) : vertices_(vertices), moved_(moved), arcs_(arcs) {}

  Topology::Ring cut(std::vector<Id> ring) {
    auto start = std::ranges::find_if(ring, [this](Id id) { return vertices_.junction(id); });
    const bool whole = start == ring.end();
    if (whole) start = std::ranges::min_element(ring);
    std::rotate(ring.begin(), start, ring.end());  // std::ranges::rotate gives a view, which clang 14 does not take
    ring.push_back(ring.front());
    Topology::Ring out;
    std::size_t from = 0;
    for (std::size_t i = 1; i < ring.size(); ++i) {
      if (i + 1 < ring.size() && (whole || !vertices_.junction(ring[i]))) continue;
      out.push_back(arc(ring, from, i));
      from = i;
    }
    return out;
  }

 private:
  std::int32_t arc(const std::vector<Id>& ring, std::size_t from, std::size_t to) {
    // Written from its smaller end; a loop towards its smaller neighbour.
    const bool loop = ring[from] == ring[to];
    const bool backwards = loop ? ring[from + 1] > ring[to - 1] : ring[from] > ring[to];
    const Id first = backwards ? ring[to] : ring[from], second = backwards ? ring[to - 1] : ring[from + 1];
    const auto [known, fresh] = index_.try_emplace((std::uint64_t{first} << 32U) | second, static_cast<std::int32_t>(arcs_.size()));
    if (fresh) {
      std::vector<Point> points;
      for (std::size_t i = from; i <= to; ++i) points.push_back(vertices_.points()[ring[i]]);
      if (backwards) std::ranges::reverse(points);
      for (Point& p : points) p = to_world(moved_ ? moved_(p) : p);
      arcs_.push_back(std::move(points));
    }
    return backwards ? ~known->second : known->second;
  }

  const Vertices& vertices_;
  const std::function<Point(Point)>& moved_;
  std::vector<std::vector<Point>>& arcs_;
  std::unordered_map<std::uint64_t, std::int32_t> index_;
};

}  // namespace

Point to_world(Point p) {
  constexpr double limit = 85.0511287798066;
  const double sine = std::sin(std::clamp(p.y, -limit, limit) * std::numbers::pi / 180);
  return {p.x / 360 + 0.5, 0.5 - std::atanh(sine) / (2 * std::numbers::pi)};
}

Point from_world(Point w) { return {(w.x - 0.5) * 360, std::atan(std::sinh(std::numbers::pi * (1 - 2 * w.y))) * 180 / std::numbers::pi}; }

Topology::Topology(const std::vector<Source>& sources, const std::function<Point(Point)>& moved) {
  std::size_t most = 0;
  for (const Source& source : sources) most += source.wkb.size() / sizeof(Point);
  Vertices vertices(most);
  std::vector<std::vector<std::vector<std::vector<Id>>>> read;  // of each source its polygons, of each its rings
  for (const Source& source : sources) {
    auto& polygons = read.emplace_back();
    for (const Polygon& polygon : read_multi_polygon(source.wkb)) {
      std::vector<std::vector<Id>> rings;
      for (const auto& ring : polygon) {
        auto ids = vertices.ring_of(ring);
        if (ids.size() < 3 && rings.empty()) break;  // a shell of no area: nothing to draw
        if (ids.size() >= 3) rings.push_back(std::move(ids));
      }
      if (!rings.empty()) polygons.push_back(std::move(rings));
    }
  }
  const Noder noder(vertices.points());
  for (auto& polygons : read)
    for (auto& polygon : polygons)
      for (auto& ring : polygon) vertices.look(ring = noder.noded(ring));
  Cutter cutter(vertices, moved, arcs_);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    Area area{sources[i].cell, {}};
    for (auto& polygon : read[i]) {
      area.polygons.emplace_back();
      for (auto& ring : polygon) area.polygons.back().push_back(cutter.cut(std::move(ring)));
    }
    areas_.push_back(std::move(area));
  }
}

std::size_t Topology::bytes() const {
  std::size_t sum = sizeof *this;
  for (const auto& arc : arcs_) sum += sizeof arc + arc.capacity() * sizeof(Point);
  for (const Area& area : areas_)
    for (const auto& polygon : area.polygons)
      for (const Ring& ring : polygon) sum += sizeof ring + ring.capacity() * sizeof(std::int32_t);
  return sum;
}

}  // namespace gridward::map
