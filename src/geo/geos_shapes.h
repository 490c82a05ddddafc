#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <geos_c.h>

#include "base/result.h"
#include "geo/shared_border.h"

/// GEOS behind owners of its handles, for the files of this folder that measure shapes.
namespace gridward::geo {

struct FinishContext {
  void operator()(GEOSContextHandle_HS* context) const { GEOS_finish_r(context); }
};
using Context = std::unique_ptr<GEOSContextHandle_HS, FinishContext>;

struct DestroyGeometry {
  GEOSContextHandle_t context;
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(context, g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, DestroyGeometry>;

struct DestroyTree {
  GEOSContextHandle_t context;
  void operator()(GEOSSTRtree* tree) const { GEOSSTRtree_destroy_r(context, tree); }
};
using Tree = std::unique_ptr<GEOSSTRtree, DestroyTree>;

/// The shapes of WKB texts as GEOS has them; null where a text is empty or its shape is. Fails for what is not a polygon.
[[nodiscard]] Result<std::vector<Geometry>> read_polygons(GEOSContextHandle_t geos, std::span<const std::string> shapes);

/// The rings of a polygon or multipolygon, shells first, and its box.
[[nodiscard]] Outline outline_of(GEOSContextHandle_t geos, const GEOSGeometry* shape);

/// Finds the areas whose boxes come near a box.
class Boxes {
 public:
  /// Null shapes have no box.
  Boxes(GEOSContextHandle_t geos, const std::vector<Geometry>& shapes);
  /// Those within so many metres of an area's box, in rising order.
  [[nodiscard]] std::vector<std::size_t> near(const Outline& area, double metres) const;

 private:
  GEOSContextHandle_t geos_;
  Tree tree_;
  std::vector<std::size_t> numbers_;  // what the tree points to
};

}  // namespace gridward::geo
