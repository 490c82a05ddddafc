#include <algorithm>
#include <map>
#include <unordered_map>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>

#include "geo/adjacency.h"
#include "geo/inscribed.h"
#include "map/edge_mismatch.h"
#include "service/findings_mending.h"
#include "service/findings_parts.h"
#include "service/neighbours.h"

namespace gridward::service {
namespace {

using Area = DistrictMap::Area;

/// Metres of border that two areas share at least to be one piece of ground: the same as for who is a neighbour.
constexpr double kLeastBorder = Linking{}.min_shared_m;

double area_of(const Area& area) {
  double sum = 0;
  for (const geo::Outline& polygon : geo::polygons_of(area.wkb)) sum += geo::geodesic_area(polygon);
  return sum;
}

/// Areas by the connected pieces of ground that they make, the largest piece first.
Result<std::vector<std::vector<const Area*>>> pieces_of(const std::vector<const Area*>& areas) {
  std::vector<std::string> shapes;
  for (const Area* area : areas) shapes.push_back(area->wkb);
  const auto touching = geo::contiguity(shapes, {geo::Contiguity::rook, kLeastBorder, kBorderTolerance});
  if (!touching) return fail(touching.error());
  boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS> graph(areas.size());
  for (std::size_t i = 0; i < areas.size(); ++i)
    for (const geo::Contact& contact : touching->contacts[i])
      if (contact.to > i) boost::add_edge(i, contact.to, graph);
  std::vector<std::size_t> piece(areas.size());
  const std::size_t count = boost::connected_components(graph, piece.data());
  std::vector<std::pair<double, std::vector<const Area*>>> sized(count);
  for (std::size_t i = 0; i < areas.size(); ++i) {
    if (count > 1) sized[piece[i]].first += area_of(*areas[i]);
    sized[piece[i]].second.push_back(areas[i]);
  }
  std::ranges::stable_sort(sized, std::greater<>(), [](const auto& s) { return s.first; });
  std::vector<std::vector<const Area*>> out;
  for (auto& [size, members] : sized) out.push_back(std::move(members));
  return out;
}

/// What of a cell lies apart from the rest of it.
Finding exclave(const FindingCell& of, const std::vector<const Area*>& members) {
  Finding f;
  f.kind = "exclave";
  f.level = of.level;
  f.cells = {of};
  f.count = 1;
  double area = 0;
  for (const Area* member : members) {
    f.cells.push_back(member->cell);
    for (geo::Outline& polygon : geo::polygons_of(member->wkb)) {
      area += geo::geodesic_area(polygon);
      f.pieces.push_back(std::move(polygon));
    }
  }
  f.area_m2 = area;
  return f;
}

/// Of a cell that is not divided: the parts of its own shape, but for the largest.
void find_parts(const Area& area, std::vector<Finding>& out) {
  auto parts = geo::polygons_of(area.wkb);
  if (parts.size() < 2) return;
  std::ranges::stable_sort(parts, std::greater<>(), geo::geodesic_area);
  parts.erase(parts.begin());
  Finding f = exclave(area.cell, {});
  f.count = static_cast<std::int64_t>(parts.size());
  double sum = 0;
  for (const geo::Outline& part : parts) sum += geo::geodesic_area(part);
  f.area_m2 = sum;
  f.pieces = std::move(parts);
  out.push_back(std::move(f));
}

/// The polygons of areas, each read once: every exclave asks for those of the whole map.
class Polygons {
 public:
  const std::vector<geo::Outline>& of(const Area& area) {
    const auto [found, fresh] = read_.try_emplace(area.cell.id);
    if (fresh) found->second = geo::polygons_of(area.wkb);
    return found->second;
  }

 private:
  std::unordered_map<std::int64_t, std::vector<geo::Outline>> read_;
};

/// What would join an exclave to what lies around it: that its members pass to the parent with whose cells they have the longest border; empty where that is none.
std::string joining(const DistrictMap& map, const std::vector<const Area*>& members, Polygons& polygons) {
  std::map<std::int64_t, double> metres;  // by parent
  for (const Area* member : members)
    for (const Area& other : map.areas) {
      if (other.depth != member->depth || other.parent == member->parent || other.wkb.empty()) continue;
      for (const geo::Outline& theirs : polygons.of(other))
        for (const geo::Outline& mine : polygons.of(*member)) metres[other.parent] += geo::shared_border(mine, theirs, kBorderTolerance).metres;
    }
  const auto longest = std::ranges::max_element(metres, {}, [](const auto& m) { return m.second; });
  if (longest == metres.end() || longest->second < kLeastBorder) return "";
  std::string out;
  for (const Area* member : members) out += (out.empty() ? "" : ",") + move_below(member->cell.id, longest->first);
  return out;
}

void place(Finding& f) {
  const auto circle = geo::largest_circle(*std::ranges::max_element(f.pieces, {}, geo::geodesic_area));
  if (circle) f.at = circle->centre;
}

}  // namespace

Result<void> find_exclaves(const DistrictMap& map, std::vector<Finding>& out) {
  std::map<std::int64_t, std::vector<const Area*>> children;
  for (const Area& area : map.areas)
    if (area.parent != 0 && !area.wkb.empty()) children[area.parent].push_back(&area);
  const std::size_t before = out.size();
  Polygons polygons;
  for (const Area& area : map.areas)
    if (!area.wkb.empty() && !children.contains(area.cell.id)) find_parts(area, out);
  for (const auto& [parent, below] : children) {
    const auto pieces = pieces_of(below);
    if (!pieces) return fail(pieces.error());
    for (std::size_t i = 1; i < pieces->size(); ++i) {
      out.push_back(exclave(map.cell(parent), (*pieces)[i]));
      out.back().repair = joining(map, (*pieces)[i], polygons);
    }
  }
  for (std::size_t i = before; i < out.size(); ++i) place(out[i]);
  return {};
}

void find_edge_mismatches(const DistrictMap& map, std::vector<Finding>& out) {
  for (int depth = 1; depth <= 2; ++depth) {
    std::vector<map::Topology::Source> sources;
    for (const Area& area : map.areas)
      if (area.depth == depth && !area.wkb.empty()) sources.push_back({area.cell.id, area.wkb});
    for (const map::EdgeMismatch& found : map::edge_mismatches(sources)) {
      Finding& f = out.emplace_back();
      f.kind = "edge_mismatch";
      f.severity = Severity::note;
      f.cells = {map.cell(found.a), map.cell(found.b)};
      f.level = f.cells.front().level;
      f.count = static_cast<std::int64_t>(found.vertices.size());
      f.at = geo::LonLat{found.vertices.front().x, found.vertices.front().y};
      std::vector<geo::LonLat> corners;
      for (const map::Point& p : found.vertices) corners.push_back({p.x, p.y});
      f.repair = with_corners(found.a, corners) + "," + with_corners(found.b, corners);  // either may lack some
    }
  }
}

}  // namespace gridward::service
