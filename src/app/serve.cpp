#include "app/serve.h"

#include <signal.h>

#include <atomic>
#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "http/pipeline.h"
#include "http/pistache.h"
#include "service/auth.h"
#include "service/cells.h"
#include "service/known.h"
#include "service/upkeep.h"

namespace gridward::app {

void block_end_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int serve_until_signal(const ServeArgs& args) {
  storage::Pool reads(args.database, 8);
  storage::Pool writes(args.database, 4);
  if (auto ready = service::districts(reads); !ready) {
    spdlog::error("The database does not answer: {}", ready.error().detail);
    return 1;
  }
  const auto is_demo = service::is_demo(reads);
  if (!is_demo) {
    spdlog::error("The database cannot be read: {}", is_demo.error().detail);
    return 1;
  }
  if (*is_demo && !args.demo) {
    spdlog::error("This is the database of a demo, with accounts whose passwords were printed. Serve a database of your own, or say --demo-database.");
    return 1;
  }
  const auto seal_key = service::seal_key(writes);
  if (!seal_key) {
    spdlog::error("The database cannot be written: {}", seal_key.error().detail);
    return 1;
  }
  service::Known known(reads, args.database);
  service::MapCells cells;
  service::Rosters rosters;
  service::FigureSources figures{reads, cells, rosters};
  service::Snapshots snapshots;
  http::ResponseCache cache(std::size_t{64} << 20);
  http::Context context{reads, writes, known, figures, snapshots, cache, *seal_key, args.cors};
  http::ServerOptions options;
  options.address = args.address;
  options.port = args.port;
  options.limits.larger = http::body_limit;
  http::Server server(options, [&](http::Request request) { return http::answer(context, std::move(request)); });
  server.start();
  spdlog::info("serving on http://{}:{}", args.address, server.port());
  const std::jthread upkeep([&](const std::stop_token& stop) { service::keep_counts_folded(writes, stop); });
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  int signal = 0;
  sigwait(&set, &signal);
  spdlog::info("stopping");
  server.stop();
  return 0;
}

int run_serve(const ServeArgs& args) {
  block_end_signals();
  return serve_until_signal(args);
}

}  // namespace gridward::app
