#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "domain/principal.h"
#include "geo/coverage.h"
#include "service/district_map.h"
#include "service/finding.h"
#include "service/kept.h"
#include "service/snapshots.h"
#include "storage/database.h"

namespace gridward::service {

struct NamedOverlay;

struct FindingOptions {
  geo::CoverageTolerance tolerance;
  int certificate_days = 90;  // a certificate of an open term that ends within them is told
};

/// A district on a day as a transaction sees it, so after a plan that was carried out in it too: what is judged by its shapes, and what was found without them.
struct Hierarchy {
  DistrictMap map;
  DistrictMap first;   // of the day on which the district's map begins
  SnapshotPtr ground;  // where its points lie
  std::vector<Finding> found;
};
Hierarchy read_hierarchy(storage::Tx& tx, const District& district, const std::string& day, const FindingOptions& options);

/// Validates a hierarchy: the geometry of the cells, where enterprises lie, posts, certificates, codes. By severity, kind and cell.
Result<std::vector<Finding>> find_findings(const Hierarchy& hierarchy, const FindingOptions& options);
/// The same of a district on a day as a transaction sees it.
Result<std::vector<Finding>> find_findings(storage::Tx& tx, const District& district, const std::string& day, const FindingOptions& options);

struct FindingsAsked {
  std::string within, at;
  std::vector<std::string> kinds;  // empty: all
  std::string severity;            // empty: all
  FindingOptions options;
  std::string after;  // the key of the last of the page before
  int limit = 100;
};

struct Findings {
  Cell within;
  std::string at;
  std::map<std::string, std::int64_t> counts;  // of all that were asked for, by kind
  std::vector<Finding> items;
  std::string next;
};

/// What was found in districts, kept as long as nothing but single events is written in them: to page through it validates nothing anew.
class KeptFindings {
 public:
  KeptFindings();
  /// All that find_findings() finds on a day in the district that `tx` sees.
  Result<std::shared_ptr<const std::vector<Finding>>> find(storage::Tx& tx, const District& district, const std::string& day, const FindingOptions& options);
  /// The same of one of its overlays.
  Result<std::shared_ptr<const std::vector<Finding>>> find(storage::Tx& tx, const District& district, const NamedOverlay& overlay, const std::string& day, const FindingOptions& options);
  /// How many bytes are kept.
  [[nodiscard]] std::size_t bytes() { return kept_.bytes(); }

 private:
  Kept<std::vector<Finding>> kept_;
};

/// Hides the cells of a finding that the caller may not see. False: he may see none of them.
bool hide_unseen(const DistrictMap& map, const Principal& who, std::int64_t district, Finding& finding);

/// The findings that concern a cell or those below it, for one who may see it; not_found or forbidden otherwise.
Result<Findings> list_findings(storage::Pool& pool, KeptFindings& kept, const Principal& who, const FindingsAsked& asked);

}  // namespace gridward::service
