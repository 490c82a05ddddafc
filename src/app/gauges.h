#pragma once

#include "app/metrics.h"
#include "http/cache.h"
#include "http/pistache.h"
#include "service/event_points.h"
#include "service/figures.h"
#include "service/findings.h"
#include "service/foreseen.h"
#include "service/heat_maps.h"
#include "service/snapshots.h"
#include "service/tile_maps.h"
#include "storage/database.h"

namespace gridward::app {

/// Has the metrics tell the state of a pool; its name is a label.
void watch_pool(Metrics& metrics, const std::string& name, const storage::Pool& pool);
/// Likewise connections, and who waits for which workers.
void watch_server(Metrics& metrics, http::Server& server);
/// Likewise what is kept in memory.
void watch_memory(Metrics& metrics, http::ResponseCache& answers, service::Snapshots& snapshots, service::FigureSources& figures, service::ForeseenPlans& plans, service::KeptFindings& findings);
/// Likewise what tiles and heat are made from, each kind of it.
void watch_kept(Metrics& metrics, service::TileMaps& tiles, service::HeatMaps& heat, service::EventPoints& events);

}  // namespace gridward::app
