#pragma once

#include "http/request.h"
#include "storage/database.h"

namespace gridward::http {

/// What handlers share: reads and writes have pools of their own, so that writes cannot starve the map.
struct Context {
  storage::Pool& reads;
  storage::Pool& writes;
};

/// Answers one request, from route to response. Does not throw.
[[nodiscard]] Response answer(Context& context, const Request& request);

}  // namespace gridward::http
