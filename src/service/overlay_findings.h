#pragma once

#include "service/findings.h"
#include "service/overlays.h"

namespace gridward::service {

/// Validates an overlay on a day: whether its areas tile the district, by the same measures as cells tile theirs (gap, overlap, outside_parent, invalid_shape). By severity, kind and area.
Result<std::vector<Finding>> find_overlay_findings(storage::Tx& tx, std::int64_t district, const NamedOverlay& overlay, const std::string& day, const FindingOptions& options);

struct OverlayFindings {
  NamedOverlay overlay;
  Findings found;  // but `within`
};
/// The same for one who may see anything of the district; what is asked `within` is let be. not_found without the overlay on that day.
Result<OverlayFindings> list_overlay_findings(storage::Pool& pool, KeptFindings& kept, const Principal& who, std::int64_t district, std::int64_t overlay, const FindingsAsked& asked);

}  // namespace gridward::service
