#include "service/reassignments.h"

#include <limits>

#include <fmt/format.h>

#include "service/auth.h"
#include "service/object.h"
#include "service/plan_access.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Tx;

constexpr const char* kWhoApplies = "{draft,approved,scheduled}";

std::string document(Tx& tx, const std::string& id) { return tx.run(sql::reassignments_doc, {id}).text(0, "doc"); }

/// What is answered of a plan, from its document.
using Told = std::function<std::string(std::string document)>;

/// Does something to a plan of the caller's area and answers the plan. What it names is looked at before, and after as it may have changed.
Result<Written> on_plan(storage::Pool& pool, const Deed& deed, const PlanAsked& plan, const std::function<Result<void>(Tx&, std::int64_t district)>& change, const Told& told = {}) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = seen_plan(tx, deed.who, plan.id);
    if (!district) return fail(district.error());
    if (const auto mine = own_plan(tx, deed.who, plan.id, *district); !mine) return fail(mine.error());
    if (const auto changed = change(tx, *district); !changed) return fail(changed.error());
    if (const auto mine = own_plan(tx, deed.who, plan.id, *district); !mine) return fail(mine.error());
    return Written{200, told ? told(document(tx, plan.id)) : document(tx, plan.id)};
  });
}

/// What changes a draft in its transaction. Returns whether what its operations are drafted upon is to be found anew.
using DraftChange = std::function<Result<bool>(Tx&)>;

/// Changes a draft, and foresees what it would do then, for its comparison.
Result<Written> on_draft(const Drafting& to, const Deed& deed, const PlanAsked& plan, const DraftChange& change, const Told& told = {}) {
  std::optional<ForeseenDraft> foreseen;
  const auto foresee = [&](Tx& tx, std::int64_t district) -> Result<void> {
    foreseen.reset();  // of an attempt that was struck
    const auto changed = change(tx);
    if (!changed) return fail(changed.error());
    if (!*changed) return {};
    auto drafted = foresee_draft(tx, district, plan.id, true);
    if (!drafted) return fail(drafted.error());
    foreseen = std::move(*drafted);
    return {};
  };
  const auto written = on_plan(to.writes, deed, plan, foresee, told);
  if (!written) return written;
  if (foreseen) to.plans.keep(std::move(*foreseen));
  to.plans.expect(plan.id);
  return written;
}

/// Applies a plan that was claimed; the problems for which it could not be are kept in `problems`.
Result<void> apply(Tx& tx, const std::string& id, const std::string& actor, const std::string& request, std::string& problems) {
  tx.script("set local statement_timeout = 0");  // a merge may place many events anew; the deadline of the request holds
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

struct NewDraft {
  std::int64_t district = 0;
  std::string id;
};

/// Drafts a plan and answers it: foreseen, or, with `at_once`, applied in the same transaction.
Result<Written> draft_new(const Drafting& to, const Deed& deed, bool at_once, const std::function<Result<NewDraft>(Tx&)>& draft) {
  std::optional<ForeseenDraft> foreseen;
  std::string id;
  const auto written = write_once(to.writes, deed, [&](Tx& tx) -> Result<Written> {
    foreseen.reset();  // of an attempt that was struck
    const auto made = draft(tx);
    if (!made) return fail(made.error());
    id = made->id;
    auto drafted = foresee_draft(tx, made->district, id, !at_once);
    if (!drafted) return fail(drafted.error());
    foreseen = std::move(*drafted);
    if (const auto mine = own_plan(tx, deed.who, id, made->district); !mine) return fail(mine.error());
    if (at_once) {
      std::string problems;
      tx.run(sql::reassignments_claim, {id, "*", kWhoApplies});
      if (const auto done = apply(tx, id, deed.who.username, deed.request_id, problems); !done) return fail(done.error());
    }
    return Written{201, document(tx, id)};
  });
  if (!written || at_once || id.empty()) return written;  // no id: what was answered before is answered again
  if (foreseen) to.plans.keep(std::move(*foreseen));
  to.plans.expect(id);
  return written;
}

}  // namespace

Result<Page> list_reassignments(storage::Pool& pool, const Principal& who, const PlanFilter& f) {
  if (!in_district(who, f.district)) return fail(Errc::forbidden, "This district is outside your area.");
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    const std::int64_t before = f.before == 0 ? std::numeric_limits<std::int64_t>::max() : f.before;
    return to_page(tx.run(sql::reassignments_list, {std::to_string(f.district), areas_of(who, f.district), or_null(f.status), std::to_string(before), std::to_string(f.limit), f.overdue ? "true" : "false"}), f.limit);
  });
}

Result<std::string> get_reassignment(storage::Pool& pool, const Principal& who, const std::string& id) {
  return pool.read<std::string>([&](Tx& tx) -> Result<std::string> {
    const auto district = seen_plan(tx, who, id);
    if (!district) return fail(district.error());
    return document(tx, id);
  });
}

Result<Page> list_kept_hazards(storage::Pool& pool, const Principal& who, const std::string& id) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    const auto district = seen_plan(tx, who, id);
    if (!district) return fail(district.error());
    return to_page(tx.run(sql::reassignments_kept_hazards, {id}), -1);
  });
}

Result<Written> draft_reassignment(const Drafting& to, const Deed& deed, std::int64_t district, const std::string& body, bool at_once) {
  if (!in_district(deed.who, district)) return fail(Errc::forbidden, "This district is outside your area.");
  return draft_new(to, deed, at_once, [&](Tx& tx) -> Result<NewDraft> {
    return NewDraft{district, tx.run(sql::reassignments_draft, {std::to_string(district), body, std::to_string(deed.who.account), deed.who.username, deed.request_id}).text(0, "id")};
  });
}

Result<Written> change_reassignment(const Drafting& to, const Deed& deed, const PlanAsked& plan, const std::string& body) {
  return on_draft(to, deed, plan, [&](Tx& tx) -> Result<bool> { return tx.run(sql::reassignments_change, {plan.id, plan.version, body, deed.who.username, deed.request_id}).boolean(0, "moved"); });
}

Result<Written> add_operations(const Drafting& to, const Deed& deed, const PlanAsked& plan, const std::string& operations) {
  return on_draft(to, deed, plan, [&](Tx& tx) -> Result<bool> {
    tx.run(sql::reassignments_add_operations, {plan.id, plan.version, operations, deed.who.username, deed.request_id});
    return true;
  });
}

Result<Written> add_handovers(const Drafting& to, const Deed& deed, const PlanAsked& plan, const std::string& rows) {
  return on_draft(to, deed, plan, [&](Tx& tx) -> Result<bool> {
    const auto settled = tx.run(sql::reassignments_handovers, {plan.id, rows});
    Error wrong{Errc::invalid_argument, "Rows of the list are wrong: nothing was added.", {}};
    std::string operations;
    for (std::size_t i = 0; i < settled.size(); ++i) {
      if (!settled.text(i, "fault").empty()) wrong.fields.push_back({"rows/" + settled.text(i, "n"), settled.text(i, "fault")});
      else operations += (operations.empty() ? "" : ",") + settled.text(i, "operation");
    }
    if (!wrong.fields.empty()) return fail(wrong);
    if (operations.empty()) return fail(Errc::invalid_argument, "The list has no rows.");
    tx.run(sql::reassignments_add_operations, {plan.id, plan.version, "[" + operations + "]", deed.who.username, deed.request_id});
    return true;
  });
}

Result<Written> undo_operation(const Drafting& to, const Deed& deed, const PlanAsked& plan, std::int64_t operation) {
  return on_draft(to, deed, plan, [&](Tx& tx) -> Result<bool> {
    tx.run(sql::reassignments_undo, {plan.id, plan.version, or_null(operation), deed.who.username, deed.request_id});
    return false;
  });
}

Result<Written> redo_operation(const Drafting& to, const Deed& deed, const PlanAsked& plan) {
  return on_draft(to, deed, plan, [&](Tx& tx) -> Result<bool> {
    tx.run(sql::reassignments_redo, {plan.id, plan.version, deed.who.username, deed.request_id});
    return false;
  });
}

Result<Written> rebase_reassignment(const Drafting& to, const Deed& deed, const PlanAsked& plan) {
  std::string conflicts;
  const auto rebase = [&](Tx& tx) -> Result<bool> {
    conflicts = tx.run(sql::reassignments_rebase, {plan.id, plan.version, deed.who.username, deed.request_id}).text(0, "conflicts");
    return true;
  };
  return on_draft(to, deed, plan, rebase, [&](const std::string& document) { return fmt::format(R"({{"plan": {}, "conflicts": {}}})", document, conflicts); });
}

Result<Written> approve_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan, const std::string& comment) {
  return on_plan(pool, deed, plan, [&](Tx& tx, std::int64_t) -> Result<void> {
    tx.run(sql::reassignments_approve, {plan.id, plan.version, or_null(comment), std::to_string(deed.who.account), deed.who.username, deed.request_id});
    return {};
  });
}

Result<Written> schedule_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan) {
  return on_plan(pool, deed, plan, [&](Tx& tx, std::int64_t) -> Result<void> {
    tx.run(sql::reassignments_schedule, {plan.id, plan.version, deed.who.username, deed.request_id});
    return {};
  });
}

Result<Written> withdraw_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan) {
  return on_plan(pool, deed, plan, [&](Tx& tx, std::int64_t) -> Result<void> {
    tx.run(sql::reassignments_withdraw, {plan.id, plan.version, deed.who.username, deed.request_id});
    return {};
  });
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

Result<Written> revert_reassignment(const Drafting& to, const Deed& deed, const PlanAsked& plan, const std::string& body, bool at_once) {
  return draft_new(to, deed, at_once, [&](Tx& tx) -> Result<NewDraft> {
    const auto district = seen_plan(tx, deed.who, plan.id);
    if (!district) return fail(district.error());
    if (const auto mine = own_plan(tx, deed.who, plan.id, *district); !mine) return fail(mine.error());
    return NewDraft{*district, tx.run(sql::reassignments_revert, {plan.id, plan.version, body, std::to_string(deed.who.account), deed.who.username, deed.request_id}).text(0, "id")};
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

void escalate_unsigned(storage::Pool& pool) {
  (void)pool.write<int>([](Tx& tx) -> Result<int> {  // what fails now is tried again
    tx.run(sql::reassignments_escalate);
    return 0;
  });
}

}  // namespace gridward::service
