#include "geo/local_plane.h"

#include <stdexcept>

#include <fmt/format.h>
#include <proj.h>

namespace gridward::geo {

struct LocalPlane::Transform {
  PJ_CONTEXT* context = nullptr;
  PJ* proj = nullptr;
};

void LocalPlane::Free::operator()(Transform* t) const {
  proj_destroy(t->proj);
  proj_context_destroy(t->context);
  delete t;
}

LocalPlane::LocalPlane(LonLat centre)
    : definition_(fmt::format("+proj=tmerc +lat_0={:.6f} +lon_0={:.6f} +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +type=crs", centre.lat, centre.lon)), transform_(new Transform) {
  transform_->context = proj_context_create();
  const std::string pipeline = fmt::format("+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=tmerc +lat_0={:.6f} +lon_0={:.6f} +k=1 +ellps=GRS80", centre.lat, centre.lon);
  transform_->proj = proj_create(transform_->context, pipeline.c_str());
  if (transform_->proj == nullptr) throw std::runtime_error("PROJ has no transverse Mercator");
}

PlanePoint LocalPlane::to_plane(LonLat at) const {
  const PJ_COORD out = proj_trans(transform_->proj, PJ_FWD, proj_coord(at.lon, at.lat, 0, 0));
  return {out.xy.x, out.xy.y};
}

LonLat LocalPlane::to_degrees(PlanePoint at) const {
  const PJ_COORD out = proj_trans(transform_->proj, PJ_INV, proj_coord(at.x, at.y, 0, 0));
  return {out.xy.x, out.xy.y};
}

}  // namespace gridward::geo
