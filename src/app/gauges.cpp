#include "app/gauges.h"

namespace gridward::app {
namespace {

double number(std::size_t n) { return static_cast<double>(n); }

}  // namespace

void watch_pool(Metrics& metrics, const std::string& name, const storage::Pool& pool) {
  const auto watch = [&](const char* metric, const char* help, std::size_t storage::Pool::State::*what) {
    metrics.watch(metric, help, {{"pool", name}}, [pool, what] { return number(pool.state().*what); });
  };
  watch("gridward_pool_connections_max", "Connections to the database that a pool may have.", &storage::Pool::State::size);
  watch("gridward_pool_in_use", "Connections at work.", &storage::Pool::State::leased);
  watch("gridward_pool_idle", "Open connections that are not.", &storage::Pool::State::idle);
  watch("gridward_pool_waiting", "Requests that wait for a connection.", &storage::Pool::State::waiting);
}

void watch_server(Metrics& metrics, http::Server& server) {
  for (const auto& [name, lane] : {std::pair{"reads", &http::Scheduler::State::reads}, {"writes", &http::Scheduler::State::writes}}) {
    const auto watch = [&, lane = lane, name = name](const char* metric, const char* help, std::size_t http::Lane::State::*what) {
      metrics.watch(metric, help, {{"lane", name}}, [&server, lane, what] { return number(server.state().*lane.*what); });
    };
    watch("gridward_lane_workers", "Threads that answer.", &http::Lane::State::workers);
    watch("gridward_lane_in_flight", "Requests that a worker is answering.", &http::Lane::State::answering);
    watch("gridward_lane_waiting", "Requests that wait for a worker.", &http::Lane::State::waiting);
  }
  metrics.watch("gridward_http_sending", "Answers that slow readers have not taken yet.", {}, [&] { return number(server.state().sending); });
  metrics.watch("gridward_http_connections", "Connections of clients.", {}, [&] { return number(server.state().connections); });
}

void watch_memory(Metrics& metrics, http::ResponseCache& answers, service::Snapshots& snapshots, service::FigureSources& figures, service::ForeseenPlans& plans, service::KeptFindings& findings) {
  const auto bytes = [&](const char* what, std::function<double()> value) { metrics.watch("gridward_cache_bytes", "Memory of what is kept, about.", {{"what", what}}, std::move(value)); };
  bytes("answers", [&] { return number(answers.state().bytes); });
  bytes("maps", [&] { return number(snapshots.bytes()); });
  bytes("cells", [&] { return number(figures.cells.bytes()); });
  bytes("rosters", [&] { return number(figures.rosters.bytes()); });
  bytes("courses", [&] { return number(figures.courses.bytes()); });
  bytes("plans", [&] { return number(plans.bytes()); });
  bytes("findings", [&] { return number(findings.bytes()); });
  bytes("neighbours", [&] { return number(figures.neighbours.bytes()); });
  metrics.watch("gridward_cache_answers", "Answers that are kept.", {}, [&] { return number(answers.state().answers); });
  metrics.watch("gridward_cache_bytes_max", "Memory that these may take.", {}, [&] { return number(answers.state().limit); });
}

void watch_kept(Metrics& metrics, service::TileMaps& tiles, service::HeatMaps& heat, service::EventPoints& events) {
  auto kinds = tiles.kept();
  const auto of_heat = heat.kept();
  kinds.insert(kinds.end(), of_heat.begin(), of_heat.end());
  kinds.emplace_back("event_points", [&] { return events.state(); });
  for (const auto& [what, state] : kinds) {
    const Metrics::Labels labels = {{"what", what}};
    metrics.watch("gridward_cache_bytes", "Memory of what is kept, about.", labels, [state = state] { return number(state().bytes); });
    metrics.watch("gridward_cache_entries", "How many things are kept.", labels, [state = state] { return number(state().entries); });
    metrics.watch("gridward_cache_hits_total", "How often what was asked for was kept.", labels, [state = state] { return static_cast<double>(state().hits); }, Metrics::Kind::counter);
    metrics.watch("gridward_cache_misses_total", "How often it had to be made.", labels, [state = state] { return static_cast<double>(state().misses); }, Metrics::Kind::counter);
  }
}

}  // namespace gridward::app
