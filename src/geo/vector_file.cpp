#include "geo/vector_file.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "geo/ellipsoid.h"
#include "geo/gcj02.h"
#include "geo/open_file.h"

namespace gridward::geo {
namespace {

struct DestroyTransform {
  void operator()(OGRCoordinateTransformation* t) const { OCTDestroyCoordinateTransformation(t); }
};
using Transform = std::unique_ptr<OGRCoordinateTransformation, DestroyTransform>;

/// Area of a ring in m2 on GRS80, its edges geodesics; the sign tells the direction, so the value is taken.
double ring_area(const OGRLinearRing& ring) {
  const geod_geodesic& ellipsoid = grs80();
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

bool finite(const OGREnvelope& box) {
  return std::isfinite(box.MinX) && std::isfinite(box.MaxX) && std::isfinite(box.MinY) && std::isfinite(box.MaxY) &&
         std::abs(box.MinX) <= 180 && std::abs(box.MaxX) <= 180 && std::abs(box.MinY) <= 90 && std::abs(box.MaxY) <= 90;
}

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

/// How coordinates get into storage: by our own formula, then by PROJ; either may be absent.
struct Way {
  LonLat (*move)(LonLat) = nullptr;
  Transform transform;
};

using Geometry = std::unique_ptr<OGRGeometry>;

/// Checks a polygon, and mends it if that is wanted.
void check_polygon(Geometry& g, bool repair, Feature& out) {
  if (!g->IsValid()) {
    if (!repair) {
      out.problem = "the polygon is not valid (it touches or crosses itself): mend it, or import with --repair";
      return;
    }
    CPLStringList method;
    method.SetNameValue("METHOD", "STRUCTURE");
    g.reset(g->MakeValid(method.List()));
    out.repaired = true;
  }
  if (g == nullptr || (wkbFlatten(g->getGeometryType()) != wkbPolygon && wkbFlatten(g->getGeometryType()) != wkbMultiPolygon)) {
    out.problem = "the polygon has no area";
    return;
  }
  g.reset(OGRGeometryFactory::forceToMultiPolygon(g.release()));
  out.area_m2 = geodesic_area(*g->toMultiPolygon());
}

/// Puts a geometry into the feature: flat, linear, in the storage system, polygons as MultiPolygon.
void take_geometry(const OGRGeometry& source, const Way& way, bool repair, Feature& out) {
  Geometry g(source.clone());
  g->flattenTo2D();
  g->setMeasured(FALSE);
  if (g->hasCurveGeometry()) g.reset(g->getLinearGeometry());
  if (g->IsEmpty()) return;
  if (way.transform && g->transform(way.transform.get()) != OGRERR_NONE) {
    out.problem = "the coordinates cannot be converted to EPSG:4490: is the CRS right?";
    return;
  }
  OGREnvelope box;
  g->getEnvelope(&box);
  if (!finite(box)) {
    out.problem = "the coordinates are not longitudes and latitudes: is the CRS right?";
    return;
  }
  if (way.move != nullptr) {
    Mover mover(way.move);
    g->accept(&mover);
  }
  const auto type = wkbFlatten(g->getGeometryType());
  if (type == wkbPolygon || type == wkbMultiPolygon) check_polygon(g, repair, out);
  if (!out.problem.empty()) return;
  out.geometry = OGRToOGCGeomType(g->getGeometryType());
  std::string wkb(static_cast<std::size_t>(g->WkbSize()), '\0');
  g->exportToWkb(wkbNDR, reinterpret_cast<unsigned char*>(wkb.data()));
  out.wkb = std::move(wkb);
}

bool needs_parameters(const OGRSpatialReference& crs) {
  const char* datum = crs.GetAttrValue("DATUM");
  const std::string name = datum == nullptr ? "" : datum;
  return name.find("Xian") != std::string::npos || name.find("Beijing") != std::string::npos;
}

/// The steps from a system's own coordinates to longitude and latitude on its ellipsoid in radians, as PROJ writes them; "" if it cannot.
std::string steps_to_ellipsoid(const OGRSpatialReference& source) {
  if (!source.IsProjected()) return "+step +proj=unitconvert +xy_in=deg +xy_out=rad";
  char* text = nullptr;
  const bool known = source.exportToProj4(&text) == OGRERR_NONE;
  const CPLStringList words(known ? CSLTokenizeString2(text, " ", 0) : nullptr);
  CPLFree(text);
  std::string steps = "+step +inv";
  for (int i = 0; i < words.size(); ++i) {
    const std::string_view word(words[i]);
    // Parameters that the file brings along give way to those of the recipe.
    if (!word.starts_with("+towgs84=") && !word.starts_with("+nadgrids=") && word != "+no_defs" && word != "+type=crs") steps += " " + std::string(word);
  }
  return known ? steps : "";
}

/// The transformation by a surveying office's own seven parameters. It is written as PROJ's steps, since PROJ takes no parameters for a
/// datum that it knows. Null if it cannot be written.
Transform shifted(const OGRSpatialReference& source, const std::vector<double>& p) {
  const std::string in = steps_to_ellipsoid(source);
  if (in.empty()) return nullptr;
  const CPLString steps = CPLString().Printf(
      "+proj=pipeline %s +step +proj=cart +a=%.17g +rf=%.17g +step +proj=helmert +x=%.17g +y=%.17g +z=%.17g +rx=%.17g +ry=%.17g +rz=%.17g +s=%.17g "
      "+convention=position_vector +step +inv +proj=cart +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg",
      in.c_str(), source.GetSemiMajor(), source.GetInvFlattening(), p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
  OGRCoordinateTransformationOptions options;
  options.SetCoordinateOperation(steps.c_str(), false);
  return Transform(OGRCreateCoordinateTransformation(nullptr, nullptr, options));
}

/// The way from a file's system into storage.
Result<Way> way_from(const std::string& path, const OGRSpatialReference* own, const OpenOptions& options) {
  Way way;
  OGRSpatialReference source;
  if (own != nullptr && (own->IsLocal() || own->IsEmpty())) own = nullptr;  // "undefined"
  if (options.crs == "GCJ-02" || options.crs == "BD-09") {
    way.move = options.crs == "GCJ-02" ? from_gcj02 : from_bd09;
    if (own == nullptr || !own->IsProjected()) return way;
    source = *own;
  } else if (own != nullptr && options.crs.empty()) {
    source = *own;
  } else if (options.crs.empty()) {
    return fail(unreadable(path, "the file does not say its coordinate system: give crs = \"EPSG:…\" in the recipe (or \"GCJ-02\", \"BD-09\")."));
  } else if (source.SetFromUserInput(options.crs.c_str()) != OGRERR_NONE) {
    return fail(unreadable(path, "crs = \"" + options.crs + "\" is not known: write \"EPSG:\" and its number."));
  }
  if (options.shift.empty() && needs_parameters(source)) {
    return fail(unreadable(path, "Xian 80 and Beijing 54 have no public shift to CGCS2000: give the seven parameters of your surveying office as "
                                 "shift = [dx, dy, dz, rx, ry, rz, s] (metres, seconds, ppm; position vector), or convert the file first."));
  }
  source.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  OGRSpatialReference target;
  target.importFromEPSG(4490);
  target.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  CPLPushErrorHandler(CPLQuietErrorHandler);
  way.transform = options.shift.empty() ? Transform(OGRCreateCoordinateTransformation(&source, &target)) : shifted(source, options.shift);
  CPLPopErrorHandler();
  if (!way.transform) return fail(unreadable(path, "its coordinate system cannot be converted to EPSG:4490."));
  return way;
}

OGRLayer* find_layer(const OpenFile& data, const std::string& name) {
  return name.empty() ? data->GetLayer(0) : data->GetLayerByName(name.c_str());
}

/// Where a table without geometry keeps its points: the positions of longitude and latitude (or x and y of its system).
using PointColumns = std::optional<std::pair<std::size_t, std::size_t>>;

PointColumns point_columns(const std::vector<std::string>& names, const OpenOptions& options) {
  const auto x = std::ranges::find(names, options.x_column), y = std::ranges::find(names, options.y_column);
  if (options.x_column.empty() || x == names.end() || y == names.end()) return std::nullopt;
  return std::pair{static_cast<std::size_t>(x - names.begin()), static_cast<std::size_t>(y - names.begin())};
}

/// The point of a row, if both columns are filled with numbers.
void take_point(const std::pair<std::size_t, std::size_t>& at, const Way& way, Feature& out) {
  double xy[2];
  for (const auto& [i, value] : {std::pair{0, &out.values[at.first]}, std::pair{1, &out.values[at.second]}}) {
    if (!*value || (*value)->empty()) return;
    char* end = nullptr;
    xy[i] = CPLStrtod((*value)->c_str(), &end);
    if (*end != '\0') {
      out.problem = "\"" + **value + "\" is not a coordinate";
      return;
    }
  }
  take_geometry(OGRPoint(xy[0], xy[1]), way, false, out);
}

std::string layer_names(const OpenFile& data) {
  std::string names;
  for (int i = 0; i < data->GetLayerCount(); ++i) names += (i == 0 ? "" : ", ") + std::string(data->GetLayer(i)->GetName());
  return names;
}

}  // namespace

Result<void> read_vector_file(const std::string& path, const OpenOptions& options,
                              const std::function<Result<void>(const std::vector<std::string>&)>& fields,
                              const std::function<bool(Feature&)>& each) {
  auto data = open_file(path, options);
  if (!data) return fail(data.error());
  OGRLayer* layer = find_layer(*data, options.layer);
  if (layer == nullptr) return fail(unreadable(path, "it has no layer \"" + options.layer + "\"; it has " + layer_names(*data) + "."));
  if (options.layer.empty() && (*data)->GetLayerCount() > 1)
    return fail(unreadable(path, "it has several layers: name one with layer = \"…\" in the recipe. They are " + layer_names(*data) + "."));
  OGRFeatureDefn* columns = layer->GetLayerDefn();
  std::vector<std::string> names;
  for (int i = 0; i < columns->GetFieldCount(); ++i) names.emplace_back(columns->GetFieldDefn(i)->GetNameRef());
  if (auto ok = fields(names); !ok) return ok;
  Way way;
  const bool drawn = columns->GetGeomFieldCount() > 0 && columns->GetGeomType() != wkbNone;
  const PointColumns points = drawn ? std::nullopt : point_columns(names, options);
  if (drawn || points) {
    auto found = way_from(path, drawn ? layer->GetSpatialRef() : nullptr, options);
    if (!found) return fail(found.error());
    way = std::move(*found);
  }
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
  std::int64_t row = 0;
  for (const auto& source : *layer) {
    Feature out;
    out.row = ++row;
    for (int i = 0; i < columns->GetFieldCount(); ++i) {
      if (!source->IsFieldSetAndNotNull(i)) {
        out.values.emplace_back();
        continue;
      }
      out.values.emplace_back(source->GetFieldAsString(i));
      if (!CPLIsUTF8(out.values.back()->c_str(), -1))
        out.problem = names[static_cast<std::size_t>(i)] + ": not UTF-8: give encoding = \"GBK\" (or the right one)";
    }
    if (const OGRGeometry* g = source->GetGeometryRef(); g != nullptr && !g->IsEmpty()) take_geometry(*g, way, options.repair, out);
    if (points && out.problem.empty()) take_point(*points, way, out);
    if (!each(out)) break;
  }
  const bool broken = CPLGetLastErrorType() == CE_Failure;
  const std::string message = CPLGetLastErrorMsg();
  CPLPopErrorHandler();
  if (broken) return fail(unreadable(path, "it is damaged after row " + std::to_string(row) + ": " + message));
  return {};
}

}  // namespace gridward::geo
