#pragma once

#include "app/commands.h"

namespace gridward::app {

/// Blocks the signals that end the server, so that threads and children started later do not take them.
void block_end_signals();
/// Serves until SIGINT or SIGTERM, then finishes what is in flight.
int serve_until_signal(const ServeArgs& args);

}  // namespace gridward::app
