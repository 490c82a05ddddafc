#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gridward::app {

struct ServeArgs {
  std::string database;  // connection string of the role gridward_app
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  bool demo = false;  // a demo's database may be served
  std::vector<std::string> cors;  // origins whose pages may read answers
};
struct DemoArgs {
  std::string data = "var/demo";
  std::string samples = "geodata";
  std::uint16_t port = 8080;
  bool load_only = false;  // import and stop
};
struct ImportArgs {
  std::string database;
  std::vector<std::string> recipes;
  bool dry_run = false;
  bool skip_bad = false;
  std::string from;
  bool close_gone = false, repair = false;
  std::string layer, crs, encoding;  // of a file that is looked at without a recipe
  std::string bad_rows;               // a CSV file for what was refused
};
struct SimulateArgs {
  std::string folder;
  std::uint64_t seed = 990101;
  int districts = 1, enterprises = 3000;
};
struct ExportArgs {
  std::string database, what = "cells", cell, at, from, to, file;
};
struct UserArgs {
  std::string database, name, role = "viewer";
  std::int64_t district = 0, cell = 0;
};

// Each returns the exit code of the program.
int run_migrate(const std::string& database);
int run_serve(const ServeArgs& args);
int run_demo(const DemoArgs& args);
int run_import(const ImportArgs& args);
int run_check_figures(const std::string& database);
/// Compares where the snapshot and PostGIS place points, at random and on borders.
int run_check_places(const std::string& database, int random, int border);
int run_backup(const std::string& database, const std::string& file);
int run_restore(const std::string& database, const std::string& file);
int run_simulate(const SimulateArgs& args);
/// The format is that of the file's name.
int run_export(const ExportArgs& args);
int run_user(const UserArgs& args);

}  // namespace gridward::app
