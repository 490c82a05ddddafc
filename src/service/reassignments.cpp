#include "service/reassignments.h"

#include <limits>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "service/auth.h"
#include "service/object.h"
#include "service/rollback.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Tx;

constexpr const char* kWhoApplies = "{draft,approved,scheduled}";

/// The areas of a district that the caller's grants reach, as an array; none: all of it.
Param areas_of(const Principal& who, std::int64_t district) {
  std::string areas;
  for (const Grant& g : who.grants) {
    if (g.role == "admin" || (g.district != 0 && g.district != district)) continue;
    if (g.cell == 0) return {};
    areas += (areas.empty() ? "" : ",") + std::to_string(g.cell);
  }
  return "{" + areas + "}";
}

/// The district of a plan that touches the caller's area.
Result<std::int64_t> seen_plan(Tx& tx, const Principal& who, const std::string& id) {
  const auto found = tx.run(sql::reassignments_find, {id, Param{}});
  if (found.size() == 0) return fail(Errc::not_found, "There is no such plan.");
  const std::int64_t district = found.integer(0, "district_id");
  if (!in_district(who, district) || !tx.run(sql::reassignments_find, {id, areas_of(who, district)}).boolean(0, "seen")) return fail(Errc::forbidden, "This plan is outside your area.");
  return district;
}

/// Fails unless all cells that a plan names lie in the caller's area.
Result<void> own_plan(Tx& tx, const Principal& who, const std::string& id, std::int64_t district) {
  const Param areas = areas_of(who, district);
  if (!areas) return {};
  const auto outside = tx.run(sql::reassignments_outside, {id, areas});
  if (outside.size() > 0) return fail(Errc::forbidden, fmt::format("The plan touches the cell {}, which is outside your area.", outside.text(0, "cell_id")));
  return {};
}

std::string document(Tx& tx, const std::string& id) { return tx.run(sql::reassignments_doc, {id}).text(0, "doc"); }

/// Does something to a plan of the caller's area and answers the plan. What it names is looked at before, and after as it may have changed.
Result<Written> on_plan(storage::Pool& pool, const Deed& deed, const PlanAsked& plan, const std::function<void(Tx&)>& change) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = seen_plan(tx, deed.who, plan.id);
    if (!district) return fail(district.error());
    if (const auto mine = own_plan(tx, deed.who, plan.id, *district); !mine) return fail(mine.error());
    change(tx);
    if (const auto mine = own_plan(tx, deed.who, plan.id, *district); !mine) return fail(mine.error());
    return Written{200, document(tx, plan.id)};
  });
}

bool is_error(const rapidjson::Value& problem) { return std::string(problem["severity"].GetString()) == "error"; }

/// The error that problems are, each a field; none where they are warnings only.
std::optional<Error> refusal(const std::string& problems) {
  rapidjson::Document list;
  list.Parse(problems.data(), problems.size());
  Error error{Errc::conflict, "The plan cannot be applied: nothing was changed.", {}};
  for (const auto& p : list.GetArray()) {
    if (!is_error(p)) continue;
    const std::string message = p["message"].GetString();
    if (error.fields.empty()) error.detail += " " + message;
    error.fields.push_back({p["operation"].IsInt() ? fmt::format("operations/{}", p["operation"].GetInt()) : "plan", message});
  }
  return error.fields.empty() ? std::nullopt : std::optional(error);
}

/// Applies a plan that was claimed; the problems for which it could not be are kept in `problems`.
Result<void> apply(Tx& tx, const std::string& id, const std::string& actor, const std::string& request, std::string& problems) {
  const auto done = tx.run(sql::reassignments_apply, {id, actor, request});
  const auto refused = refusal(done.text(0, "problems"));
  if (!refused) return {};
  problems = done.text(0, "problems");
  return fail(*refused);
}

void block(storage::Pool& pool, const std::string& id, const std::string& problems, const std::string& actor, const std::string& request) {
  (void)pool.write<int>([&](Tx& tx) -> Result<int> {
    tx.run(sql::reassignments_block, {id, problems, actor, request});
    return 0;
  });
}

/// Applies a plan that has just been drafted in the same transaction, and answers it.
Result<Written> apply_new(Tx& tx, const Deed& deed, const std::string& id) {
  std::string problems;
  tx.run(sql::reassignments_claim, {id, "*", kWhoApplies});
  if (const auto done = apply(tx, id, deed.who.username, deed.request_id, problems); !done) return fail(done.error());
  return Written{201, document(tx, id)};
}

}  // namespace

Result<Page> list_reassignments(storage::Pool& pool, const Principal& who, const PlanFilter& f) {
  if (!in_district(who, f.district)) return fail(Errc::forbidden, "This district is outside your area.");
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    const std::int64_t before = f.before == 0 ? std::numeric_limits<std::int64_t>::max() : f.before;
    return to_page(tx.run(sql::reassignments_list, {std::to_string(f.district), areas_of(who, f.district), or_null(f.status), std::to_string(before), std::to_string(f.limit)}), f.limit);
  });
}

Result<std::string> get_reassignment(storage::Pool& pool, const Principal& who, const std::string& id) {
  return pool.read<std::string>([&](Tx& tx) -> Result<std::string> {
    const auto district = seen_plan(tx, who, id);
    if (!district) return fail(district.error());
    return document(tx, id);
  });
}

Result<Written> draft_reassignment(storage::Pool& pool, const Deed& deed, std::int64_t district, const std::string& body, bool at_once) {
  if (!in_district(deed.who, district)) return fail(Errc::forbidden, "This district is outside your area.");
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const std::string id = tx.run(sql::reassignments_draft, {std::to_string(district), body, std::to_string(deed.who.account), deed.who.username, deed.request_id}).text(0, "id");
    if (const auto mine = own_plan(tx, deed.who, id, district); !mine) return fail(mine.error());
    return at_once ? apply_new(tx, deed, id) : Written{201, document(tx, id)};
  });
}

Result<Written> change_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan, const std::string& body) {
  return on_plan(pool, deed, plan, [&](Tx& tx) { tx.run(sql::reassignments_change, {plan.id, plan.version, body, deed.who.username, deed.request_id}); });
}

Result<Written> add_operations(storage::Pool& pool, const Deed& deed, const PlanAsked& plan, const std::string& operations) {
  return on_plan(pool, deed, plan, [&](Tx& tx) { tx.run(sql::reassignments_add_operations, {plan.id, plan.version, operations, deed.who.username, deed.request_id}); });
}

Result<Written> undo_operation(storage::Pool& pool, const Deed& deed, const PlanAsked& plan, std::int64_t operation) {
  return on_plan(pool, deed, plan, [&](Tx& tx) { tx.run(sql::reassignments_undo, {plan.id, plan.version, or_null(operation), deed.who.username, deed.request_id}); });
}

Result<Written> redo_operation(storage::Pool& pool, const Deed& deed, const PlanAsked& plan) {
  return on_plan(pool, deed, plan, [&](Tx& tx) { tx.run(sql::reassignments_redo, {plan.id, plan.version, deed.who.username, deed.request_id}); });
}

Result<Written> rebase_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan) {
  std::string conflicts;
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = seen_plan(tx, deed.who, plan.id);
    if (!district) return fail(district.error());
    if (const auto mine = own_plan(tx, deed.who, plan.id, *district); !mine) return fail(mine.error());
    conflicts = tx.run(sql::reassignments_rebase, {plan.id, plan.version, deed.who.username, deed.request_id}).text(0, "conflicts");
    return Written{200, fmt::format(R"({{"plan": {}, "conflicts": {}}})", document(tx, plan.id), conflicts)};
  });
}

Result<std::string> validate_reassignment(storage::Pool& pool, const Principal& who, const std::string& id) {
  return rolled_back<std::string>(pool, [&](Tx& tx) -> Result<std::string> {
    const auto district = seen_plan(tx, who, id);
    if (!district) return fail(district.error());
    const std::string problems = tx.run(sql::reassignments_carry, {id}).text(0, "problems");
    return fmt::format(R"({{"applicable": {}, "problems": {}}})", refusal(problems) ? "false" : "true", problems);
  });
}

Result<Written> approve_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan, const std::string& comment) {
  return on_plan(pool, deed, plan, [&](Tx& tx) {
    tx.run(sql::reassignments_approve, {plan.id, plan.version, or_null(comment), std::to_string(deed.who.account), deed.who.username, deed.request_id});
  });
}

Result<Written> schedule_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan) {
  return on_plan(pool, deed, plan, [&](Tx& tx) { tx.run(sql::reassignments_schedule, {plan.id, plan.version, deed.who.username, deed.request_id}); });
}

Result<Written> withdraw_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan) {
  return on_plan(pool, deed, plan, [&](Tx& tx) { tx.run(sql::reassignments_withdraw, {plan.id, plan.version, deed.who.username, deed.request_id}); });
}

Result<Written> apply_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan) {
  std::string problems;
  const auto written = write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = seen_plan(tx, deed.who, plan.id);
    if (!district) return fail(district.error());
    if (const auto mine = own_plan(tx, deed.who, plan.id, *district); !mine) return fail(mine.error());
    tx.run(sql::reassignments_claim, {plan.id, plan.version, kWhoApplies});
    if (const auto done = apply(tx, plan.id, deed.who.username, deed.request_id, problems); !done) return fail(done.error());
    return Written{200, document(tx, plan.id)};
  });
  if (!written && !problems.empty()) block(pool, plan.id, problems, deed.who.username, deed.request_id);
  return written;
}

Result<Written> acknowledge_reassignment(storage::Pool& pool, const Deed& deed, const std::string& id, std::int64_t person) {
  if (person != 0 && !deed.who.has_role(coordinator)) return fail(Errc::forbidden, "Sign for yourself: leave person out. A coordinator enters it for others.");
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = seen_plan(tx, deed.who, id);
    if (!district) return fail(district.error());
    tx.run(sql::reassignments_acknowledge, {id, or_null(person), std::to_string(deed.who.account), deed.who.username, deed.request_id});
    return Written{200, document(tx, id)};
  });
}

Result<Written> revert_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan, const std::string& body, bool at_once) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = seen_plan(tx, deed.who, plan.id);
    if (!district) return fail(district.error());
    if (const auto mine = own_plan(tx, deed.who, plan.id, *district); !mine) return fail(mine.error());
    const std::string id = tx.run(sql::reassignments_revert, {plan.id, plan.version, body, std::to_string(deed.who.account), deed.who.username, deed.request_id}).text(0, "id");
    return at_once ? apply_new(tx, deed, id) : Written{201, document(tx, id)};
  });
}

void apply_due_reassignments(storage::Pool& pool) {
  constexpr const char* kServer = "server";
  const auto due = pool.read<storage::Rows>([](Tx& tx) -> Result<storage::Rows> { return tx.run(sql::reassignments_due); });
  for (std::size_t i = 0; due && i < due->size(); ++i) {
    const std::string id = due->text(i, "id");
    std::string problems;
    const auto done = pool.write<int>([&](Tx& tx) -> Result<int> {
      tx.run(sql::reassignments_claim, {id, "*", "{scheduled}"});
      if (const auto applied = apply(tx, id, kServer, "", problems); !applied) return fail(applied.error());
      return 0;
    });
    if (done) continue;
    const bool refused = done.error().code == Errc::rule_violated || done.error().code == Errc::conflict;
    if (problems.empty() && refused) {
      Object problem;
      problem.text("kind", "refused");
      problem.text("severity", "error");
      problem.text("message", done.error().detail);
      problems = "[" + problem.finish() + "]";
    }
    if (!problems.empty()) block(pool, id, problems, kServer, "");  // a database that is not ready is asked again
  }
}

}  // namespace gridward::service
