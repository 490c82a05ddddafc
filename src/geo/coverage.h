#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "geo/shared_border.h"

namespace gridward::geo {

/// Metres within which a piece of a misfit lies beside an area.
inline constexpr double kBeside = 0.01;
inline constexpr std::size_t kNoArea = std::numeric_limits<std::size_t>::max();

/// Areas that should tile the areas above them: the villages of towns, say.
struct Coverage {
  std::vector<std::string> parents;    // WKB of polygons in degrees; empty: none is known
  std::vector<std::string> children;
  std::vector<std::size_t> parent_of;  // of each child; kNoArea: none
};

/// What is let pass, and what is told as a sliver.
struct CoverageTolerance {
  double min_area_m2 = 0.5;    // a smaller piece is a sliver
  double min_width_m = 0.3;    // a narrower one too: twice the radius of the largest circle in it
  double min_outside_m2 = 1;   // what a child may have outside its parent, all in all
};

/// Ground on which areas do not fit together.
struct Misfit {
  enum class Kind {
    gap,      // of `parent`, that none of its children covers
    overlap,  // that `child` and `other` both cover
    outside,  // of `child`, outside its parent
  };
  Kind kind = Kind::gap;
  std::size_t parent = kNoArea, child = kNoArea, other = kNoArea;
  bool sliver = false;          // all of it is narrower or smaller than is let pass
  std::vector<Outline> pieces;  // polygons, the largest first
  double area_m2 = 0;           // geodesic, on GRS80, of all pieces
  double width_m = 0;           // of the widest
  LonLat at;                    // the middle of the largest circle in it
  double part = 0;                 // outside: of the child's area
  std::vector<std::size_t> there;  // gap: children of other parents that cover the middle; outside: other parents that do; overlap: of two parents those that do
  std::vector<std::size_t> beside; // gap: of each piece, the child that has the longest border with it, of the parent if any does; kNoArea: none does
};

/// An area whose rings are not those of a valid polygon (GEOS), and where.
struct InvalidShape {
  bool parent = false;
  std::size_t index = 0;
  std::string why;
  LonLat at;
  std::vector<Outline> valid;  // polygons, as GEOS makes it valid
};

struct CoverageFindings {
  std::vector<Misfit> misfits;        // gaps by parent, overlaps by pair, outsides by child
  std::vector<InvalidShape> invalid;  // measured as GEOS makes them valid
};

/// Measures parent − ∪children, child ∩ child and child − parent. A gap or overlap is one misfit for each connected piece; the slivers of a parent, or of
/// a pair, are one together if their areas sum to min_area_m2 at least. What a child has outside its parent is one misfit if it is more than
/// min_outside_m2; what another child covers there too is told as overlap alone. Fails for what is not the WKB of a polygon.
[[nodiscard]] Result<CoverageFindings> check_coverage(const Coverage& coverage, const CoverageTolerance& tolerance);

}  // namespace gridward::geo
