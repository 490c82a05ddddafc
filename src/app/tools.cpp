#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "app/cli.h"
#include "app/commands.h"
#include "app/observe.h"
#include "app/progress.h"
#include "service/exports.h"
#include "service/simulate.h"
#include "storage/migrate.h"

namespace gridward::app {
namespace {

struct MigrateOptions {
  explicit MigrateOptions(CLI::App& command) : settings(command) {}
  SettingFlags settings;
};

struct ExportOptions {
  explicit ExportOptions(CLI::App& command) : settings(command) {}
  SettingFlags settings;
  std::string what = "cells", cell, at, from, to, file;
};

struct SimulateOptions {
  std::string folder;
  service::SimulateOptions how;
};

void run_export(const ExportOptions& o) {
  const Config config = o.settings.config();
  storage::Pool pool(ready_database(config.database), 1, "command", complain());
  const std::string format = std::filesystem::path(o.file).extension().string();
  Principal everyone;
  everyone.username = "export";
  everyone.grants = {{"auditor", 0, 0}};
  const auto made = or_stop(service::export_file(pool, pool, everyone, {o.what, format.empty() ? "" : format.substr(1), o.cell, o.at, o.from, o.to, "export"}));
  write_file(o.file, made.bytes);
}

}  // namespace

void add_migrate(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("migrate", "Brings a database to this version, as its owner. Safe to repeat.");
  const auto o = std::make_shared<MigrateOptions>(*c);  // shared with the callback
  o->settings.add_database(*c);
  c->footer("Example:\n  gridward migrate --database \"host=/run/postgresql dbname=gridward user=gridward_owner\"\n"
            "A new database first needs the roles (sql/roles.sql) and its extensions; the README shows how.");
  c->callback([o, &code] {
    or_stop(storage::migrate(or_stop(o->settings.config().database.url()).reveal()));
    std::cout << "The database has the schema of Gridward " GRIDWARD_VERSION ".\n";
    code = 0;
  });
}

void add_export(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("export", "Writes what a cell holds as a file; its name says the format.");
  const auto o = std::make_shared<ExportOptions>(*c);  // shared with the callback
  o->settings.add_database(*c);
  c->add_option("file", o->file, "file to write: .gpkg, .geojson, .fgb, .csv or .xlsx")->required();
  c->add_option("--cell", o->cell, "an id, or code:{scheme}:{code}; a district is the cell at its top")->required();
  c->add_option("--what", o->what, "cells, overlay_areas, enterprises, hazards, inspections, patrols or accidents")->capture_default_str();
  c->add_option("--at", o->at, "day of the map; today if left out");
  c->add_option("--from", o->from, "first day of events");
  c->add_option("--to", o->to, "first day after them");
  c->footer("Examples:\n"
            "  gridward export --cell code:chicago:32 loop.gpkg\n"
            "  gridward export --cell code:chicago:32 --what hazards --from 2014-01-01 --to 2015-01-01 loop-2014.csv");
  c->callback([o, &code] {
    run_export(*o);
    code = 0;
  });
}

void add_simulate(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("simulate", "Writes made-up districts with known rates, to try things on and to import.");
  const auto o = std::make_shared<SimulateOptions>();  // shared with the callback
  c->add_option("folder", o->folder, "folder to write; one below it for each district")->required();
  c->add_option("--seed", o->how.seed, "the same seed gives the same files")->capture_default_str();
  c->add_option("--districts", o->how.districts, "how many")->check(CLI::Range(1, 99))->capture_default_str();
  c->add_option("--enterprises", o->how.enterprises, "in each district")->check(CLI::Range(1, 1000000))->capture_default_str();
  c->footer("Example:\n  gridward simulate /tmp/sim --districts 3 && gridward import --database \"…\" /tmp/sim/*/recipe.toml\n"
            "truth.csv beside each recipe holds the rates that the events were drawn from.");
  c->callback([o, &code] {
    {
      Progress progress("simulating");
      service::simulate(o->folder, o->how, progress.watcher());
    }
    std::cout << "Written: import each folder's recipe.toml.\n";
    code = 0;
  });
}

void add_dump_config(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("dump-config", "Prints every setting, its value and where that came from; secrets as ***.");
  const auto o = std::make_shared<SettingFlags>(*c);  // shared with the callback
  o->add_database(*c);
  c->footer("Examples:\n"
            "  gridward dump-config --config /etc/gridward/gridward.toml\n"
            "  GRIDWARD_HTTP_PORT=8090 gridward dump-config --set log.level=debug\n"
            "What is printed is a file that --config reads. What each setting means: config/default.toml.");
  c->callback([o, &code] {
    const Settings settings = o->settings();
    or_stop(read_config(settings));
    std::cout << settings.dump() << std::flush;
    if (!std::cout) throw std::runtime_error(fmt::format("The settings cannot be written: {}.", std::strerror(errno)));
    code = 0;
  });
}

}  // namespace gridward::app
