#include "geo/coverage.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>
#include <thread>

#include "geo/geos_shapes.h"
#include "geo/inscribed.h"

namespace gridward::geo {
namespace {

using Kind = Misfit::Kind;

struct DestroyPrepared {
  GEOSContextHandle_t context;
  void operator()(const GEOSPreparedGeometry* g) const { GEOSPreparedGeom_destroy_r(context, g); }
};
using Prepared = std::unique_ptr<const GEOSPreparedGeometry, DestroyPrepared>;

/// A piece of a misfit with its measures. Circles are looked for where they can matter: there are thousands of pieces along a border that was drawn twice.
struct Piece {
  Outline outline;
  double area_m2 = 0;
  std::optional<Circle> circle;
  /// No circle in it is wider.
  [[nodiscard]] double most_width() const { return 2 * std::sqrt(area_m2 / std::numbers::pi); }
  double width() {
    if (!circle) circle = largest_circle(outline).value_or(Circle{outline.rings.front().front(), 0});
    return 2 * circle->radius_m;
  }
};

/// The pieces of what does not fit, not yet measured.
struct Found {
  Misfit what;
  std::vector<Piece> pieces;
  std::vector<Misfit> told;
};

class Checker {
 public:
  Checker(const Coverage& coverage, const CoverageTolerance& tolerance) : coverage_(coverage), tolerance_(tolerance), context_(GEOS_init_r()), geos_(context_.get()) {}

  Result<CoverageFindings> check() {
    auto parents = read_polygons(geos_, coverage_.parents);
    if (!parents) return fail(parents.error());
    auto children = read_polygons(geos_, coverage_.children);
    if (!children) return fail(children.error());
    parents_ = std::move(*parents);
    children_ = std::move(*children);
    make_valid(parents_, true);
    make_valid(children_, false);
    for (const Geometry& child : children_) outlines_.push_back(child ? outline_of(geos_, child.get()) : Outline{});
    boxes_.emplace_back(geos_, children_);
    find_overlaps();
    std::vector<Found> found;
    for (std::size_t p = 0; p < parents_.size(); ++p)
      if (parents_[p]) find_gaps(p, found), find_outsides(p, found);
    measure(found);
    for (Found& f : found)
      for (Misfit& m : f.told) {
        m.kind == Kind::gap ? look_around(m) : measure_outside(m);
        out_.misfits.push_back(std::move(m));
      }
    std::ranges::stable_sort(out_.misfits, {}, &Misfit::kind);
    return std::move(out_);
  }

 private:
  void make_valid(std::vector<Geometry>& shapes, bool parents) {
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      if (!shapes[i]) continue;
      char* why = nullptr;
      GEOSGeometry* where = nullptr;
      const bool valid = GEOSisValidDetail_r(geos_, shapes[i].get(), 0, &why, &where) == 1;
      const Geometry place(where, {geos_});
      if (!valid) {
        InvalidShape& found = out_.invalid.emplace_back(InvalidShape{parents, i, why == nullptr ? "" : why, {}});
        if (place) GEOSGeomGetX_r(geos_, place.get(), &found.at.lon), GEOSGeomGetY_r(geos_, place.get(), &found.at.lat);
        shapes[i].reset(GEOSMakeValid_r(geos_, shapes[i].get()));
      }
      GEOSFree_r(geos_, why);
    }
  }

  /// The polygons of what an overlay left; lines and points have no area.
  void add_pieces(const GEOSGeometry* g, std::vector<Piece>& out) const {
    if (g == nullptr) return;
    if (GEOSGeomTypeId_r(geos_, g) == GEOS_POLYGON && GEOSisEmpty_r(geos_, g) == 0) {
      Piece piece{outline_of(geos_, g), 0, {}};
      piece.area_m2 = geodesic_area(piece.outline);
      if (piece.area_m2 > 0) out.push_back(std::move(piece));
    } else if (const int type = GEOSGeomTypeId_r(geos_, g); type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
      for (int i = 0; i < GEOSGetNumGeometries_r(geos_, g); ++i) add_pieces(GEOSGetGeometryN_r(geos_, g, i), out);
    }
  }

  [[nodiscard]] bool is_sliver(Piece& piece) const {
    return piece.area_m2 < tolerance_.min_area_m2 || piece.most_width() < tolerance_.min_width_m || piece.width() < tolerance_.min_width_m;
  }

  /// A misfit of some pieces; their order is by area.
  [[nodiscard]] Misfit gathered(Misfit misfit, std::vector<Piece> pieces) const {
    std::ranges::stable_sort(pieces, std::greater<>(), &Piece::area_m2);
    misfit.sliver = std::ranges::all_of(pieces, [this](Piece& p) { return is_sliver(p); });
    for (Piece& piece : pieces) {
      misfit.area_m2 += piece.area_m2;
      if (piece.most_width() > misfit.width_m && piece.width() > misfit.width_m) misfit.width_m = piece.width(), misfit.at = piece.circle->centre;
      misfit.pieces.push_back(std::move(piece.outline));
    }
    return misfit;
  }

  /// Each piece that is no sliver by itself, the slivers together; what lies outside a parent all together.
  [[nodiscard]] std::vector<Misfit> told(const Misfit& what, std::vector<Piece> pieces) const {
    std::vector<Misfit> out;
    std::vector<Piece> slivers;
    double sum = 0;
    if (what.kind == Kind::outside) return {gathered(what, std::move(pieces))};
    for (Piece& piece : pieces) {
      if (is_sliver(piece)) {
        sum += piece.area_m2;
        slivers.push_back(std::move(piece));
        continue;
      }
      std::vector<Piece> one;
      one.push_back(std::move(piece));
      out.push_back(gathered(what, std::move(one)));
    }
    if (!slivers.empty() && sum >= tolerance_.min_area_m2) out.push_back(gathered(what, std::move(slivers)));
    return out;
  }

  /// Tells what was found, on all processors: the largest circles in pieces take longer than to find these.
  void measure(std::vector<Found>& found) const {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t i = next++; i < found.size(); i = next++) found[i].told = told(found[i].what, std::move(found[i].pieces));
    };
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::thread::hardware_concurrency() && i < found.size(); ++i) others.emplace_back(work);
    work();
  }

  void find_overlaps() {
    std::vector<Found> found;
    std::vector<Geometry> grounds;
    for (std::size_t i = 0; i < children_.size(); ++i) {
      if (!children_[i]) continue;
      for (const std::size_t j : boxes_.front().near(outlines_[i], 0)) {
        if (j <= i) continue;
        Geometry both(GEOSIntersection_r(geos_, children_[i].get(), children_[j].get()), {geos_});
        std::vector<Piece> pieces;
        add_pieces(both.get(), pieces);
        if (pieces.empty()) continue;
        found.push_back({{.kind = Kind::overlap, .child = i, .other = j}, std::move(pieces), {}});
        grounds.push_back(std::move(both));
      }
    }
    measure(found);
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i].told.empty()) continue;
      for (const std::size_t child : {found[i].what.child, found[i].what.other}) overlapping_[child].push_back(grounds[i].get());
      overlaps_.push_back(std::move(grounds[i]));
      for (Misfit& m : found[i].told) {
        look_for_parents(m);
        out_.misfits.push_back(std::move(m));
      }
    }
  }

  [[nodiscard]] std::vector<std::size_t> children_of(std::size_t parent) const {
    std::vector<std::size_t> out;
    for (std::size_t c = 0; c < children_.size(); ++c)
      if (coverage_.parent_of[c] == parent && children_[c]) out.push_back(c);
    return out;
  }

  void find_gaps(std::size_t parent, std::vector<Found>& found) const {
    std::vector<GEOSGeometry*> own;
    for (const std::size_t c : children_of(parent)) own.push_back(GEOSGeom_clone_r(geos_, children_[c].get()));
    if (own.empty()) return;  // a parent that is not divided
    const Geometry all(GEOSGeom_createCollection_r(geos_, GEOS_GEOMETRYCOLLECTION, own.data(), static_cast<unsigned>(own.size())), {geos_});
    const Geometry together(GEOSUnaryUnion_r(geos_, all.get()), {geos_});
    const Geometry gap(GEOSDifference_r(geos_, parents_[parent].get(), together.get()), {geos_});
    std::vector<Piece> pieces;
    add_pieces(gap.get(), pieces);
    if (!pieces.empty()) found.push_back({{.kind = Kind::gap, .parent = parent}, std::move(pieces), {}});
  }

  [[nodiscard]] Geometry point(LonLat at) const { return {GEOSGeom_createPointFromXY_r(geos_, at.lon, at.lat), {geos_}}; }

  /// In whose land an overlap of children of two parents lies.
  void look_for_parents(Misfit& overlap) const {
    const std::size_t one = coverage_.parent_of[overlap.child], two = coverage_.parent_of[overlap.other];
    if (one == two) return;
    const Geometry middle = point(overlap.at);
    for (const std::size_t p : {one, two})
      if (p != kNoArea && parents_[p] && GEOSIntersects_r(geos_, parents_[p].get(), middle.get()) == 1) overlap.there.push_back(p);
  }

  /// Who covers a gap though it belongs elsewhere, and who lies beside it.
  void look_around(Misfit& gap) const {
    const Geometry middle = point(gap.at);
    for (const std::size_t c : boxes_.front().near(gap.pieces.front(), 0))
      if (coverage_.parent_of[c] != gap.parent && GEOSIntersects_r(geos_, children_[c].get(), middle.get()) == 1) gap.there.push_back(c);
    for (const Outline& piece : gap.pieces) gap.beside.push_back(beside(piece, gap.parent));
  }

  [[nodiscard]] std::size_t beside(const Outline& piece, std::size_t parent) const {
    std::size_t out = kNoArea;
    double longest = 0;
    bool own = false;
    for (const std::size_t c : boxes_.front().near(piece, kBeside)) {
      const bool of_parent = coverage_.parent_of[c] == parent;
      if (own && !of_parent) continue;
      const double metres = shared_border(piece, outlines_[c], kBeside).metres;
      if (metres <= 0 || (own == of_parent && metres <= longest)) continue;
      own = of_parent;
      longest = metres;
      out = c;
    }
    return out;
  }

  void find_outsides(std::size_t parent, std::vector<Found>& found) const {
    const Prepared prepared(GEOSPrepare_r(geos_, parents_[parent].get()), {geos_});
    for (const std::size_t c : children_of(parent)) {
      if (GEOSPreparedCovers_r(geos_, prepared.get(), children_[c].get()) == 1) continue;
      Geometry rest(GEOSDifference_r(geos_, children_[c].get(), parents_[parent].get()), {geos_});
      if (const auto over = overlapping_.find(c); over != overlapping_.end())
        for (const GEOSGeometry* overlap : over->second) rest.reset(GEOSDifference_r(geos_, rest.get(), overlap));
      std::vector<Piece> pieces;
      add_pieces(rest.get(), pieces);
      double sum = 0;
      for (const Piece& piece : pieces) sum += piece.area_m2;
      if (sum > tolerance_.min_outside_m2) found.push_back({{.kind = Kind::outside, .parent = parent, .child = c}, std::move(pieces), {}});
    }
  }

  /// How much of the child lies outside, and in which other parent.
  void measure_outside(Misfit& outside) const {
    double area = 0;
    for (int i = 0; i < GEOSGetNumGeometries_r(geos_, children_[outside.child].get()); ++i) area += geodesic_area(outline_of(geos_, GEOSGetGeometryN_r(geos_, children_[outside.child].get(), i)));
    outside.part = outside.area_m2 / area;
    const Geometry middle = point(outside.at);
    for (std::size_t p = 0; p < parents_.size(); ++p)
      if (p != outside.parent && parents_[p] && GEOSIntersects_r(geos_, parents_[p].get(), middle.get()) == 1) outside.there.push_back(p);
  }

  const Coverage& coverage_;
  const CoverageTolerance tolerance_;
  const Context context_;
  const GEOSContextHandle_t geos_;
  std::vector<Geometry> parents_, children_, overlaps_;
  std::map<std::size_t, std::vector<const GEOSGeometry*>> overlapping_;  // by child
  std::vector<Outline> outlines_;                                        // of children
  std::vector<Boxes> boxes_;                                             // of children, once they are read
  CoverageFindings out_;
};

}  // namespace

Result<CoverageFindings> check_coverage(const Coverage& coverage, const CoverageTolerance& tolerance) { return Checker(coverage, tolerance).check(); }

}  // namespace gridward::geo
