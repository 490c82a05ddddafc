#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli.h"
#include "app/commands.h"
#include "app/progress.h"
#include "storage/conninfo.h"
#include "storage/migrate.h"

namespace gridward::app {
namespace {

struct KeepOptions {
  explicit KeepOptions(CLI::App& command) : settings(command) {}
  SettingFlags settings;
  std::string file;
};

using Line = std::function<void(const std::string&)>;

/// What a child is told of the database: its address as an argument, its password as a variable, as all users see the arguments of a process.
class Told {
 public:
  explicit Told(const DatabaseConfig& database) {
    or_stop(database.url());  // says what is wrong with it
    const auto apart = or_stop(storage::take_password(database.connection));
    argument_ = "--dbname=" + apart.connection;
    for (char** v = environ; *v != nullptr; ++v) variables_.emplace_back(*v);
    const Secret& password = apart.password.empty() ? database.password : apart.password;
    if (!password.empty()) variables_.push_back("PGPASSWORD=" + password.reveal());
  }
  [[nodiscard]] const std::string& argument() const { return argument_; }
  [[nodiscard]] const std::vector<std::string>& variables() const { return variables_; }

 private:
  std::string argument_;
  std::vector<std::string> variables_;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& t : texts) out.push_back(const_cast<char*>(t.c_str()));
  out.push_back(nullptr);
  return out;
}

/// Runs a program and hands over each line of one of its outputs (1 or 2); returns its exit code. Nothing passes through a shell.
int run_program(const std::vector<std::string>& arguments, const std::vector<std::string>& variables, int output, const Line& line) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("No pipe can be opened.");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], output);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, arguments[0].c_str(), &actions, nullptr, pointers(arguments).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failed != 0) {
    ::close(ends[0]);
    throw std::runtime_error(arguments[0] + " cannot be run: install postgresql-client-15.");
  }
  FILE* in = ::fdopen(ends[0], "r");
  char* text = nullptr;
  std::size_t room = 0;
  for (ssize_t n = 0; (n = ::getline(&text, &room, in)) > 0;) line({text, static_cast<std::size_t>(text[n - 1] == '\n' ? n - 1 : n)});
  std::free(text);
  std::fclose(in);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/// Runs pg_dump or pg_restore with --verbose: what it says of each thing moves the bar, the rest is printed.
int run_verbose(const std::vector<std::string>& arguments, const Told& told, const std::string& title, std::int64_t total) {
  std::vector<std::string> rest;
  Advance advance{"", 0, total};
  int code = 0;
  {
    Progress progress(title);
    code = run_program(arguments, told.variables(), STDERR_FILENO, [&](const std::string& text) {
      const std::string said = text.substr(std::min(text.find(": ") + 2, text.size()));
      const bool thing = said.starts_with("creating ") || said.starts_with("processing data for ") || said.starts_with("executing ") || said.starts_with("dumping contents of ");
      if (thing) {
        advance.step = said;
        progress.show(advance);
        ++advance.done;
      } else if (said.find("error:") != std::string::npos || said.find("warning:") != std::string::npos || said.find("detail:") != std::string::npos || !text.starts_with("pg_")) {
        rest.push_back(text);
      }
    });
  }
  for (const std::string& text : rest) std::cerr << text << '\n';
  return code;
}

int run_backup(const KeepOptions& o) {
  const Told told(o.settings.config().database);
  // spatial_ref_sys is PostGIS's own: its rows come with the extension, and only a superuser may write them.
  ::umask(S_IRWXG | S_IRWXO);  // it holds names, phones and hashes of passwords
  return run_verbose({"pg_dump", "--verbose", "--format=custom", "--exclude-table-data=*.spatial_ref_sys", "--file=" + o.file, told.argument()}, told, "backing up", 0);
}

int run_restore(const KeepOptions& o) {
  const Told told(o.settings.config().database);
  std::int64_t things = 0;
  const int listed = run_program({"pg_restore", "--list", o.file}, told.variables(), STDOUT_FILENO, [&](const std::string& text) { things += text.empty() || text[0] == ';' ? 0 : 1; });
  if (listed != 0) throw std::runtime_error(fmt::format("{} is not a backup that `gridward backup` made.", o.file));
  const int code = run_verbose({"pg_restore", "--verbose", "--exit-on-error", "--single-transaction", "--no-owner", "--no-comments", told.argument(), o.file}, told, "restoring", things);
  if (code != 0) throw std::runtime_error("Nothing was restored: a backup is restored whole, into an empty database (createdb, and its extensions), as its owner.");
  // To the schema of this version, and its transactions to the numbers of this cluster.
  or_stop(storage::migrate(or_stop(o.settings.config().database.url()).reveal()));
  return code;
}

}  // namespace

void add_backup(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("backup", "Writes all of a database into one file, as its owner.");
  const auto o = std::make_shared<KeepOptions>(*c);  // shared with the callback
  o->settings.add_database(*c);
  c->add_option("file", o->file, "file to write")->required();
  c->footer("Example:\n  gridward backup --database \"host=/run/postgresql dbname=gridward user=gridward_owner\" day.dump\n"
            "Servers go on meanwhile; the file is the database of one instant.");
  c->callback([o, &code] { code = run_backup(*o); });
}

void add_restore(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("restore", "Brings a backup into an empty database, whole or not at all.");
  const auto o = std::make_shared<KeepOptions>(*c);  // shared with the callback
  o->settings.add_database(*c);
  c->add_option("file", o->file, "file to read")->required()->check(CLI::ExistingFile);
  c->footer("Example, the first two as a superuser:\n  createdb -O gridward_owner again\n"
            "  psql -d again -c \"create extension postgis; create extension btree_gist; create extension pg_trgm\"\n"
            "  gridward restore --database \"host=/run/postgresql dbname=again user=gridward_owner\" day.dump\n"
            "A backup of an older Gridward is then brought up by gridward migrate.");
  c->callback([o, &code] { code = run_restore(*o); });
}

}  // namespace gridward::app
