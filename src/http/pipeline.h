#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/observe.h"
#include "domain/basemap.h"
#include "http/assets.h"
#include "http/cache.h"
#include "http/change_streams.h"
#include "http/flights.h"
#include "http/public_address.h"
#include "http/request.h"
#include "service/figures.h"
#include "storage/database.h"

namespace gridward::service {
class EventPoints;
class ForeseenPlans;
class HeatMaps;
class KeptFindings;
class Known;
class Snapshots;
class Stamps;
class TileMaps;
}  // namespace gridward::service

namespace gridward::http {

/// What handlers share: reads and writes have pools of their own, so that writes cannot starve the map.
struct Context {
  storage::Pool reads;
  storage::Pool writes;
  service::Known& known;
  service::FigureSources figures;
  service::ForeseenPlans& plans;
  service::KeptFindings& findings;
  service::Snapshots& snapshots;
  service::Stamps& stamps;
  service::TileMaps& tile_maps;
  service::HeatMaps& heat_maps;
  service::EventPoints& event_points;
  const Assets& assets;
  ResponseCache& cache;
  Flights& flights;
  ChangeStreams& change_streams;
  PublicAddress address;
  std::string seal_key;           // of ETags; the same for all servers of a database
  std::vector<std::string> cors;  // origins whose pages may read answers
  std::uint64_t unpacked_bytes;   // most of an uploaded archive's files
  std::chrono::seconds session_lasts;
  const Observer& observer;
  std::vector<std::string> webhook_hosts;  // to which notices may be sent
  std::chrono::seconds deadline;  // of a request, from its arrival; the contract gives some more (x-deadline)
  const std::vector<Basemap>& basemaps;

  /// The same for one request, whose work in the database ends with it.
  [[nodiscard]] Context until(const storage::Cancellation& end) const;
};

/// How large the body of a request may be by the contract; 0 where it has none.
[[nodiscard]] std::size_t body_limit(const Request& request);

/// Answers what needs nothing but memory: what is unchanged or kept, the page's files, refusals. Nothing for all else. Neither waits
/// nor throws.
[[nodiscard]] std::optional<Response> answer_at_once(Context& context, const Request& request);

/// Answers a request, from route to response. Does not throw.
[[nodiscard]] Response answer(Context& context, const Request& request);

}  // namespace gridward::http
