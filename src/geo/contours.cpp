#include "geo/contours.h"

#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gdal_alg.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

namespace gridward::geo {
namespace {

struct Close {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, Close>;
using Geometry = std::unique_ptr<OGRGeometry>;

Dataset create(const char* driver, int columns, int rows, int bands) {
  GDALAllRegister();
  GDALDriver* const made = GetGDALDriverManager()->GetDriverByName(driver);
  Dataset out(made == nullptr ? nullptr : made->Create("", columns, rows, bands, GDT_Float32, nullptr));
  if (!out) throw std::runtime_error(std::string("GDAL cannot create in ") + driver);
  return out;
}

Dataset raster_of(const PlaneRaster& raster) {
  const int columns = static_cast<int>(raster.columns), rows = static_cast<int>(raster.rows);
  Dataset out = create("MEM", columns, rows, 1);
  double corner[6] = {raster.west, raster.spacing, 0, raster.north, 0, -raster.spacing};
  out->SetGeoTransform(corner);
  std::vector<float> values(raster.values.begin(), raster.values.end());  // GDAL's writing takes what it does not write to as not const
  if (out->GetRasterBand(1)->RasterIO(GF_Write, 0, 0, columns, rows, values.data(), columns, rows, GDT_Float32, 0, 0, nullptr) != CE_None) throw std::runtime_error("GDAL cannot write to memory");
  return out;
}

OGRLinearRing* ring_of(const std::vector<PlanePoint>& points) {
  auto* const ring = new OGRLinearRing;  // its polygon owns it
  for (const PlanePoint& p : points) ring->addPoint(p.x, p.y);
  return ring;
}

Geometry geometry_of(const std::vector<PlanePolygon>& polygons) {
  auto out = std::make_unique<OGRMultiPolygon>();
  for (const PlanePolygon& polygon : polygons) {
    OGRPolygon part;
    for (const auto& ring : polygon) part.addRingDirectly(ring_of(ring));
    out->addGeometry(&part);
  }
  return Geometry(out->MakeValid());
}

std::vector<PlanePoint> points_of(const OGRSimpleCurve& curve) {
  std::vector<PlanePoint> out;
  for (int i = 0; i < curve.getNumPoints(); ++i) out.push_back({curve.getX(i), curve.getY(i)});
  return out;
}

void add_polygons(const OGRGeometry& geometry, std::vector<PlanePolygon>& out) {
  if (wkbFlatten(geometry.getGeometryType()) == wkbPolygon) {
    PlanePolygon polygon;
    for (const OGRLinearRing* const ring : *geometry.toPolygon()) polygon.push_back(points_of(*ring));
    if (!polygon.empty()) out.push_back(std::move(polygon));
  } else if (OGR_GT_IsSubClassOf(geometry.getGeometryType(), wkbGeometryCollection)) {
    for (const OGRGeometry* const part : *geometry.toGeometryCollection()) add_polygons(*part, out);
  }
}

void add_lines(const OGRGeometry& geometry, std::vector<std::vector<PlanePoint>>& out) {
  if (wkbFlatten(geometry.getGeometryType()) == wkbLineString) out.push_back(points_of(*geometry.toLineString()));
  else if (OGR_GT_IsSubClassOf(geometry.getGeometryType(), wkbGeometryCollection))
    for (const OGRGeometry* const part : *geometry.toGeometryCollection()) add_lines(*part, out);
}

/// What the generator makes of a raster: calls `take` with the number of a band's lower break (or of a line's) and what of it lies in the region.
template <class Take>
void contour(const PlaneRaster& raster, std::span<const double> breaks, const std::vector<PlanePolygon>& region, bool polygons, const Take& take) {
  const Dataset values = raster_of(raster);
  const Dataset made = create("Memory", 0, 0, 0);
  OGRLayer* const layer = made->CreateLayer("contours", nullptr, polygons ? wkbMultiPolygon : wkbLineString, nullptr);
  for (const char* name : {"low", "high"}) {
    OGRFieldDefn field(name, OFTReal);
    layer->CreateField(&field);
  }
  CPLStringList options;
  options.SetNameValue("FIXED_LEVELS", fmt::format("{}", fmt::join(breaks, ",")).c_str());
  options.SetNameValue("POLYGONIZE", polygons ? "YES" : "NO");
  options.SetNameValue(polygons ? "ELEV_FIELD_MIN" : "ELEV_FIELD", "0");
  if (polygons) options.SetNameValue("ELEV_FIELD_MAX", "1");
  if (GDALContourGenerateEx(values->GetRasterBand(1), layer, options.List(), nullptr, nullptr) != CE_None) throw std::runtime_error(std::string("GDAL's contours: ") + CPLGetLastErrorMsg());
  const Geometry land = geometry_of(region);
  for (const auto& feature : *layer) {
    const OGRGeometry* const shape = feature->GetGeometryRef();
    if (shape == nullptr) continue;
    const Geometry valid(polygons ? shape->MakeValid() : shape->clone());
    const Geometry cut(valid->Intersection(land.get()));
    if (!cut || cut->IsEmpty()) continue;
    // Bands are told by their upper break: below the first and beyond the last, GDAL names the least and the greatest value.
    const double value = feature->GetFieldAsDouble(polygons ? 1 : 0);
    int index = static_cast<int>(breaks.size());
    for (std::size_t i = breaks.size(); i-- > 0;)
      if (value <= breaks[i] * (1 + (breaks[i] < 0 ? -1e-9 : 1e-9)) + 1e-12) index = static_cast<int>(i);
    take(polygons ? index - 1 : index, *cut);
  }
}

}  // namespace

std::vector<Isoband> isobands(const PlaneRaster& raster, std::span<const double> breaks, const std::vector<PlanePolygon>& region) {
  std::vector<Isoband> all(breaks.size() + 1), out;
  for (std::size_t i = 0; i < all.size(); ++i) all[i].break_index = static_cast<int>(i) - 1;
  contour(raster, breaks, region, true, [&](int index, const OGRGeometry& cut) { add_polygons(cut, all[static_cast<std::size_t>(index + 1)].polygons); });
  for (Isoband& band : all)
    if (!band.polygons.empty()) out.push_back(std::move(band));
  return out;
}

std::vector<Isoline> isolines(const PlaneRaster& raster, std::span<const double> breaks, const std::vector<PlanePolygon>& region) {
  std::vector<Isoline> all(breaks.size()), out;
  for (std::size_t i = 0; i < all.size(); ++i) all[i].break_index = static_cast<int>(i);
  contour(raster, breaks, region, false, [&](int index, const OGRGeometry& cut) { add_lines(cut, all.at(static_cast<std::size_t>(index)).lines); });
  for (Isoline& line : all)
    if (!line.lines.empty()) out.push_back(std::move(line));
  return out;
}

std::vector<PlanePolygon> region_from(const PlaneRaster& raster, double least, const std::vector<PlanePolygon>& region) {
  for (Isoband& band : isobands(raster, std::span(&least, 1), region))
    if (band.break_index == 0) return std::move(band.polygons);
  return {};
}

}  // namespace gridward::geo
