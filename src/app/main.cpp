#include <iostream>

#include <CLI/CLI.hpp>
#include <sodium.h>

#include "app/commands.h"

using namespace gridward::app;

int main(int argc, char** argv) try {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used on this machine.");
  CLI::App app{"Gridward: safety-production grid management."};
  app.footer("Begin with `gridward demo`. Each command explains itself: gridward import --help");
  app.set_version_flag("--version", GRIDWARD_VERSION);
  app.require_subcommand(1);
  int code = 0;
  for (const auto add : {add_demo, add_serve, add_migrate, add_import, add_export, add_simulate, add_check, add_user, add_backup, add_restore, add_dump_config})
    add(app, code);
  CLI11_PARSE(app, argc, argv);
  return code;
} catch (const std::exception& e) {
  std::cerr << "gridward: " << e.what() << '\n';
  return 1;
}
