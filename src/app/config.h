#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "app/settings.h"
#include "base/result.h"
#include "base/secret.h"
#include "domain/basemap.h"

namespace gridward::app {

/// The sections of config/default.toml, which says what each setting means. Each part of the server gets its own section only.
struct DatabaseConfig {
  std::string connection;
  Secret password;
  std::size_t read_connections, write_connections;
  std::chrono::seconds statement_timeout;

  /// What libpq is told. Fails with what to do where no database is named, or where libpq cannot read it.
  [[nodiscard]] Result<Secret> url() const;
};

/// An address to listen on.
struct ListenConfig {
  std::string address;
  std::uint16_t port;
};

struct HttpConfig {
  ListenConfig listen;
  int event_threads, workers, write_workers;
  std::size_t queue, body_bytes;
  std::string public_url;  // without a slash at its end
  bool trust_forwarded;
  std::vector<std::string> cors_origins;
  std::size_t cache_bytes;
  std::chrono::seconds send_deadline, request_deadline;
};

/// Of what is told of writes.
struct NoticesConfig {
  std::size_t listeners, listeners_each;
  std::chrono::seconds heartbeat;
  std::chrono::days kept;
  std::vector<std::string> webhook_hosts;
};

struct LogConfig {
  std::string level;  // debug, info, warning, error
  bool json;
};

struct LimitsConfig {
  std::size_t head_bytes, header_lines;
  std::uint64_t unpacked_bytes;
  std::size_t snapshot_bytes;
  std::chrono::seconds session;
};

struct Config {
  DatabaseConfig database;
  HttpConfig http;
  ListenConfig admin;
  NoticesConfig notices;
  LimitsConfig limits;
  LogConfig log;
  std::vector<Basemap> basemaps;
};

/// The settings as the parts of the server take them. Fails where a value is out of its range, a password file cannot be read, or an address
/// would be public without saying so; names the setting and where its value came from.
[[nodiscard]] Result<Config> read_config(const Settings& settings);

}  // namespace gridward::app
