#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/sentence.h"
#include "geo/shared_border.h"

namespace gridward::service {

/// How much a finding matters: an error breaks a rule of the hierarchy, a warning wants a person's look, a note is only to be known.
enum class Severity { error, warning, note };

struct FindingCell {
  std::int64_t id = 0;
  int level = 0;
  std::string code, name;
  bool hidden = false;  // outside the area of who asks: neither code nor name is told
};

/// Something in the hierarchy of a district on a day that is not as it should be.
struct Finding {
  /// Stable: gap, overlap, outside_parent, invalid_shape, no_shape, exclave, edge_mismatch, enterprise_outside, enterprise_elsewhere, enterprise_unlocated, vacant_post,
  /// certificate_missing, certificate_ends, code_scheme, code_prefix, code_reused.
  std::string kind;
  Severity severity = Severity::error;
  int level = 0;                     // of the cells that do not fit: 1 district to 4 enterprise
  std::vector<FindingCell> cells;    // the one that it is told of, then those it concerns too
  std::int64_t person = 0;
  std::string overlay;               // of the areas of an overlay, in place of cells: its name
  std::string post, day, why;        // by kind: the post, until when something holds, what GEOS says
  Sentence post_name;
  std::string person_name;
  std::int64_t count = 1;            // pieces of a shape, enterprises of a cell
  bool sliver = false;
  std::optional<double> area_m2, width_m;  // geodesic; twice the radius of the largest circle
  std::optional<geo::LonLat> at;
  std::vector<geo::Outline> pieces;  // polygons; none: the place is a point, if any
  std::string repair;                // operations of a reassignment, as JSON with commas between; empty: none are known

  /// The same for the same finding on another day or in a plan: kind, cells, post, person, place to a tenth of a metre.
  [[nodiscard]] std::string key() const;
  /// What is wrong, in a sentence.
  [[nodiscard]] Sentence words() const;
};

[[nodiscard]] const char* name_of(Severity severity);

}  // namespace gridward::service
