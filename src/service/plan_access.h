#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "domain/principal.h"
#include "storage/database.h"

namespace gridward::service {

/// The areas of a district that the caller's grants reach, as an array for SQL; none: all of it.
[[nodiscard]] storage::Param areas_of(const Principal& who, std::int64_t district);

/// The district of a plan that touches the caller's area: not_found without the plan, forbidden where it does not.
Result<std::int64_t> seen_plan(storage::Tx& tx, const Principal& who, const std::string& id);

/// Forbidden unless all cells that a plan names lie in the caller's area.
Result<void> own_plan(storage::Tx& tx, const Principal& who, const std::string& id, std::int64_t district);

/// The error (conflict) that problems of a plan are, a JSON array, each a field; none where they are warnings only.
[[nodiscard]] std::optional<Error> refusal(const std::string& problems);

}  // namespace gridward::service
