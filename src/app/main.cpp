#include <iostream>

#include <CLI/CLI.hpp>
#include <sodium.h>

#include "app/commands.h"

using namespace gridward::app;

namespace {

void database_option(CLI::App* command, std::string& database) {
  command->add_option("--database", database, "connection string, such as \"host=/run/postgresql dbname=gridward user=gridward_app\"")
      ->required()->envname("GRIDWARD_DATABASE");
}

}  // namespace

int main(int argc, char** argv) try {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used on this machine");
  CLI::App app{"Gridward: safety-production grid management. Try `gridward demo`."};
  app.require_subcommand(1);
  int code = 0;

  DemoArgs demo;
  auto* c = app.add_subcommand("demo", "a private PostgreSQL, the samples, and the server: gridward demo --port 8080");
  c->add_option("--data", demo.data, "folder of the private database");
  c->add_option("--samples", demo.samples, "folder of folders with a recipe.toml");
  c->add_option("--port", demo.port, "port on 127.0.0.1; 0 takes a free one");
  c->add_flag("--load-only", demo.load_only, "import the samples and stop");
  c->callback([&] { code = run_demo(demo); });

  ServeArgs serve;
  c = app.add_subcommand("serve", "the server on a PostgreSQL of yours: gridward serve --database \"host=… user=gridward_app\"");
  database_option(c, serve.database);
  c->add_option("--address", serve.address, "address to listen on");
  c->add_option("--port", serve.port, "port to listen on");
  c->add_option("--cors", serve.cors, "origin whose pages may read answers, such as https://map.example.cn; may be repeated");
  c->add_flag("--demo-database", serve.demo, "serve a database that a demo made, with its printed passwords");
  c->callback([&] { code = run_serve(serve); });

  std::string migrate_database;
  c = app.add_subcommand("migrate", "bring a database to this version, as its owner: gridward migrate --database \"… user=gridward_owner\"");
  database_option(c, migrate_database);
  c->callback([&] { code = run_migrate(migrate_database); });

  ImportArgs import;
  c = app.add_subcommand("import", "import files as a recipe says: gridward import --dry-run geodata/chicago/recipe.toml; or look at a file: gridward import map.shp");
  c->add_option("--database", import.database, "connection string; not needed to look at a file")->envname("GRIDWARD_DATABASE");
  c->add_option("recipe", import.recipes, "recipes; or files, to see what is in them and what a recipe must say")->required()->check(CLI::ExistingFile);
  c->add_flag("--dry-run", import.dry_run, "report what would change, write nothing");
  c->add_flag("--skip-bad", import.skip_bad, "leave bad rows out instead of importing nothing");
  c->add_flag("--repair", import.repair, "make invalid polygons valid instead of refusing them");
  c->add_option("--bad-rows", import.bad_rows, "write what was refused to this CSV file");
  c->add_option("--layer", import.layer, "of a file without recipe");
  c->add_option("--crs", import.crs, "of a file without recipe, such as EPSG:4490 or GCJ-02");
  c->add_option("--encoding", import.encoding, "of a file without recipe, such as GBK");
  c->add_option("--from", import.from, "day from which changes of known cells hold; left out, they are corrections from the beginning");
  c->add_flag("--close-gone", import.close_gone, "end known cells that are not in the file any more, on that day");
  c->callback([&] { code = run_import(import); });

  ExportArgs taken;
  c = app.add_subcommand("export", "what a cell holds, as a file: gridward export --cell code:chicago:32 --what hazards --from 2014-01-01 --to 2015-01-01 loop.gpkg");
  database_option(c, taken.database);
  c->add_option("file", taken.file, "file to write: .gpkg, .geojson, .fgb, .csv or .xlsx")->required();
  c->add_option("--cell", taken.cell, "an id, or code:{scheme}:{code}; a district is the cell at its top")->required();
  c->add_option("--what", taken.what, "cells, enterprises, hazards, inspections, patrols or accidents");
  c->add_option("--at", taken.at, "day of the map; today if left out");
  c->add_option("--from", taken.from, "first day of events");
  c->add_option("--to", taken.to, "first day after them");
  c->callback([&] { code = run_export(taken); });

  std::string check_database, check_what = "figures";
  int random_points = 100000, border_points = 10000;
  c = app.add_subcommand("check", "recount kept counts from the events: gridward check figures --database …; or compare where PostGIS and we place points: gridward check places");
  database_option(c, check_database);
  c->add_option("what", check_what, "figures or places")->check(CLI::IsMember({"figures", "places"}));
  c->add_option("--random", random_points, "points anywhere, in each district")->check(CLI::Range(0, 10000000));
  c->add_option("--border", border_points, "points on borders, in each district")->check(CLI::Range(0, 1000000));
  c->callback([&] { code = check_what == "figures" ? run_check_figures(check_database) : run_check_places(check_database, random_points, border_points); });

  std::string kept_database, kept_file;
  c = app.add_subcommand("backup", "all of a database in one file, as its owner: gridward backup --database \"… user=gridward_owner\" day.dump");
  database_option(c, kept_database);
  c->add_option("file", kept_file, "file to write")->required();
  c->callback([&] { code = run_backup(kept_database, kept_file); });
  c = app.add_subcommand("restore", "a backup into an empty database, whole or not at all: createdb new && gridward restore --database \"… dbname=new\" day.dump");
  database_option(c, kept_database);
  c->add_option("file", kept_file, "file to read")->required()->check(CLI::ExistingFile);
  c->callback([&] { code = run_restore(kept_database, kept_file); });

  SimulateArgs simulate;
  c = app.add_subcommand("simulate", "write made-up districts with known rates, to import: gridward simulate /tmp/sim --districts 3");
  c->add_option("folder", simulate.folder, "folder to write; one below it for each district")->required();
  c->add_option("--seed", simulate.seed, "the same seed gives the same files");
  c->add_option("--districts", simulate.districts, "how many")->check(CLI::Range(1, 99));
  c->add_option("--enterprises", simulate.enterprises, "in each district")->check(CLI::Range(1, 1000000));
  c->callback([&] { code = run_simulate(simulate); });

  UserArgs user;
  c = app.add_subcommand("user", "an account with a new password: gridward user li --role coordinator --district 1");
  database_option(c, user.database);
  c->add_option("name", user.name)->required();
  c->add_option("--role", user.role, "viewer, leader, coordinator, approver, officer, auditor or admin");
  c->add_option("--district", user.district, "id of a district; all if left out");
  c->add_option("--cell", user.cell, "id of the cell whose subtree it is; all of the district if left out");
  c->callback([&] { code = run_user(user); });

  CLI11_PARSE(app, argc, argv);
  return code;
} catch (const std::exception& e) {
  std::cerr << "gridward: " << e.what() << '\n';
  return 1;
}
