#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "service/district_map.h"
#include "service/findings.h"

/// What find_findings() gathers, by what it looks at.
namespace gridward::service {

/// Whether the shapes of cells fit together: gap, overlap, outside_parent, invalid_shape, no_shape.
Result<void> find_misfits(const DistrictMap& map, const map::Snapshot& ground, const FindingOptions& options, std::vector<Finding>& out);
/// Whether the areas of an overlay tile the district, which comes first: gap, overlap, outside_parent, invalid_shape.
Result<void> find_overlay_misfits(const std::vector<DistrictMap::Area>& ground, const FindingOptions& options, std::vector<Finding>& out);
/// Whether a finding is of the kinds and severity that are asked for.
bool asked_for(const FindingsAsked& asked, const Finding& finding);
/// The findings that are asked for, counted, and one page of them.
void take_findings_page(const FindingsAsked& asked, const std::vector<const Finding*>& all, Findings& out);
/// Cells whose parts lie apart: exclave, an error each.
Result<void> find_exclaves(const DistrictMap& map, std::vector<Finding>& out);
/// Borders that do not match edge by edge: edge_mismatch.
void find_edge_mismatches(const DistrictMap& map, std::vector<Finding>& out);
/// Where enterprises lie: enterprise_outside, enterprise_elsewhere, enterprise_unlocated.
void find_misplaced(storage::Tx& tx, const DistrictMap& map, const map::Snapshot& ground, std::int64_t district, const std::string& day, std::vector<Finding>& out);
/// Posts and certificates: vacant_post, certificate_missing, certificate_ends.
void find_unmanned(storage::Tx& tx, const DistrictMap& map, std::int64_t district, const std::string& day, const FindingOptions& options, std::vector<Finding>& out);
/// Codes: code_scheme, code_prefix, code_reused.
void find_bad_codes(storage::Tx& tx, const DistrictMap& map, const District& district, const std::string& day, std::vector<Finding>& out);

}  // namespace gridward::service
