#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/embedded_postgres.h"
#include "app/serve.h"
#include "service/auth.h"
#include "service/imports.h"
#include "service/simulate.h"

namespace gridward::app {
namespace {

namespace fs = std::filesystem;

/// Roles, database and schema, as a superuser of the private cluster.
void prepare(const EmbeddedPostgres& postgres) {
  storage::prepare_server(postgres.url("postgres", "postgres"), "gridward");
  storage::migrate(postgres.url("postgres", "gridward"));
}

/// The demo's accounts with their passwords: made once for a data folder, kept in a file that only its owner reads.
void print_accounts(storage::Pool& pool, const fs::path& file) {
  if (!fs::exists(file)) {
    std::ostringstream text;
    for (const char* role : {"leader", "coordinator", "officer", "admin"}) {
      const Secret password = service::random_password();
      if (auto saved = service::save_account(pool, role, password, {role, 0, 0}); !saved) throw std::runtime_error(saved.error().detail);
      text << fmt::format("{:<12} {}\n", role, password.reveal());
    }
    std::ofstream(file) << "";
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    std::ofstream(file) << text.str();
  }
  std::cout << "accounts (name, password):\n" << std::ifstream(file).rdbuf() << std::flush;
}

void import_folder(storage::Pool& pool, const fs::path& folder) {
  const fs::path recipe = folder / "recipe.toml";
  if (!fs::exists(recipe)) return;
  std::cout << "importing " << folder.filename().string() << " ..." << std::endl;
  const auto report = service::import_recipe(pool, recipe, {.actor = "demo"});
  if (!report) throw std::runtime_error(report.error().detail);
  for (const auto& c : report->counts)
    std::cout << fmt::format("  {:<11} {:>7} added, {} changed, {} as before, {} repeated\n", c.table, c.added, c.changed, c.same, c.repeated);
  if (!report->written) throw std::runtime_error(fmt::format("{} rows of {} cannot be used, the first: {} {}", report->bad.size(), recipe.string(), report->bad[0].column, report->bad[0].reason));
}

}  // namespace

int run_demo(const DemoArgs& args) {
  block_end_signals();
  fs::create_directories(args.data);
  EmbeddedPostgres postgres(fs::path(args.data) / "postgres");
  prepare(postgres);
  const std::string url = postgres.url("gridward_app", "gridward");
  {
    storage::Pool pool(url, 2);
    if (auto marked = service::mark_demo(pool); !marked) throw std::runtime_error(marked.error().detail);
    if (!fs::exists(fs::path(args.data) / "imported")) {  // made once; the next start finds the data again
      const fs::path made = fs::path(args.data) / "simulated";
      service::simulate(made, {});
      import_folder(pool, made / "district-001");
      for (const auto& entry : fs::directory_iterator(args.samples)) import_folder(pool, entry.path());
      std::ofstream(fs::path(args.data) / "imported") << "";
    }
    print_accounts(pool, fs::path(args.data) / "accounts.txt");
  }
  if (args.load_only) return 0;
  std::cout << fmt::format("open http://127.0.0.1:{} (Ctrl-C stops)", args.port) << std::endl;
  return serve_until_signal({.database = url, .port = args.port, .demo = true});
}

}  // namespace gridward::app
