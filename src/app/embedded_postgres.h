#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace gridward::app {

/// A private PostgreSQL cluster in a folder, reached by a unix socket only; made if it is not there, started by the
/// constructor, stopped by the destructor. Run as root it becomes the postgres user, as PostgreSQL refuses root; where that user
/// cannot enter the folder, the folder is a link to one that it can.
class EmbeddedPostgres {
 public:
  /// Throws std::runtime_error with what to do when the cluster cannot be made or started.
  explicit EmbeddedPostgres(std::filesystem::path folder);
  ~EmbeddedPostgres();
  EmbeddedPostgres(const EmbeddedPostgres&) = delete;
  EmbeddedPostgres& operator=(const EmbeddedPostgres&) = delete;

  /// A connection string for a role of the cluster.
  [[nodiscard]] std::string url(const std::string& user, const std::string& database) const;

 private:
  void start();

  std::filesystem::path folder_;
  std::filesystem::path socket_;  // a short folder: the path of a unix socket has at most 107 bytes
  pid_t process_ = -1;
};

}  // namespace gridward::app
