#include "app/embedded_postgres.h"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/format.h>

namespace gridward::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

fs::path bin_folder() {
  for (const char* version : {"15", "16", "17"}) {
    fs::path path = fs::path("/usr/lib/postgresql") / version / "bin";
    if (fs::exists(path / "postgres")) return path;
  }
  throw std::runtime_error("PostgreSQL is not installed: apt-get install postgresql-15 postgresql-15-postgis-3");
}

/// Whom the cluster runs as: oneself, or postgres in place of root.
const passwd* cluster_user() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) throw std::runtime_error("There is no user postgres to run PostgreSQL as: install postgresql-15, or do not run as root.");
  return user;
}

/// Starts a program in place of a child, as the cluster's user, its output to a log. It dies with us.
pid_t spawn(const std::vector<std::string>& arguments, const fs::path& log) {
  const passwd* user = cluster_user();
  std::vector<char*> argv;
  for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("Cannot start another process.");
  if (child > 0) return child;
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (out >= 0) {
    dup2(out, 1);
    dup2(out, 2);
  }
  setpgid(0, 0);  // Ctrl-C at the terminal is ours to pass on
  if (user != nullptr && (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGINT);
  if (getppid() != parent) _exit(125);
  execv(argv[0], argv.data());
  _exit(127);
}

/// The first folder on the way to a path that the cluster's user cannot enter; empty if there is none.
fs::path closed_on_the_way(const fs::path& path) {
  for (fs::path up = path.parent_path(); up != up.root_path(); up = up.parent_path()) {
    struct stat s {};
    if (stat(up.c_str(), &s) == 0 && (s.st_mode & S_IXOTH) == 0) return up;
  }
  return {};
}

void give_to_cluster_user(const fs::path& path) {
  if (const passwd* user = cluster_user()) {
    if (chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("Cannot give " + path.string() + " to the postgres user.");
    if (const fs::path closed = closed_on_the_way(path); !closed.empty())
      throw std::runtime_error(closed.string() + " cannot be entered by the postgres user: choose another folder with --data, or chmod o+x it.");
  }
}

std::string short_name(const fs::path& folder) { return fmt::format("gridward-{:x}", std::hash<std::string>{}(folder.string()) & 0xFFFFFFFFU); }

/// Where the cluster of a folder is: there, or below /var/lib with a link to it where the postgres user cannot go, as in the home of root.
fs::path place_of(const fs::path& folder) {
  if (fs::is_symlink(folder)) return fs::read_symlink(folder);
  const bool empty = !fs::exists(folder) || fs::is_empty(folder);  // a start that failed may have left it
  if (cluster_user() == nullptr || closed_on_the_way(folder).empty() || !empty) return folder;
  fs::path place = fs::path("/var/lib") / short_name(folder);
  fs::create_directories(folder.parent_path());
  fs::remove(folder);
  fs::create_directory_symlink(place, folder);
  return place;
}

}  // namespace

EmbeddedPostgres::EmbeddedPostgres(fs::path folder) : folder_(place_of(fs::absolute(std::move(folder)).lexically_normal())) {
  const bool fresh = !fs::exists(folder_ / "PG_VERSION");
  fs::create_directories(folder_);
  give_to_cluster_user(folder_);
  fs::permissions(folder_, fs::perms::owner_all);
  const fs::path log = folder_.string() + ".log";
  if (fresh) {
    const pid_t child = spawn({bin_folder() / "initdb", "-D", folder_, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U", "postgres", "--no-sync"}, log);
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) throw std::runtime_error("initdb failed; see " + log.string());
  }
  socket_ = fs::temp_directory_path() / short_name(folder_);
  fs::create_directories(socket_);
  give_to_cluster_user(socket_);
  fs::permissions(socket_, fs::perms::owner_all);
  start();
}

void EmbeddedPostgres::start() {
  const fs::path log = folder_.string() + ".log";
  const std::string ping = fmt::format("host={} user=postgres dbname=postgres connect_timeout=2", socket_.string());
  for (int attempt = 0; attempt < 10; ++attempt) {  // after a kill the old postmaster may linger for a moment
    process_ = spawn({bin_folder() / "postgres", "-D", folder_, "-c", "listen_addresses=", "-c", "unix_socket_directories=" + socket_.string(),
                      "-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB", "-c", "max_connections=100"}, log);
    for (int i = 0; i < 600; ++i) {
      std::this_thread::sleep_for(50ms);
      if (waitpid(process_, nullptr, WNOHANG) == process_) {
        process_ = -1;
        break;
      }
      if (PQping(ping.c_str()) == PQPING_OK) return;
    }
    if (process_ > 0) break;
    std::this_thread::sleep_for(500ms);
  }
  throw std::runtime_error("PostgreSQL did not start (is another server using this folder?); see " + log.string());
}

EmbeddedPostgres::~EmbeddedPostgres() {
  if (process_ <= 0) return;
  kill(process_, SIGINT);
  waitpid(process_, nullptr, 0);
}

std::string EmbeddedPostgres::url(const std::string& user, const std::string& database) const {
  return fmt::format("host={} user={} dbname={}", socket_.string(), user, database);
}

}  // namespace gridward::app
