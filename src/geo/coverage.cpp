#include "geo/coverage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <numbers>
#include <numeric>
#include <optional>
#include <utility>

#include "base/in_parallel.h"
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
  std::optional<double> most;
  std::optional<Circle> circle;
  /// No circle in it is wider.
  double most_width() {
    if (circle) return 2 * circle->radius_m;
    if (!most) most = std::min(2 * std::sqrt(area_m2 / std::numbers::pi), geo::most_width(outline));
    return *most;
  }
  double width() {
    if (!circle) circle = largest_circle(outline).value_or(Circle{outline.rings.front().front(), 0});
    return 2 * circle->radius_m;
  }
};

/// What does not fit of one area, as one thread finds it.
struct Found {
  std::vector<Misfit> told;
  std::vector<std::pair<std::array<std::size_t, 2>, Geometry>> grounds;  // of overlaps that are told
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
    for (std::size_t c = 0; c < children_.size(); ++c) {
      near_.push_back(children_[c] ? boxes_.front().near(outlines_[c], 0) : std::vector<std::size_t>{});
      if (children_[c] && coverage_.parent_of[c] != kNoArea) below_[coverage_.parent_of[c]].push_back(c);
    }
    find_gaps_and_overlaps();
    find_outsides();
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
        InvalidShape& found = out_.invalid.emplace_back(InvalidShape{parents, i, why == nullptr ? "" : why, {}, {}});
        if (place) GEOSGeomGetX_r(geos_, place.get(), &found.at.lon), GEOSGeomGetY_r(geos_, place.get(), &found.at.lat);
        shapes[i].reset(GEOSMakeValid_r(geos_, shapes[i].get()));
        for (Piece& piece : pieces_of(geos_, shapes[i].get())) found.valid.push_back(std::move(piece.outline));
      }
      GEOSFree_r(geos_, why);
    }
  }

  /// The polygons of what an overlay left; lines and points have no area.
  static void add_pieces(GEOSContextHandle_t geos, const GEOSGeometry* g, std::vector<Piece>& out) {
    if (g == nullptr) return;
    if (GEOSGeomTypeId_r(geos, g) == GEOS_POLYGON && GEOSisEmpty_r(geos, g) == 0) {
      Piece piece{outline_of(geos, g), 0, {}, {}};
      piece.area_m2 = geodesic_area(piece.outline);
      if (piece.area_m2 > 0) out.push_back(std::move(piece));
    } else if (const int type = GEOSGeomTypeId_r(geos, g); type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
      for (int i = 0; i < GEOSGetNumGeometries_r(geos, g); ++i) add_pieces(geos, GEOSGetGeometryN_r(geos, g, i), out);
    }
  }
  static std::vector<Piece> pieces_of(GEOSContextHandle_t geos, const GEOSGeometry* g) {
    std::vector<Piece> out;
    add_pieces(geos, g, out);
    return out;
  }

  [[nodiscard]] bool is_sliver(Piece& piece) const {
    return piece.area_m2 < tolerance_.min_area_m2 || piece.most_width() < tolerance_.min_width_m || piece.width() < tolerance_.min_width_m;
  }

  /// A misfit of some pieces; their order is by area.
  [[nodiscard]] Misfit gathered(Misfit misfit, std::vector<Piece> pieces) const {
    std::ranges::stable_sort(pieces, std::greater<>(), &Piece::area_m2);
    misfit.sliver = std::ranges::all_of(pieces, [this](Piece& p) { return is_sliver(p); });
    measure_widest(pieces, misfit);
    for (Piece& piece : pieces) {
      misfit.area_m2 += piece.area_m2;
      misfit.pieces.push_back(std::move(piece.outline));
    }
    return misfit;
  }

  /// The width of the widest piece, and its middle; of pieces that are as wide, the first. Those that may be the widest are measured first, so that most need not be.
  static void measure_widest(std::vector<Piece>& pieces, Misfit& misfit) {
    std::vector<std::size_t> order(pieces.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return pieces[i].most_width(); });
    std::size_t widest = kNoArea;
    for (const std::size_t i : order) {
      if (pieces[i].most_width() < misfit.width_m) break;
      const double width = pieces[i].width();
      if (width < misfit.width_m || (width == misfit.width_m && (width == 0 || i > widest))) continue;
      misfit.width_m = width;
      misfit.at = pieces[i].circle->centre;
      widest = i;
    }
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

  /// A shape of its own for a thread: GEOS notes in a shape what it once reckoned of it.
  static Geometry own(GEOSContextHandle_t geos, const Geometry& shape) { return {GEOSGeom_clone_r(geos, shape.get()), {geos}}; }

  /// On all processors, gaps first, as a parent takes longest.
  void find_gaps_and_overlaps() {
    gaps_.resize(parents_.size());
    std::vector<Found> overlaps(children_.size());
    in_blocks(parents_.size() + children_.size(), 1, 0, [&](std::size_t i, std::size_t) {
      const Context context(GEOS_init_r());
      if (i < parents_.size()) gaps_[i] = gaps(context.get(), i);
      else overlaps[i - parents_.size()] = overlaps_of(context.get(), i - parents_.size());
    });
    for (Found& found : overlaps) {
      for (auto& [pair, ground] : found.grounds) {
        for (const std::size_t child : pair) overlapping_[child].push_back(ground.get());
        overlaps_.push_back(std::move(ground));
      }
      for (Misfit& m : found.told) {
        look_for_parents(m);
        out_.misfits.push_back(std::move(m));
      }
    }
  }

  /// What a child covers together with those after it.
  [[nodiscard]] Found overlaps_of(GEOSContextHandle_t geos, std::size_t child) const {
    Found out;
    if (!children_[child]) return out;
    const Geometry shape = own(geos, children_[child]);
    for (const std::size_t j : near_[child]) {
      if (j <= child) continue;
      const Geometry other = own(geos, children_[j]);
      Geometry both(GEOSIntersection_r(geos, shape.get(), other.get()), {geos_});
      auto pieces = pieces_of(geos, both.get());
      if (pieces.empty()) continue;
      auto told_of = told({.kind = Kind::overlap, .child = child, .other = j}, std::move(pieces));
      if (!told_of.empty()) out.grounds.emplace_back(std::array{child, j}, std::move(both));
      std::ranges::move(told_of, std::back_inserter(out.told));
    }
    return out;
  }

  [[nodiscard]] const std::vector<std::size_t>& children_of(std::size_t parent) const {
    static const std::vector<std::size_t> none;
    const auto found = below_.find(parent);
    return found == below_.end() ? none : found->second;
  }

  [[nodiscard]] std::vector<Misfit> gaps(GEOSContextHandle_t geos, std::size_t parent) const {
    std::vector<GEOSGeometry*> shapes;
    for (const std::size_t c : children_of(parent)) shapes.push_back(own(geos, children_[c]).release());
    if (!parents_[parent] || shapes.empty()) return {};  // one that is not divided
    const Geometry all(GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, shapes.data(), static_cast<unsigned>(shapes.size())), {geos});
    const Geometry together(GEOSUnaryUnion_r(geos, all.get()), {geos});
    const Geometry gap(GEOSDifference_r(geos, own(geos, parents_[parent]).get(), together.get()), {geos});
    return told({.kind = Kind::gap, .parent = parent}, pieces_of(geos, gap.get()));
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

  /// On all processors, and the gaps with them in their order.
  void find_outsides() {
    std::vector<std::vector<Misfit>> outsides(children_.size());
    in_blocks(parents_.size(), 1, 0, [&](std::size_t p, std::size_t) {
      const Context context(GEOS_init_r());
      if (parents_[p]) find_outsides(context.get(), p, outsides);
    });
    for (std::size_t p = 0; p < parents_.size(); ++p) {
      for (Misfit& m : gaps_[p]) {
        look_around(m);
        out_.misfits.push_back(std::move(m));
      }
      for (const std::size_t c : children_of(p))
        for (Misfit& m : outsides[c]) {
          measure_outside(m);
          out_.misfits.push_back(std::move(m));
        }
    }
  }

  void find_outsides(GEOSContextHandle_t geos, std::size_t parent, std::vector<std::vector<Misfit>>& out) const {
    const Geometry whole = own(geos, parents_[parent]);
    const Prepared prepared(GEOSPrepare_r(geos, whole.get()), {geos});
    for (const std::size_t c : children_of(parent)) {
      const Geometry child = own(geos, children_[c]);
      if (GEOSPreparedCovers_r(geos, prepared.get(), child.get()) == 1) continue;
      Geometry rest(GEOSDifference_r(geos, child.get(), whole.get()), {geos});
      if (const auto over = overlapping_.find(c); over != overlapping_.end())
        for (const GEOSGeometry* overlap : over->second) {
          const Geometry ground(GEOSGeom_clone_r(geos, overlap), {geos});
          rest.reset(GEOSDifference_r(geos, rest.get(), ground.get()));
        }
      auto pieces = pieces_of(geos, rest.get());
      double sum = 0;
      for (const Piece& piece : pieces) sum += piece.area_m2;
      if (sum > tolerance_.min_outside_m2) out[c] = told({.kind = Kind::outside, .parent = parent, .child = c}, std::move(pieces));
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
  std::vector<std::vector<std::size_t>> near_;                           // of each child, those whose boxes meet its own
  std::map<std::size_t, std::vector<std::size_t>> below_;                // children by parent
  std::vector<std::vector<Misfit>> gaps_;                                // of each parent
  CoverageFindings out_;
};

}  // namespace

Result<CoverageFindings> check_coverage(const Coverage& coverage, const CoverageTolerance& tolerance) { return Checker(coverage, tolerance).check(); }

}  // namespace gridward::geo
