#pragma once

#include <stop_token>

#include "base/observe.h"
#include "storage/database.h"

namespace gridward::service {

/// Every few seconds until told to stop: folds counts that were written one by one into their tally, seals the trail, applies the reassignment
/// plans whose day has come, and tells what waits in the database.
void keep_up(storage::Pool& pool, const Observer& observer, const std::stop_token& stop);

}  // namespace gridward::service
