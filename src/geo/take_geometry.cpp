#include "geo/take_geometry.h"

#include <cmath>

#include <cpl_error.h>
#include <cpl_string.h>
#include <geodesic.h>

namespace gridward::geo {
namespace {

using Geometry = std::unique_ptr<OGRGeometry>;

/// Area of a ring in m2 on GRS80, its edges geodesics; the sign tells the direction, so the value is taken.
double ring_area(const OGRLinearRing& ring) {
  geod_geodesic ellipsoid;
  geod_init(&ellipsoid, 6378137.0, 1 / 298.257222101);
  geod_polygon polygon;
  geod_polygon_init(&polygon, 0);
  for (int i = 0; i + 1 < ring.getNumPoints(); ++i) geod_polygon_addpoint(&ellipsoid, &polygon, ring.getY(i), ring.getX(i));
  double area = 0;
  geod_polygon_compute(&ellipsoid, &polygon, 0, 1, &area, nullptr);
  return std::abs(area);
}

double geodesic_area(const OGRMultiPolygon& shape) {
  double sum = 0;
  for (const auto* polygon : shape) {
    bool outer = true;
    for (const auto* ring : *polygon) {
      sum += outer ? ring_area(*ring) : -ring_area(*ring);
      outer = false;
    }
  }
  return sum;
}

/// Whether all vertices are numbers; an envelope does not tell, as it leaves out those that are not. Keeps the first vertex.
class Looker : public OGRDefaultConstGeometryVisitor {
 public:
  using OGRDefaultConstGeometryVisitor::visit;
  void visit(const OGRPoint* p) override {
    finite = finite && std::isfinite(p->getX()) && std::isfinite(p->getY());
    if (std::exchange(first, false)) x = p->getX(), y = p->getY();
  }
  bool finite = true, first = true;
  double x = 0, y = 0;
};

/// Moves every vertex by a function of ours.
class Mover : public OGRDefaultGeometryVisitor {
 public:
  explicit Mover(LonLat (*move)(LonLat)) : move_(move) {}
  using OGRDefaultGeometryVisitor::visit;
  void visit(OGRPoint* p) override {
    const LonLat to = move_({p->getX(), p->getY()});
    p->setX(to.lon);
    p->setY(to.lat);
  }

 private:
  LonLat (*move_)(LonLat);
};

bool is_polygon(const OGRGeometry* g) {
  return g != nullptr && (wkbFlatten(g->getGeometryType()) == wkbPolygon || wkbFlatten(g->getGeometryType()) == wkbMultiPolygon);
}

/// Whether a part spans more than half the globe: it then was meant to go over the 180° meridian.
bool over_the_date_line(const OGRMultiPolygon& shape) {
  for (const auto* polygon : shape) {
    OGREnvelope box;
    polygon->getEnvelope(&box);
    if (box.MaxX - box.MinX > 180) return true;
  }
  return false;
}

/// Whether a polygon has become a line: it hardly fills the box around it.
bool collapsed(const OGRMultiPolygon& shape) {
  OGREnvelope box;
  shape.getEnvelope(&box);
  return !(shape.get_Area() > 1e-9 * (box.MaxX - box.MinX) * (box.MaxY - box.MinY));
}

/// Whether a polygon is valid; else why, and where.
bool is_valid(const OGRGeometry& g, std::string& why) {
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
  const bool valid = g.IsValid() != 0;
  why = CPLGetLastErrorMsg();
  CPLErrorReset();
  CPLPopErrorHandler();
  return valid;
}

/// Checks a polygon, and mends it if that is wanted.
void check_polygon(Geometry& g, bool repair, Feature& out) {
  std::string why;
  if (!is_valid(*g, why)) {
    if (!repair) {
      out.problem = {"多边形无效" + (why.empty() ? "" : "（" + why + "）") + "：请修正，或在导入时选择修复（repair）", "the polygon is not valid" + (why.empty() ? "" : " (" + why + ")") + ": mend it, or import with repair"};
      return;
    }
    g->closeRings();
    CPLStringList method;
    method.SetNameValue("METHOD", "STRUCTURE");
    g.reset(g->MakeValid(method.List()));
    out.repaired = true;
  }
  bool flat = false;
  if (is_polygon(g.get())) {
    g.reset(OGRGeometryFactory::forceToMultiPolygon(g.release()));
    if (over_the_date_line(*g->toMultiPolygon())) {
      out.problem = {"多边形跨越180°经线：请在该处分成两部分", "the polygon crosses the 180° meridian: cut it in two there"};
      return;
    }
    out.area_m2 = geodesic_area(*g->toMultiPolygon());
    flat = collapsed(*g->toMultiPolygon()) || out.area_m2 < 1;
  }
  if (!is_polygon(g.get()) || flat) out.problem = {"多边形没有面积", "the polygon has no area"};
}

Sentence not_numbers() { return {"坐标不是数字", "a coordinate is not a number"}; }

/// Brings a geometry into storage's system; says what seems wrong if that leads to nowhere.
Sentence bring_over(OGRGeometry& g, const Way& way) {
  Looker before;
  g.accept(&before);
  if (!before.finite) return not_numbers();
  const bool converted = !way.transform || g.transform(way.transform.get()) == OGRERR_NONE;
  Looker after;
  g.accept(&after);
  OGREnvelope box;
  g.getEnvelope(&box);
  if (converted && after.finite && placed_right(way, box)) return {};
  Sentence problem = misplaced(way, before.x, before.y);
  if (problem.empty() && (!converted || !after.finite || !(box.MinX >= -180 && box.MaxX <= 180 && box.MinY >= -90 && box.MaxY <= 90)))
    problem = {"坐标无法转换到EPSG:4490：请核对坐标系（crs）", "the coordinates cannot be converted to EPSG:4490: is the CRS right?"};
  return problem;
}

std::string wkb_of(const OGRGeometry& g) {
  std::string wkb(static_cast<std::size_t>(g.WkbSize()), '\0');
  g.exportToWkb(wkbNDR, reinterpret_cast<unsigned char*>(wkb.data()));
  return wkb;
}

}  // namespace

Result<StoredShape> unite(const std::vector<std::string>& shapes) {
  OGRMultiPolygon all;
  for (const std::string& shape : shapes) {
    OGRGeometry* made = nullptr;
    if (OGRGeometryFactory::createFromWkb(shape.data(), nullptr, &made, shape.size()) != OGRERR_NONE) continue;
    const Geometry part(OGRGeometryFactory::forceToMultiPolygon(made));
    for (const OGRPolygon* polygon : *part->toMultiPolygon()) all.addGeometry(polygon);
  }
  Geometry whole(all.UnionCascaded());
  if (!is_polygon(whole.get())) return fail(Errc::invalid_argument, "the shapes have no area together");
  whole.reset(OGRGeometryFactory::forceToMultiPolygon(whole.release()));
  return StoredShape{wkb_of(*whole), geodesic_area(*whole->toMultiPolygon())};
}

void take_geometry(const OGRGeometry& source, const Way& way, bool repair, Feature& out) {
  Geometry g(source.clone());
  g->flattenTo2D();
  g->setMeasured(FALSE);
  if (g->hasCurveGeometry()) g.reset(g->getLinearGeometry());
  if (g->IsEmpty()) return;
  out.problem_column = "geometry";
  out.problem = bring_over(*g, way);
  if (!out.problem.empty()) return;
  if (way.move != nullptr) {
    Mover mover(way.move);
    g->accept(&mover);
  }
  if (is_polygon(g.get())) check_polygon(g, repair, out);
  if (!out.problem.empty()) return;
  out.geometry = OGRToOGCGeomType(g->getGeometryType());
  out.wkb = wkb_of(*g);
}

}  // namespace gridward::geo
