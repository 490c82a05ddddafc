#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "service/foreseen.h"
#include "service/page.h"
#include "service/write.h"

namespace gridward::service {

/// A plan that a request names, and the version that it is meant for ("*": any), as If-Match says.
struct PlanAsked {
  std::string id;
  std::string version = "*";
};

struct PlanFilter {
  std::int64_t district = 0;
  std::string status;  // empty: any
  bool overdue = false;     // those alone that somebody has not signed in time
  std::int64_t before = 0;  // the number after which a page begins, as lists go backwards; 0: from the newest
  int limit = 100;
};
/// The reassignment plans of a district that touch the caller's area, newest first.
Result<Page> list_reassignments(storage::Pool& pool, const Principal& who, const PlanFilter& filter);
/// One of them as a JSON document. not_found without it, forbidden where it touches nothing of the caller's area.
Result<std::string> get_reassignment(storage::Pool& pool, const Principal& who, const std::string& id);
/// The open hazards that a plan lets stay with whom they were.
Result<Page> list_kept_hazards(storage::Pool& pool, const Principal& who, const std::string& id);

/// Where plans are written, and what is foreseen of them as they are.
struct Drafting {
  storage::Pool& writes;
  ForeseenPlans& plans;
};
/// Drafts a plan, all of whose cells lie in the caller's area; with `at_once` it is applied in the same transaction. An operation that cannot be carried out is
/// rule_violated; a plan that needs a second person, or meets a problem, is a conflict when it is applied.
Result<Written> draft_reassignment(const Drafting& to, const Deed& deed, std::int64_t district, const std::string& body, bool at_once);
/// Changes what is said of a plan as a whole.
Result<Written> change_reassignment(const Drafting& to, const Deed& deed, const PlanAsked& plan, const std::string& body);
/// Adds operations, given as a JSON array.
Result<Written> add_operations(const Drafting& to, const Deed& deed, const PlanAsked& plan, const std::string& operations);
/// Adds the handovers of a list, as read_handovers() gives it. All or none: invalid_argument with a field for each row that is wrong.
Result<Written> add_handovers(const Drafting& to, const Deed& deed, const PlanAsked& plan, const std::string& rows);
/// Takes an operation out of a plan (0: the last, which redo_operation() puts in again).
Result<Written> undo_operation(const Drafting& to, const Deed& deed, const PlanAsked& plan, std::int64_t operation);
Result<Written> redo_operation(const Drafting& to, const Deed& deed, const PlanAsked& plan);
/// Drafts a plan upon the map as it is now, and tells what had changed.
Result<Written> rebase_reassignment(const Drafting& to, const Deed& deed, const PlanAsked& plan);

/// Approves a plan, all of whose cells lie in the caller's area, as another than its author.
Result<Written> approve_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan, const std::string& comment);
Result<Written> schedule_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan);
/// Takes back a plan that was not applied; a scheduled one is a draft again.
Result<Written> withdraw_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan);
/// Applies a plan now, all or nothing. Where it meets problems it becomes blocked, author and approvers are told, and they are the error's fields (conflict).
Result<Written> apply_reassignment(storage::Pool& pool, const Deed& deed, const PlanAsked& plan);
/// Signs for what a person hands over or receives (0: the person of the account).
Result<Written> acknowledge_reassignment(storage::Pool& pool, const Deed& deed, const std::string& id, std::int64_t person);
/// Drafts a plan that takes back an applied one; with `at_once` it is applied in the same transaction.
Result<Written> revert_reassignment(const Drafting& to, const Deed& deed, const PlanAsked& plan, const std::string& body, bool at_once);

/// Applies the scheduled plans whose day has come in their district, each in a transaction of its own; blocks those that have become impossible.
void apply_due_reassignments(storage::Pool& pool);
/// Tells the superiors of those who have not signed a handover in the days that their district sets, once each.
void escalate_unsigned(storage::Pool& pool);

}  // namespace gridward::service
