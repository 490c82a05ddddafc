#pragma once

#include <string>

#include "base/result.h"
#include "service/write.h"

namespace gridward::service {

/// The steps of a hazard that the caller may see, in order; the finding first.
Result<Page> list_hazard_steps(storage::Pool& pool, const Principal& who, const std::string& id);

/// Takes a step of a hazard of the version that the caller has seen ("*": any): it is dated, with who and why, and changes the hazard in the same
/// transaction. Steps that may not follow are rule_violated, with what must come first (sql/functions/14_hazard_step.sql). What an office decides,
/// as to extend or to list, is for coordinators of its area.
Result<Written> take_hazard_step(storage::Pool& pool, const Deed& deed, const std::string& id, const std::string& version, const std::string& step, const std::string& body);

}  // namespace gridward::service
