#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "http/cache.h"
#include "http/request.h"
#include "service/figures.h"
#include "service/map_cells.h"
#include "service/known.h"
#include "service/snapshots.h"
#include "storage/database.h"

namespace gridward::http {

/// What handlers share: reads and writes have pools of their own, so that writes cannot starve the map.
struct Context {
  storage::Pool& reads;
  storage::Pool& writes;
  service::Known& known;
  service::FigureSources& figures;
  service::Snapshots& snapshots;
  ResponseCache& cache;
  std::string seal_key;           // of ETags; the same for all servers of a database
  std::vector<std::string> cors;  // origins whose pages may read answers
  std::uint64_t unpacked_bytes;   // most of an uploaded archive's files
  std::chrono::seconds session_lasts;
};

/// How large the body of a request may be by the contract; 0 where it has none.
[[nodiscard]] std::size_t body_limit(const Request& request);

/// Answers one request, from route to response. Does not throw.
[[nodiscard]] Response answer(Context& context, Request request);

}  // namespace gridward::http
