#include "app/serve.h"

#include <signal.h>

#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "app/basemaps.h"
#include "app/cli.h"
#include "app/commands.h"
#include "app/gauges.h"
#include "app/metrics.h"
#include "app/observe.h"
#include "http/admin.h"
#include "http/pipeline.h"
#include "http/pistache.h"
#include "http/webhook_sender.h"
#include "service/auth.h"
#include "service/known.h"
#include "service/stamps.h"
#include "service/upkeep.h"
#include "storage/migrate.h"

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

/// Few threads: what it tells is in memory but for one question to the database.
http::ServerOptions admin_options(const ListenConfig& admin) {
  http::ServerOptions out;
  out.address = admin.address;
  out.port = admin.port;
  out.event_threads = 1;
  out.answers.reads.workers = 2;
  out.answers.writes.workers = 1;
  out.answers.reads.waiting = out.answers.writes.waiting = 64;
  return out;
}

std::string address_of(const http::Server& server, const ListenConfig& listen) {
  const bool six = listen.address.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}", six ? "[" : "", listen.address, six ? "]" : "", server.port());
}

std::string advice(const ListenConfig& listen, const std::string& flag) {
  if (listen.port != 0 && listen.port < 1024) return "Ports below 1024 are for root: choose one above with " + flag + ", and let nginx stand in front";
  return "Is another program on it? Choose another with " + flag + "; 0 takes a free one";
}

/// Listens, or ends the program with the setting that chooses another port.
void start(http::Server& server, const ListenConfig& listen, const std::string& section) {
  try {
    server.start();
  } catch (const std::exception& e) {
    throw std::runtime_error(fmt::format("Port {} of {} cannot be listened on: {}. {} ({}.port).", listen.port, listen.address, e.what(), advice(listen, section == "http" ? "--port" : "--admin-port"), section));
  }
}

/// Who is told of what happens.
struct Watchers {
  explicit Watchers(const LogConfig& config) : log(config) {}
  Log log;
  Metrics metrics;
  const Observer observer = [this](const Observation& o) {
    log(o);
    metrics(o);
  };
};

/// The server and what it stands on, in the order in which it is made.
struct Parts {
  /// Throws std::runtime_error when the database is not as this binary needs it.
  Parts(const Config& config, const std::string& url, const Observer& observer)
      : reads(url, config.database.read_connections, "reads", observer),
        writes(url, config.database.write_connections, "writes", observer),
        sessions(url, 2, "sessions", observer),
        notices(url, 2, "notices", observer),
        known(sessions, url, observer),
        snapshots(config.limits.snapshot_bytes, observer),
        assets(origins_of(config.basemaps)),
        cache(config.http.cache_bytes),
        change_streams(notices, known, {config.notices.listeners, config.notices.listeners_each, config.notices.heartbeat, config.http.send_deadline}),
        context{reads, writes, known, figures, plans, findings, snapshots, stamps, tile_maps, heat_maps, event_points, assets, cache, flights, change_streams, {config.http.public_url, config.http.trust_forwarded}, or_stop(service::seal_key(writes)), config.http.cors_origins, config.limits.unpacked_bytes, config.limits.session, observer,
                config.notices.webhook_hosts, config.http.request_deadline, config.basemaps},
        server(server_options(config.http, config.limits), {[this](const http::Request& request) { return http::answer_at_once(context, request); },
                                                            [this](const http::Request& request) { return http::answer(context, request); }, observer,
                                                            [this](const http::ConnectionPtr& connection, const std::shared_ptr<http::ChangeStream>& stream) { change_streams.take(connection, stream); }}) {
    or_stop(reads.check());
  }

  storage::Pool reads, writes;
  storage::Pool sessions;  // of what is asked before each request, so that slow reads do not hold up writes
  storage::Pool notices;   // of who numbers and tells what is written
  service::Known known;
  service::MapCells cells;
  service::Rosters rosters;
  service::Neighbours neighbours;
  service::CourseBooks courses;
  service::FigureSources figures{reads, cells, rosters, neighbours, courses};
  service::ForeseenPlans plans;
  service::KeptFindings findings;
  service::Snapshots snapshots;
  service::Stamps stamps{snapshots};
  service::TileMaps tile_maps;
  service::HeatMaps heat_maps;
  service::EventPoints event_points;
  const http::Assets assets;
  http::ResponseCache cache;
  http::Flights flights;
  http::ChangeStreams change_streams;
  http::Context context;
  http::Server server;
};

void watch_parts(Metrics& metrics, Parts& parts, const http::WebhookSender& webhooks) {
  watch_pool(metrics, "reads", parts.reads);
  watch_pool(metrics, "writes", parts.writes);
  watch_pool(metrics, "sessions", parts.sessions);
  watch_pool(metrics, "notices", parts.notices);
  watch_server(metrics, parts.server);
  watch_memory(metrics, parts.cache, parts.snapshots, parts.figures, parts.plans, parts.findings);
  watch_kept(metrics, parts.tile_maps, parts.heat_maps, parts.event_points);
  for (const auto& [name, state] : {std::pair{"ok", &http::WebhookSender::State::ok}, {"failing", &http::WebhookSender::State::failing}, {"dead", &http::WebhookSender::State::dead}})
    metrics.watch("gridward_webhooks", "Receivers of notices: those that do well, that failed lately, and eight times in a row or more.", {{"state", name}}, [&webhooks, state = state] { return static_cast<double>(webhooks.state().*state); });
  metrics.watch("gridward_changes_followers", "Clients that follow /api/v1/changes.", {}, [&] { return static_cast<double>(parts.change_streams.count()); });
  watch_process(metrics);
}

}  // namespace

void block_end_signals() {
  const sigset_t set = end_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void serve_until_signal(const Config& config) {
  const std::string url = ready_database(config.database);
  Watchers watchers(config.log);
  Parts parts(config, url, watchers.observer);
  start(parts.server, config.http.listen, "http");
  const http::WebhookSender webhooks(parts.notices, config.notices.webhook_hosts);
  watch_parts(watchers.metrics, parts, webhooks);
  std::atomic<bool> stopping = false;
  const http::AdminContext health{[&] { return stopping ? fail(Errc::unavailable, "It was told to end, and answers what is in flight.") : storage::check_schema(url); }, [&] { return watchers.metrics.text(); }};
  http::Server admin(admin_options(config.admin), {[&](const http::Request& request) { return http::answer_admin_at_once(health, request); },
                                                   [&](const http::Request& request) { return http::answer_admin(health, request); }});
  start(admin, config.admin, "admin");
  const std::jthread foresight([&](const std::stop_token& stop) { parts.plans.prepare(parts.writes, parts.figures, stop); });
  const std::jthread upkeep([&](const std::stop_token& stop) { service::keep_up(parts.writes, config.notices.kept, watchers.observer, stop); });
  watchers.observer(seen::Listening{"health and metrics", address_of(admin, config.admin)});
  watchers.observer(seen::Listening{"serving", address_of(parts.server, config.http.listen)});
  const sigset_t set = end_signals();
  int signal = 0;
  sigwait(&set, &signal);
  watchers.observer(seen::Stopping{});
  stopping = true;
  parts.change_streams.stop();
  parts.server.stop();
  admin.stop();
}

namespace {

struct ServeOptions {
  explicit ServeOptions(CLI::App& command) : settings(command) {}
  SettingFlags settings;
  bool demo_database = false;
};

/// A demo's accounts have passwords that were printed.
void refuse_demo(const std::string& url) {
  storage::Pool pool(url, 1, "start", complain());
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
  o->settings.add(*c, "--admin-port", "admin.port", "port of /healthz, /readyz and /metrics; 0 takes a free one");
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
