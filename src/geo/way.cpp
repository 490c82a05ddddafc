#include "geo/way.h"

#include <cmath>
#include <cstdlib>
#include <utility>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>

#include "geo/open_file.h"

namespace gridward::geo {
namespace {

const OGREnvelope& china() {
  static const OGREnvelope box = [] {
    OGREnvelope b;
    b.MinX = 73.4, b.MaxX = 135.1, b.MinY = 3.4, b.MaxY = 53.6;
    return b;
  }();
  return box;
}

std::string name_part(const OGRSpatialReference& crs, const char* node) {
  const char* value = crs.GetAttrValue(node);
  return value == nullptr ? "" : value;
}

bool needs_parameters(const OGRSpatialReference& crs) {
  const std::string name = name_part(crs, "DATUM");
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

/// The system that a file's coordinates are in: the recipe's, or its own.
Result<OGRSpatialReference> source_of(const std::string& path, const OGRSpatialReference* own, const OpenOptions& options) {
  OGRSpatialReference source;
  if (own != nullptr && options.crs.empty()) return *own;
  if (options.crs.empty())
    return fail(unreadable(path, "the file does not say its coordinate system: give crs = \"EPSG:…\" in the recipe (or \"GCJ-02\", \"BD-09\")."));
  if (source.SetFromUserInput(options.crs.c_str(), OGRSpatialReference::SET_FROM_USER_INPUT_LIMITATIONS) != OGRERR_NONE)
    return fail(unreadable(path, "crs = \"" + options.crs + "\" is not known: write \"EPSG:\" and its number."));
  return source;
}

/// Notes what tells whether coordinates are where they should be.
void note_extent(const OGRSpatialReference& source, Way& way) {
  double west = 0, south = 0, east = 0, north = 0;
  const char* name = nullptr;
  const std::string datum = name_part(source, "DATUM");
  if (source.GetAreaOfUse(&west, &south, &east, &north, &name) && west < east) {
    OGREnvelope box;
    box.MinX = west, box.MaxX = east, box.MinY = south, box.MaxY = north;
    way.area = box;
  } else if (datum.find("China") != std::string::npos || datum.find("CGCS2000") != std::string::npos) {
    way.area = china();
  }
  if (const char* code = source.GetAuthorityCode(nullptr); code != nullptr) way.code = std::atoi(code);
  way.false_easting = source.GetNormProjParm(SRS_PP_FALSE_EASTING, 0);
  way.gauss_kruger = name_part(source, "PROJECTION") == SRS_PT_TRANSVERSE_MERCATOR && std::fmod(way.false_easting, 1e6) == 500000;
}

bool on_earth(LonLat p) { return std::isfinite(p.lon) && std::isfinite(p.lat) && std::abs(p.lon) <= 180 && std::abs(p.lat) <= 90; }

/// Where a point of the file comes to lie; nothing if nowhere.
std::optional<LonLat> place(const Way& way, double x, double y) {
  CPLPushErrorHandler(CPLQuietErrorHandler);  // that it leads nowhere is the answer
  const bool converted = !way.transform || way.transform->Transform(1, &x, &y);
  CPLPopErrorHandler();
  if (!converted) return std::nullopt;
  LonLat p{x, y};
  if (!on_earth(p)) return std::nullopt;
  return way.move == nullptr ? p : way.move(p);
}

bool inside(const Way& way, LonLat p) {
  constexpr double margin = 1;  // degrees: data reach a little beyond the area of their system
  return !way.area || (p.lon >= way.area->MinX - margin && p.lon <= way.area->MaxX + margin && p.lat >= way.area->MinY - margin && p.lat <= way.area->MaxY + margin);
}

/// The system of CGCS2000 that differs in whether the zone's number stands before the easting; "" where it is not one of them.
std::string twin(int code) {
  if (code >= 4513 && code <= 4533) return "EPSG:" + std::to_string(code + 21);
  if (code >= 4534 && code <= 4554) return "EPSG:" + std::to_string(code - 21);
  if (code >= 4491 && code <= 4501) return "EPSG:" + std::to_string(code + 11);
  return code >= 4502 && code <= 4512 ? "EPSG:" + std::to_string(code - 11) : "";
}

Sentence wrong_zone(const Way& way, double x) {
  if (!way.gauss_kruger) return {};
  const bool zoned = way.false_easting > 1e6;
  const std::string other = twin(way.code), give = other.empty() ? "" : " (" + other + ")", chinese = other.empty() ? "" : "（" + other + "）";
  if (zoned && x > 0 && x < 1e6)
    return {"横坐标前没有带号，而所给坐标系要求带号：请改用同一中央经线、不带带号的坐标系" + chinese, "the easting has no zone number before it, and its system wants one: give the system of the same meridian without zone number" + give};
  if (!zoned && x > 1e7 && x < 1e8)
    return {"横坐标前带有带号，而所给坐标系不带带号：请改用带带号的坐标系" + chinese, "the easting has the zone number before it, and its system has none: give the system with zone number" + give};
  return {};
}

}  // namespace

bool placed_right(const Way& way, const OGREnvelope& box) {
  const LonLat low{box.MinX, box.MinY}, high{box.MaxX, box.MaxY};
  return on_earth(low) && on_earth(high) && inside(way, low) && inside(way, high);
}

Sentence misplaced(const Way& way, double x, double y) {
  const auto here = place(way, x, y);
  if (here && inside(way, *here)) return {};
  if (Sentence zone = wrong_zone(way, x); !zone.empty()) return zone;
  if (const auto there = place(way, y, x); there && inside(way, *there)) {
    if (way.false_easting != 0) return {"横、纵坐标似乎颠倒（测量坐标的X是纵坐标）：请对调", "easting and northing seem swapped (a surveyor's X is the northing): name them the other way round"};
    return {"经度和纬度似乎颠倒：请对调", "longitude and latitude seem swapped: name them the other way round"};
  }
  if (here) return {};
  return {"坐标不是经纬度：请核对坐标系（crs）", "the coordinates are not longitudes and latitudes: is the CRS right?"};
}

Result<Way> way_from(const std::string& path, const OGRSpatialReference* own, const OpenOptions& options) {
  Way way;
  if (own != nullptr && (own->IsLocal() || own->IsEmpty())) own = nullptr;  // "undefined"
  OpenOptions asked = options;
  if (options.crs == "GCJ-02" || options.crs == "BD-09") {
    way.move = options.crs == "GCJ-02" ? from_gcj02 : from_bd09;
    way.area = china();
    if (own == nullptr || !own->IsProjected()) return way;
    asked.crs.clear();
  }
  auto source = source_of(path, own, asked);
  if (!source) return fail(source.error());
  if (options.shift.empty() && needs_parameters(*source)) {
    return fail(unreadable(path, "Xian 80 and Beijing 54 have no public shift to CGCS2000: give the seven parameters of your surveying office as "
                                 "shift = [dx, dy, dz, rx, ry, rz, s] (metres, seconds, ppm; position vector), or convert the file first."));
  }
  note_extent(*source, way);
  source->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  OGRSpatialReference target;
  target.importFromEPSG(4490);
  target.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  CPLPushErrorHandler(CPLQuietErrorHandler);
  way.transform = options.shift.empty() ? Transform(OGRCreateCoordinateTransformation(&*source, &target)) : shifted(*source, options.shift);
  CPLPopErrorHandler();
  if (!way.transform) return fail(unreadable(path, "its coordinate system cannot be converted to EPSG:4490."));
  return way;
}

}  // namespace gridward::geo
