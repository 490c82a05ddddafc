#include "service/plan_findings.h"

#include <set>

#include "service/cells.h"
#include "service/plan_access.h"
#include "service/rollback.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::Tx;

constexpr std::size_t kMostTold = 1000;

/// A district on the day of a plan before it.
struct Before {
  District district;
  std::string day;
  DistrictMap map;
  std::shared_ptr<const std::vector<Finding>> found;
};

Result<Before> read_before(Tx& tx, KeptFindings& kept, const Principal& who, const std::string& id) {
  const auto seen = seen_plan(tx, who, id);
  if (!seen) return fail(seen.error());
  const auto district = district_of(tx, *seen);
  if (!district) return fail(district.error());
  Before out{*district, tx.run(sql::reassignments_state, {id}).text(0, "day"), {}, {}};
  const auto found = kept.find(tx, out.district, out.day, {});
  if (!found) return fail(found.error());
  out.map = read_district_map(tx, out.district.id, out.day);
  out.found = *found;
  return out;
}

/// A district on the day of a plan after it; what is found there is looked for later, so that nobody waits for it who plans too.
struct After {
  std::string problems;
  Hierarchy hierarchy;
};

Result<After> read_after(Tx& tx, const Before& before, const std::string& id) {
  tx.run(sql::reassignments_foresee, {id});
  After out;
  out.problems = tx.run(sql::reassignments_carry, {id}).text(0, "problems");
  out.hierarchy = read_hierarchy(tx, before.district, before.day, {});
  return out;
}

std::set<std::string> keys_of(const std::vector<Finding>& findings) {
  std::set<std::string> out;
  for (const Finding& f : findings) out.insert(f.key());
  return out;
}

/// Takes the findings of a map that the caller may see and that are not known on the other; how many are is counted, if asked.
void take_changed(const DistrictMap& map, const Principal& who, std::int64_t district, const std::vector<Finding>& found, const std::set<std::string>& other, std::vector<Finding>& out, FindingCounts& counts,
                  FindingCounts* standing) {
  for (Finding f : found) {
    const bool known = other.contains(f.key());
    if ((known && standing == nullptr) || !hide_unseen(map, who, district, f)) continue;
    ++(known ? *standing : counts)[f.kind];
    if (!known && out.size() < kMostTold) out.push_back(std::move(f));
  }
}

}  // namespace

Result<PlanValidation> validate_reassignment(storage::Pool& reads, storage::Pool& writes, FigureSources& sources, KeptFindings& kept, const Principal& who, const std::string& id) {
  const auto before = reads.read<Before>([&](Tx& tx) { return read_before(tx, kept, who, id); });
  if (!before) return fail(before.error());
  const auto after = rolled_back<After>(writes, [&](Tx& tx) { return read_after(tx, *before, id); });
  if (!after) return fail(after.error());
  const auto found = find_findings(after->hierarchy, {});
  if (!found) return fail(found.error());
  auto alters = find_alters(reads, writes, sources, who, id);
  if (!alters) return fail(alters.error());
  const std::int64_t district = before->district.id;
  PlanValidation out{district, before->day, after->problems, !refusal(after->problems), {}, std::move(*alters)};
  ChangedFindings& f = out.findings;
  take_changed(after->hierarchy.map, who, district, *found, keys_of(*before->found), f.fresh, f.fresh_counts, &f.standing_counts);
  take_changed(before->map, who, district, *before->found, keys_of(*found), f.solved, f.solved_counts, nullptr);
  return out;
}

}  // namespace gridward::service
