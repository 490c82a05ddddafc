#include "app/serve.h"

#include <signal.h>

#include <thread>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "app/cli.h"
#include "app/commands.h"
#include "http/pipeline.h"
#include "http/pistache.h"
#include "service/auth.h"
#include "service/known.h"
#include "service/upkeep.h"

namespace gridward::app {
namespace {

sigset_t end_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

http::ServerOptions server_options(const HttpConfig& http, const LimitsConfig& limits) {
  http::ServerOptions out;
  out.address = http.listen.address;
  out.port = http.listen.port;
  out.event_threads = http.event_threads;
  out.requests = {limits.head_bytes, limits.header_lines, http.body_bytes, http::body_limit};
  out.answers.reads.workers = http.workers;
  out.answers.writes.workers = http.write_workers;
  out.answers.reads.waiting = out.answers.writes.waiting = http.queue;
  out.answers.send_patience = http.send_deadline;
  return out;
}

std::string advice(const ListenConfig& listen) {
  if (listen.port != 0 && listen.port < 1024) return "Ports below 1024 are for root: choose one above with --port, and let nginx stand in front";
  return "Is another program on it? Choose another with --port; 0 takes a free one";
}

/// Listens, or ends the program with the setting that chooses another port.
void start(http::Server& server, const ListenConfig& listen, const char* section) {
  try {
    server.start();
  } catch (const std::exception& e) {
    throw std::runtime_error(fmt::format("Port {} of {} cannot be listened on: {}. {} ({}.port).", listen.port, listen.address, e.what(), advice(listen), section));
  }
}

}  // namespace

void block_end_signals() {
  const sigset_t set = end_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void serve_until_signal(const Config& config) {
  const std::string url = ready_database(config.database);
  storage::Pool reads(url, config.database.read_connections);
  storage::Pool writes(url, config.database.write_connections);
  storage::Pool sessions(url, 2);  // of what is asked before each request, so that slow reads do not hold up writes
  or_stop(reads.check());
  const std::string seal_key = or_stop(service::seal_key(writes));
  service::Known known(sessions, url);
  service::MapCells cells;
  service::Rosters rosters;
  service::Neighbours neighbours;
  service::FigureSources figures{reads, cells, rosters, neighbours};
  service::Snapshots snapshots(config.limits.snapshot_bytes);
  service::TileMaps tile_maps;
  const http::Assets assets;
  http::ResponseCache cache(config.http.cache_bytes);
  http::Flights flights;
  http::Context context{reads, writes, known, figures, snapshots, tile_maps, assets, cache, flights, seal_key, config.http.cors_origins, config.limits.unpacked_bytes, config.limits.session, config.http.request_deadline};
  http::Server server(server_options(config.http, config.limits), {[&](const http::Request& request) { return http::answer_at_once(context, request); },
                                                                   [&](const http::Request& request) { return http::answer(context, request); }});
  start(server, config.http.listen, "http");
  spdlog::info("serving on http://{}:{}", config.http.listen.address, server.port());
  const std::jthread upkeep([&](const std::stop_token& stop) { service::keep_counts_folded(writes, stop); });
  const sigset_t set = end_signals();
  int signal = 0;
  sigwait(&set, &signal);
  spdlog::info("stopping");
  server.stop();
}

namespace {

struct ServeOptions {
  explicit ServeOptions(CLI::App& command) : settings(command) {}
  SettingFlags settings;
  bool demo_database = false;
};

/// A demo's accounts have passwords that were printed.
void refuse_demo(const std::string& url) {
  storage::Pool pool(url, 1);
  if (or_stop(service::is_demo(pool)))
    throw std::runtime_error("This is the database of a demo, with accounts whose passwords were printed. Serve a database of your own, or say --demo-database.");
}

}  // namespace

void add_serve(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("serve", "Serves a PostgreSQL of yours, until Ctrl-C or SIGTERM.");
  const auto o = std::make_shared<ServeOptions>(*c);  // shared with the callback
  o->settings.add_database(*c);
  o->settings.add(*c, "--address", "http.address", "address to listen on");
  o->settings.add(*c, "--port", "http.port", "port to listen on; 0 takes a free one");
  o->settings.add(*c, "--cors", "http.cors_origins", "origins whose pages may read answers, such as https://map.example.cn,https://b.example.cn");
  o->settings.add_switch(*c, "--public", "http.public", "allow an address that other machines reach, without TLS");
  c->add_flag("--demo-database", o->demo_database, "serve a database that a demo made, with its printed passwords");
  c->footer("Examples:\n"
            "  gridward serve --database \"host=/run/postgresql dbname=gridward user=gridward_app\"\n"
            "  gridward serve --config /etc/gridward/gridward.toml --set http.workers=16\n"
            "The database must have been migrated (gridward migrate). Settings: gridward dump-config.");
  c->callback([o, &code] {
    block_end_signals();
    const Config config = o->settings.config();
    if (const std::string url = ready_database(config.database); !o->demo_database) refuse_demo(url);
    serve_until_signal(config);
    code = 0;
  });
}

}  // namespace gridward::app
