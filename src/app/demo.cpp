#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <fmt/format.h>

#include "app/cli.h"
#include "app/commands.h"
#include "app/embedded_postgres.h"
#include "app/observe.h"
#include "app/progress.h"
#include "app/serve.h"
#include "service/accounts.h"
#include "service/auth.h"
#include "service/imports.h"
#include "service/simulate.h"
#include "storage/migrate.h"

namespace gridward::app {
namespace {

namespace fs = std::filesystem;

struct DemoOptions {
  explicit DemoOptions(CLI::App& command) : settings(command) {}
  SettingFlags settings;
  std::string data = "var/demo";
  std::string samples = "geodata";
  bool load_only = false;
};

/// One demo at a time has a data folder, for as long as this lives.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    const std::string path = folder / "lock";
    fd_ = error ? -1 : ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) throw std::runtime_error(fmt::format("{} cannot be written ({}): choose another folder with --data.", folder.string(), error ? error.message() : std::strerror(errno)));
    if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) {
      const std::string pid = std::to_string(::getpid());
      if (::ftruncate(fd_, 0) != 0 || ::write(fd_, pid.data(), pid.size()) < 0) throw std::runtime_error(fmt::format("{} cannot be written: {}.", path, std::strerror(errno)));
      return;
    }
    std::string pid;
    std::ifstream(path) >> pid;
    ::close(fd_);
    throw std::runtime_error(fmt::format("{} is in use by another demo, process {}: stop that one, or choose another folder with --data and another --port.", folder.string(), pid));
  }
  ~FolderLock() { ::close(fd_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_ = -1;
};

/// Roles, database and schema, as a superuser of the private cluster.
void prepare(const EmbeddedPostgres& postgres) {
  storage::prepare_server(postgres.url("postgres", "postgres"), "gridward");
  or_stop(storage::migrate(postgres.url("postgres", "gridward")));
}

/// The demo's accounts with their passwords: made once for a data folder, kept in a file that only its owner reads.
void print_accounts(storage::Pool& pool, const fs::path& file) {
  if (!fs::exists(file)) {
    std::ostringstream text;
    for (const char* role : {"leader", "coordinator", "approver", "officer", "admin"}) {
      const Secret password = or_stop(service::save_account(pool, role, {role, 0, 0}));
      text << fmt::format("{:<12} {}\n", role, password.reveal());
    }
    std::ofstream(file) << "";
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    std::ofstream(file) << text.str();
  }
  std::cout << "accounts (name, password):\n" << std::ifstream(file).rdbuf() << std::flush;
}

void import_one(storage::Pool& pool, const fs::path& recipe) {
  const fs::path folder = recipe.parent_path();
  const auto report = [&] {
    Progress progress("importing " + folder.filename().string());
    return or_stop(service::import_recipe(pool, recipe, {.actor = "demo", .progress = progress.watcher()}));
  }();
  std::cout << "imported " << folder.filename().string() << '\n';
  for (const auto& c : report.counts)
    std::cout << fmt::format("  {:<11} {:>7} added, {} changed, {} as before, {} repeated\n", c.table, c.added, c.changed, c.same, c.repeated);
  std::cout << std::flush;
  if (!report.written) throw std::runtime_error(fmt::format("{} rows of {} cannot be used, the first: {} {}", report.bad_total, recipe.string(), report.bad[0].column, report.bad[0].reason.en));
}

/// What a folder has: a district, and a basemap of it.
void import_folder(storage::Pool& pool, const fs::path& folder) {
  for (const char* recipe : {"recipe.toml", "basemap.toml"})
    if (fs::exists(folder / recipe)) import_one(pool, folder / recipe);
}

/// Made once; the next start finds the data again.
void import_samples(storage::Pool& pool, const fs::path& data, const fs::path& samples) {
  if (fs::exists(data / "imported")) return;
  const fs::path made = data / "simulated";
  {
    Progress progress("simulating");
    service::simulate(made, {}, progress.watcher());
  }
  import_folder(pool, made / "district-001");
  for (const auto& entry : fs::directory_iterator(samples)) import_folder(pool, entry.path());
  std::ofstream(data / "imported") << "";
}

void run_demo(const DemoOptions& o) {
  block_end_signals();
  Settings settings = o.settings.settings();
  const FolderLock lock(o.data);
  EmbeddedPostgres postgres(fs::path(o.data) / "postgres");
  or_stop(settings.set("database.connection", postgres.url("gridward_app", "gridward"), "the demo's own"));
  or_stop(settings.set("database.password_file", "", "the demo's own"));
  if (settings.at("admin.port").from == "default") or_stop(settings.set("admin.port", "0", "the demo's own"));  // a second demo finds its own
  const Config config = or_stop(read_config(settings));
  prepare(postgres);
  {
    storage::Pool pool(ready_database(config.database), 2, "demo", complain());
    or_stop(service::mark_demo(pool));
    import_samples(pool, o.data, o.samples);
    print_accounts(pool, fs::path(o.data) / "accounts.txt");
  }
  if (o.load_only) return;
  if (config.http.listen.port != 0) std::cout << fmt::format("open http://{}:{} (Ctrl-C stops)", config.http.listen.address, config.http.listen.port) << std::endl;
  serve_until_signal(config);
}

}  // namespace

void add_demo(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("demo", "Makes a private PostgreSQL, imports the samples and serves them on this machine.");
  const auto o = std::make_shared<DemoOptions>(*c);  // shared with the callback
  c->add_option("--data", o->data, "folder of the private database, made if it is not there")->capture_default_str();
  c->add_option("--samples", o->samples, "folder of folders with a recipe.toml")->capture_default_str();
  o->settings.add(*c, "--port", "http.port", "port to listen on; 0 takes a free one");
  c->add_flag("--load-only", o->load_only, "import the samples and stop");
  c->footer("Examples:\n"
            "  gridward demo\n"
            "  gridward demo --data /tmp/other --port 8090     # a second one beside it\n"
            "The accounts are printed and kept in accounts.txt of the data folder. Delete the folder to begin anew.");
  c->callback([o, &code] {
    run_demo(*o);
    code = 0;
  });
}

}  // namespace gridward::app
