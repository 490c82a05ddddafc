#pragma once

#include <chrono>
#include <stop_token>

#include "base/observe.h"
#include "storage/database.h"

namespace gridward::service {

/// Every few seconds until told to stop: folds counts that were written one by one into their tally, seals the trail, applies the reassignment
/// plans whose day has come, forgets notices older than `kept_notices`, and tells what waits in the database.
void keep_up(storage::Pool& pool, std::chrono::days kept_notices, const Observer& observer, const std::stop_token& stop);

}  // namespace gridward::service
