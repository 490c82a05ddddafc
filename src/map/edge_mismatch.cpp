#include "map/edge_mismatch.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "map/noder.h"

namespace gridward::map {
namespace {

using Id = Noder::Id;

struct ByPlace {
  bool operator()(const Point& p, const Point& q) const { return std::tie(p.x, p.y) < std::tie(q.x, q.y); }
};

/// Rings as numbers of vertices, the closing one left out; which cells each vertex is of.
struct Rings {
  std::vector<Point> points;
  std::vector<std::vector<std::int64_t>> cells;  // of each vertex
  std::vector<std::pair<std::int64_t, std::vector<Id>>> rings;
};

Rings rings_of(const std::vector<Topology::Source>& sources) {
  Rings out;
  std::map<Point, Id, ByPlace> known;
  for (const Topology::Source& source : sources)
    for (const Polygon& polygon : read_multi_polygon(source.wkb))
      for (const auto& ring : polygon) {
        std::vector<Id> ids;
        for (const Point& p : ring) {
          const auto [at, fresh] = known.try_emplace(p, static_cast<Id>(out.points.size()));
          if (fresh) out.points.push_back(p), out.cells.emplace_back();
          if (!ids.empty() && ids.back() == at->second) continue;
          ids.push_back(at->second);
          auto& cells = out.cells[at->second];
          if (cells.empty() || cells.back() != source.cell) cells.push_back(source.cell);
        }
        if (ids.size() > 1 && ids.front() == ids.back()) ids.pop_back();
        if (ids.size() >= 3) out.rings.emplace_back(source.cell, std::move(ids));
      }
  return out;
}

}  // namespace

std::vector<EdgeMismatch> edge_mismatches(const std::vector<Topology::Source>& sources) {
  const Rings all = rings_of(sources);
  const Noder noder(all.points);
  std::map<std::pair<std::int64_t, std::int64_t>, std::set<Point, ByPlace>> found;
  for (const auto& [cell, ring] : all.rings) {
    std::size_t next = 0;  // of the ring's own vertices
    for (const Id id : noder.noded(ring)) {
      if (next < ring.size() && id == ring[next]) {
        ++next;
        continue;
      }
      for (const std::int64_t other : all.cells[id])
        if (other != cell) found[std::minmax(cell, other)].insert(all.points[id]);
    }
  }
  std::vector<EdgeMismatch> out;
  for (const auto& [pair, vertices] : found) out.push_back({pair.first, pair.second, {vertices.begin(), vertices.end()}});
  return out;
}

}  // namespace gridward::map
