#include "service/overlay_findings.h"

#include <algorithm>
#include <tuple>

#include "service/auth.h"
#include "service/findings_parts.h"
#include "sql.gen.h"

namespace gridward::service {

Result<std::vector<Finding>> find_overlay_findings(storage::Tx& tx, std::int64_t district, const NamedOverlay& overlay, const std::string& day, const FindingOptions& options) {
  const auto rows = tx.run(sql::overlays_ground, {std::to_string(district), std::to_string(overlay.id), day});
  std::vector<DistrictMap::Area> ground;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    DistrictMap::Area area;
    area.cell = {rows.integer(i, "id"), static_cast<int>(rows.integer(i, "level")), rows.text(i, "code"), rows.text(i, "name")};
    area.wkb = rows.bytes(i, "wkb");
    ground.push_back(std::move(area));
  }
  std::vector<Finding> out;
  if (auto ok = find_overlay_misfits(ground, options, out); !ok) return fail(ok.error());
  for (Finding& f : out) f.overlay = overlay.name;
  std::ranges::stable_sort(out, {}, [](const Finding& f) { return std::tuple(f.severity, f.kind, f.cells.front().id, -f.area_m2.value_or(0)); });
  return out;
}

Result<OverlayFindings> list_overlay_findings(storage::Pool& pool, KeptFindings& kept, const Principal& who, std::int64_t district, std::int64_t overlay, const FindingsAsked& asked) {
  if (!in_district(who, district)) return fail(Errc::forbidden, "This district is outside your area.");
  return pool.read<OverlayFindings>([&](storage::Tx& tx) -> Result<OverlayFindings> {
    OverlayFindings out;
    const auto known = district_of(tx, district);
    if (!known) return fail(known.error());
    out.found.at = asked.at.empty() ? known->today : asked.at;
    const auto named = find_overlay(tx, district, overlay, out.found.at);
    if (!named) return fail(named.error());
    out.overlay = *named;
    const auto all = kept.find(tx, *known, *named, out.found.at, asked.options);
    if (!all) return fail(all.error());
    std::vector<const Finding*> mine;
    for (const Finding& f : **all)
      if (asked_for(asked, f)) mine.push_back(&f);
    take_findings_page(asked, mine, out.found);
    return out;
  });
}

}  // namespace gridward::service
