#include <spawn.h>
#include <sys/wait.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "app/commands.h"

extern char** environ;

namespace gridward::app {
namespace {

/// Runs one of PostgreSQL's own programs and returns its exit code. Arguments travel as they are, through no shell.
int run_program(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0)
    throw std::runtime_error(arguments[0] + " cannot be run: install postgresql-client-15.");
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

int run_backup(const std::string& database, const std::string& file) {
  return run_program({"pg_dump", "--format=custom", "--file=" + file, "--dbname=" + database});
}

int run_restore(const std::string& database, const std::string& file) {
  return run_program({"pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--dbname=" + database, file});
}

}  // namespace gridward::app
