#include "service/findings.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "service/auth.h"
#include "service/cells.h"
#include "service/findings_parts.h"
#include "service/kept_read.h"
#include "service/overlay_findings.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

std::size_t bytes_of(const std::vector<Finding>& findings) {
  std::size_t sum = 0;
  for (const Finding& f : findings) {
    sum += sizeof f + f.cells.size() * (sizeof(FindingCell) + 60) + f.repair.size() + 120;
    for (const geo::Outline& outline : f.pieces)
      for (const auto& ring : outline.rings) sum += ring.size() * sizeof(geo::LonLat);
  }
  return sum;
}

/// Whether a finding concerns a cell or what lies below it; an enterprise counts by the cells that it is told with.
bool concerns(const DistrictMap& map, const Finding& f, std::int64_t within) {
  return std::ranges::any_of(f.cells, [&](const FindingCell& c) { return map.below(c.id, within); });
}

/// Under what the findings of a district, or of one of its overlays, are kept.
KeptKey key_of(storage::Tx& tx, const District& district, const std::string& day, const FindingOptions& options, std::int64_t overlay) {
  const geo::CoverageTolerance& t = options.tolerance;
  return {district.id, tx.run(sql::roster_state, {std::to_string(district.id)}).integer(0, "register"), fmt::format("{} {} {} {} {} {}", day, t.min_area_m2, t.min_width_m, t.min_outside_m2, options.certificate_days, overlay)};
}

/// Exclaves; those that were there when the map began are known and let be.
Result<void> judge_exclaves(const Hierarchy& hierarchy, std::vector<Finding>& out) {
  std::vector<Finding> found, known;
  if (auto ok = find_exclaves(hierarchy.map, found); !ok) return ok;
  if (found.empty()) return {};
  if (hierarchy.map.same_ground(hierarchy.first)) known = found;
  else if (auto ok = find_exclaves(hierarchy.first, known); !ok) return ok;
  std::set<std::string> keys;
  for (const Finding& f : known) keys.insert(f.key());
  for (Finding& f : found) {
    if (keys.contains(f.key())) f.severity = Severity::note, f.repair.clear();  // let be
    out.push_back(std::move(f));
  }
  return {};
}

}  // namespace

bool asked_for(const FindingsAsked& asked, const Finding& f) {
  return (asked.kinds.empty() || std::ranges::find(asked.kinds, f.kind) != asked.kinds.end()) && (asked.severity.empty() || asked.severity == name_of(f.severity));
}

void take_findings_page(const FindingsAsked& asked, const std::vector<const Finding*>& all, Findings& out) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ++out.counts[all[i]->kind];
    if (!asked.after.empty() && all[i]->key() == asked.after) from = i + 1;
  }
  const std::size_t to = std::min(all.size(), from + static_cast<std::size_t>(asked.limit));
  if (to < all.size() && to > 0) out.next = all[to - 1]->key();
  for (std::size_t i = from; i < to; ++i) out.items.push_back(*all[i]);
}

bool hide_unseen(const DistrictMap& map, const Principal& who, std::int64_t district, Finding& f) {
  bool any = false;
  for (FindingCell& cell : f.cells) {
    const bool seen = reaches(who, district, map.way(cell.id));
    any = any || seen;
    if (cell.level == 4 || seen) continue;
    cell.hidden = true;
    cell.code.clear();
    cell.name.clear();
  }
  return any;
}

Hierarchy read_hierarchy(storage::Tx& tx, const District& district, const std::string& day, const FindingOptions& options) {
  // Where points lie is laid out while the database answers the rest.
  auto ground = std::async(std::launch::async, [shapes = read_shapes(tx, district.id, day)] { return std::make_shared<const map::Snapshot>(shapes); });
  Hierarchy out{read_district_map(tx, district.id, day), {}, {}, {}};
  const bool as_it_began = tx.run(sql::findings_as_it_began, {std::to_string(district.id), district.holds_from, day}).boolean(0, "same");
  out.first = as_it_began ? out.map : read_district_map(tx, district.id, district.holds_from);
  find_unmanned(tx, out.map, district.id, day, options, out.found);
  find_bad_codes(tx, out.map, district, day, out.found);
  out.ground = ground.get();
  find_misplaced(tx, out.map, *out.ground, district.id, day, out.found);
  return out;
}

Result<std::vector<Finding>> find_findings(const Hierarchy& hierarchy, const FindingOptions& options) {
  std::vector<Finding> out = hierarchy.found, borders;
  std::future<Result<void>> beside = std::async(std::launch::async, [&] {
    find_edge_mismatches(hierarchy.map, borders);
    return judge_exclaves(hierarchy, borders);
  });
  const auto misfits = find_misfits(hierarchy.map, *hierarchy.ground, options, out);
  if (const auto ok = beside.get(); !ok) return fail(ok.error());
  if (!misfits) return fail(misfits.error());
  std::ranges::move(borders, std::back_inserter(out));
  std::ranges::stable_sort(out, {}, [](const Finding& f) { return std::tuple(f.severity, f.kind, f.cells.front().id, -f.area_m2.value_or(0)); });
  return out;
}

Result<std::vector<Finding>> find_findings(storage::Tx& tx, const District& district, const std::string& day, const FindingOptions& options) {
  return find_findings(read_hierarchy(tx, district, day, options), options);
}

KeptFindings::KeptFindings() : kept_(kMostBytes, bytes_of) {}

Result<std::shared_ptr<const std::vector<Finding>>> KeptFindings::find(storage::Tx& tx, const District& district, const std::string& day, const FindingOptions& options) {
  return find_or_make<std::vector<Finding>>(kept_, key_of(tx, district, day, options, 0), [&] { return find_findings(tx, district, day, options); });
}

Result<std::shared_ptr<const std::vector<Finding>>> KeptFindings::find(storage::Tx& tx, const District& district, const NamedOverlay& overlay, const std::string& day, const FindingOptions& options) {
  return find_or_make<std::vector<Finding>>(kept_, key_of(tx, district, day, options, overlay.id), [&] { return find_overlay_findings(tx, district.id, overlay, day, options); });
}

Result<Findings> list_findings(storage::Pool& pool, KeptFindings& kept, const Principal& who, const FindingsAsked& asked) {
  return pool.read<Findings>([&](storage::Tx& tx) -> Result<Findings> {
    Findings out;
    const auto seen = find_seen_cell(tx, who, asked.within, asked.at);
    if (!seen) return fail(seen.error());
    const Cell& within = out.within = seen->within;
    const District& district = seen->district;
    const std::string& at = out.at = seen->at;
    const DistrictMap map = read_district_map(tx, district.id, at);
    const auto all = kept.find(tx, district, at, asked.options);
    if (!all) return fail(all.error());
    const bool whole = within.id == district.cell;
    std::vector<const Finding*> mine;
    for (const Finding& f : **all)
      if (asked_for(asked, f) && (whole || concerns(map, f, within.id))) mine.push_back(&f);
    take_findings_page(asked, mine, out);
    for (Finding& f : out.items) hide_unseen(map, who, district.id, f);
    return out;
  });
}

}  // namespace gridward::service
