#pragma once

#include "app/config.h"

namespace gridward::app {

/// Blocks the signals that end the server, so that threads and children started later do not take them.
void block_end_signals();
/// Serves until SIGINT or SIGTERM, then finishes what is in flight. Throws std::runtime_error with what to do when it cannot begin.
void serve_until_signal(const Config& config);

}  // namespace gridward::app
