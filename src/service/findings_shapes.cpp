#include <algorithm>
#include <map>
#include <unordered_map>

#include "geo/coverage.h"
#include "service/findings_mending.h"
#include "service/findings_parts.h"

namespace gridward::service {
namespace {

using Kind = geo::Misfit::Kind;

/// The cells that are so many steps below the district with those above them, numbered for their geometry.
struct Tier {
  geo::Coverage coverage;
  std::vector<const DistrictMap::Area*> parents, children;
};

Tier tier_at(const DistrictMap& map, int depth) {
  Tier tier;
  std::unordered_map<std::int64_t, std::size_t> numbers;
  for (const auto& area : map.areas) {
    if (area.depth != depth) continue;
    const auto [number, fresh] = numbers.try_emplace(area.parent, tier.parents.size());
    if (fresh) {
      tier.parents.push_back(map.find(area.parent));
      tier.coverage.parents.push_back(tier.parents.back()->wkb);
    }
    tier.children.push_back(&area);
    tier.coverage.children.push_back(area.wkb);
    tier.coverage.parent_of.push_back(number->second);
  }
  return tier;
}

void name_cells(const Tier& tier, const geo::Misfit& misfit, Finding& f) {
  const FindingCell& parent = misfit.parent == geo::kNoArea ? FindingCell{} : tier.parents[misfit.parent]->cell;
  switch (misfit.kind) {
    case Kind::gap:
      f.kind = "gap";
      f.level = parent.level;
      f.cells = {parent};
      for (const std::size_t there : misfit.there) f.cells.push_back(tier.children[there]->cell);
      f.severity = misfit.there.empty() ? Severity::error : Severity::warning;  // looked after, if by another
      break;
    case Kind::overlap:
      f.kind = "overlap";
      f.cells = {tier.children[misfit.child]->cell, tier.children[misfit.other]->cell};
      break;
    case Kind::outside:
      f.kind = "outside_parent";
      f.cells = {tier.children[misfit.child]->cell, parent};
      f.severity = Severity::warning;
      break;
  }
  f.level = f.cells.front().level;
}

/// Most of a child lies in another parent: that is whose it is by its ground.
bool belongs_elsewhere(const geo::Misfit& m) { return m.kind == Kind::outside && m.part > 0.5 && m.there.size() == 1; }

/// Where children belong by their ground, if most of it lies in another parent.
std::map<std::size_t, std::size_t> strays_of(const std::vector<geo::Misfit>& misfits) {
  std::map<std::size_t, std::size_t> out;
  for (const geo::Misfit& m : misfits)
    if (belongs_elsewhere(m)) out.emplace(m.child, m.there.front());
  return out;
}

/// What would mend a misfit.
std::string repair_of(const Tier& tier, const geo::Misfit& m, const std::map<std::size_t, std::size_t>& strays, Mending& mending) {
  const auto child = [&](std::size_t c) { return c == geo::kNoArea ? 0 : tier.children[c]->cell.id; };
  switch (m.kind) {
    case Kind::outside:
      if (belongs_elsewhere(m)) return move_below(child(m.child), tier.parents[m.there.front()]->cell.id);
      return m.sliver ? "" : mending.of_outside(tier.parents[m.parent]->cell.id, m.pieces);
    case Kind::overlap: {
      const std::int64_t owner = m.there.size() != 1 ? 0 : child(tier.coverage.parent_of[m.child] == m.there.front() ? m.child : m.other);
      return mending.of_overlap(child(m.child), child(m.other), owner, m.pieces, m.at);
    }
    case Kind::gap: break;
  }
  const std::int64_t parent = tier.parents[m.parent]->cell.id;
  for (const std::size_t there : m.there)
    if (const auto stray = strays.find(there); stray != strays.end() && stray->second == m.parent) return move_below(child(there), parent);
  std::vector<std::int64_t> beside;
  for (const std::size_t c : m.beside) beside.push_back(c == geo::kNoArea || tier.coverage.parent_of[c] != m.parent ? 0 : child(c));
  return mending.of_gap(parent, m.pieces, beside, m.at);
}

Finding told(const Tier& tier, geo::Misfit misfit, std::string repair) {
  Finding f;
  name_cells(tier, misfit, f);
  f.repair = std::move(repair);
  if (misfit.sliver) f.severity = Severity::note;
  f.count = static_cast<std::int64_t>(misfit.pieces.size());
  f.sliver = misfit.sliver;
  f.area_m2 = misfit.area_m2;
  f.width_m = misfit.width_m;
  f.at = misfit.at;
  f.pieces = std::move(misfit.pieces);
  return f;
}

Finding invalid(const FindingCell& cell, const geo::InvalidShape& bad) {
  Finding f;
  f.kind = "invalid_shape";
  f.cells = {cell};
  f.level = cell.level;
  f.why = bad.why;
  f.at = bad.at;
  if (!bad.valid.empty() && (cell.level == 2 || cell.level == 3)) f.repair = redrawn(cell.id, bad.valid);
  return f;
}

/// Cells without a shape beside others that have one.
void find_shapeless(const Tier& tier, std::vector<Finding>& out) {
  std::vector<bool> drawn(tier.parents.size());
  for (std::size_t i = 0; i < tier.children.size(); ++i)
    if (!tier.children[i]->wkb.empty()) drawn[tier.coverage.parent_of[i]] = true;
  for (std::size_t i = 0; i < tier.children.size(); ++i) {
    if (!tier.children[i]->wkb.empty() || !drawn[tier.coverage.parent_of[i]]) continue;
    Finding f;
    f.kind = "no_shape";
    f.cells = {tier.children[i]->cell};
    f.level = f.cells.front().level;
    out.push_back(std::move(f));
  }
}

}  // namespace

Result<void> find_overlay_misfits(const std::vector<DistrictMap::Area>& ground, const FindingOptions& options, std::vector<Finding>& out) {
  Tier tier;
  tier.parents = {&ground.front()};
  tier.coverage.parents = {ground.front().wkb};
  for (const auto& area : ground) {
    if (&area == &ground.front()) continue;
    tier.children.push_back(&area);
    tier.coverage.children.push_back(area.wkb);
    tier.coverage.parent_of.push_back(0);
  }
  auto checked = geo::check_coverage(tier.coverage, options.tolerance);
  if (!checked) return fail(checked.error());
  for (geo::Misfit& misfit : checked->misfits) out.push_back(told(tier, std::move(misfit), ""));
  for (const geo::InvalidShape& bad : checked->invalid)
    if (!bad.parent) out.push_back(invalid(tier.children[bad.index]->cell, bad));
  return {};
}

Result<void> find_misfits(const DistrictMap& map, const map::Snapshot& ground, const FindingOptions& options, std::vector<Finding>& out) {
  Mending mending(map, ground);
  for (int depth = 1; depth <= 2; ++depth) {
    const Tier tier = tier_at(map, depth);
    auto checked = geo::check_coverage(tier.coverage, options.tolerance);
    if (!checked) return fail(checked.error());
    const auto strays = strays_of(checked->misfits);
    for (geo::Misfit& misfit : checked->misfits) {
      std::string repair = repair_of(tier, misfit, strays, mending);
      out.push_back(told(tier, std::move(misfit), std::move(repair)));
    }
    for (const geo::InvalidShape& bad : checked->invalid)
      if (!bad.parent || depth == 1) out.push_back(invalid((bad.parent ? tier.parents : tier.children)[bad.index]->cell, bad));  // else told of the tier above
    find_shapeless(tier, out);
  }
  return {};
}

}  // namespace gridward::service
