#include "geo/vector_file.h"

#include <cmath>
#include <memory>

#include <gdal_priv.h>
#include <geodesic.h>
#include <ogrsf_frmts.h>

namespace gridward::geo {
namespace {

struct CloseDataset {
  void operator()(GDALDataset* d) const { GDALClose(d); }
};
using Dataset = std::unique_ptr<GDALDataset, CloseDataset>;
struct DestroyTransform {
  void operator()(OGRCoordinateTransformation* t) const { OCTDestroyCoordinateTransformation(t); }
};
using Transform = std::unique_ptr<OGRCoordinateTransformation, DestroyTransform>;

Error unreadable(const std::string& path, const std::string& why) {
  return {Errc::invalid_argument, path + ": " + why};
}

std::string gdal_path(const std::string& path) {
  const auto ends = [&](const char* suffix) { return path.ends_with(suffix); };
  if (ends(".gz")) return "/vsigzip/" + path;
  if (ends(".zip") && !ends(".gdb.zip")) return "/vsizip/" + path;
  return path;
}

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

bool finite(const OGREnvelope& box) {
  return std::isfinite(box.MinX) && std::isfinite(box.MaxX) && std::isfinite(box.MinY) && std::isfinite(box.MaxY) &&
         std::abs(box.MinX) <= 180 && std::abs(box.MaxX) <= 180 && std::abs(box.MinY) <= 90 && std::abs(box.MaxY) <= 90;
}

/// Puts a geometry into the feature: flat, linear, in the storage system, polygons as MultiPolygon.
void take_geometry(const OGRGeometry& source, OGRCoordinateTransformation* transform, Feature& out) {
  std::unique_ptr<OGRGeometry> g(source.clone());
  g->flattenTo2D();
  if (g->hasCurveGeometry()) g.reset(g->getLinearGeometry());
  if (g->IsEmpty()) return;
  if (transform != nullptr && g->transform(transform) != OGRERR_NONE) {
    out.problem = "the coordinates cannot be converted to EPSG:4490: is the CRS right?";
    return;
  }
  OGREnvelope box;
  g->getEnvelope(&box);
  if (!finite(box)) {
    out.problem = "the coordinates are not longitudes and latitudes: is the CRS right?";
    return;
  }
  const auto type = wkbFlatten(g->getGeometryType());
  if (type == wkbPolygon || type == wkbMultiPolygon) {
    if (!g->IsValid()) out.problem = "the polygon is not valid (it touches or crosses itself)";
    g.reset(OGRGeometryFactory::forceToMultiPolygon(g.release()));
    out.area_m2 = geodesic_area(*g->toMultiPolygon());
  }
  std::string wkb(static_cast<std::size_t>(g->WkbSize()), '\0');
  g->exportToWkb(wkbNDR, reinterpret_cast<unsigned char*>(wkb.data()));
  out.wkb = std::move(wkb);
}

bool needs_parameters(const OGRSpatialReference& crs) {
  const char* datum = crs.GetAttrValue("DATUM");
  const std::string name = datum == nullptr ? "" : datum;
  return name.find("Xian") != std::string::npos || name.find("Beijing") != std::string::npos;
}

/// The way from a file's system into storage; null when it is in degrees of it already.
Result<Transform> transform_from(const std::string& path, const OGRSpatialReference* own, const std::string& given) {
  OGRSpatialReference source;
  if (own != nullptr && given.empty()) {
    source = *own;
  } else if (given.empty()) {
    return fail(unreadable(path, "the file does not say its coordinate system: give crs = \"EPSG:…\" in the recipe."));
  } else if (source.SetFromUserInput(given.c_str()) != OGRERR_NONE) {
    return fail(unreadable(path, "crs = \"" + given + "\" is not known: write \"EPSG:\" and its number."));
  }
  if (needs_parameters(source))
    return fail(unreadable(path, "Xian 80 and Beijing 54 have no public shift to CGCS2000: convert the file first with the "
                                 "seven parameters of your surveying office."));
  source.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  OGRSpatialReference target;
  target.importFromEPSG(4490);
  target.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  Transform transform(OGRCreateCoordinateTransformation(&source, &target));
  if (!transform) return fail(unreadable(path, "its coordinate system cannot be converted to EPSG:4490."));
  return transform;
}

Result<Dataset> open(const std::string& path, const OpenOptions& options) {
  GDALAllRegister();
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLStringList with;
  if (!options.x_column.empty()) {
    with.SetNameValue("X_POSSIBLE_NAMES", options.x_column.c_str());
    with.SetNameValue("Y_POSSIBLE_NAMES", options.y_column.c_str());
    with.SetNameValue("KEEP_GEOM_COLUMNS", "YES");
  }
  if (!options.encoding.empty()) with.SetNameValue("ENCODING", options.encoding.c_str());
  Dataset data(static_cast<GDALDataset*>(
      GDALOpenEx(gdal_path(path).c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr, with.List(), nullptr)));
  const std::string message = CPLGetLastErrorMsg();
  CPLPopErrorHandler();
  if (!data) return fail(unreadable(path, "cannot be read as a table or map. " + message));
  return data;
}

}  // namespace

Result<void> read_vector_file(const std::string& path, const OpenOptions& options,
                              const std::function<Result<void>(const std::vector<std::string>&)>& fields,
                              const std::function<bool(Feature&)>& each) {
  auto data = open(path, options);
  if (!data) return fail(data.error());
  OGRLayer* layer = options.layer.empty() ? (*data)->GetLayer(0) : (*data)->GetLayerByName(options.layer.c_str());
  if (layer == nullptr) return fail(unreadable(path, "it has no layer \"" + options.layer + "\"."));
  if (options.layer.empty() && (*data)->GetLayerCount() > 1)
    return fail(unreadable(path, "it has several layers: name one with layer = \"…\" in the recipe."));
  OGRFeatureDefn* columns = layer->GetLayerDefn();
  std::vector<std::string> names;
  for (int i = 0; i < columns->GetFieldCount(); ++i) names.emplace_back(columns->GetFieldDefn(i)->GetNameRef());
  if (auto ok = fields(names); !ok) return ok;
  Transform transform;
  if (columns->GetGeomFieldCount() > 0) {
    auto way = transform_from(path, layer->GetSpatialRef(), options.crs);
    if (!way) return fail(way.error());
    transform = std::move(*way);
  }
  CPLPushErrorHandler(CPLQuietErrorHandler);
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
    if (const OGRGeometry* g = source->GetGeometryRef(); g != nullptr && !g->IsEmpty()) take_geometry(*g, transform.get(), out);
    if (!each(out)) break;
  }
  CPLPopErrorHandler();
  return {};
}

}  // namespace gridward::geo
