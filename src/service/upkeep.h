#pragma once

#include <stop_token>

#include "storage/database.h"

namespace gridward::service {

/// Folds counts that were written one by one into their tally, every few seconds until told to stop.
void keep_counts_folded(storage::Pool& pool, const std::stop_token& stop);

}  // namespace gridward::service
