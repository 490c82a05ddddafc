#include "app/config.h"

#include <arpa/inet.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/basemaps.h"
#include "http/public_address.h"
#include "storage/conninfo.h"

namespace gridward::app {
namespace {

struct Range {
  const char* name;
  std::int64_t from, to;
};
constexpr Range ranges[] = {
    {"database.read_connections", 1, 1000}, {"database.write_connections", 1, 1000}, {"database.statement_timeout_s", 1, 3600},
    {"http.port", 0, 65535}, {"http.event_threads", 1, 256}, {"http.workers", 1, 1024}, {"http.write_workers", 1, 1024}, {"http.queue", 1, 1000000}, {"http.body_kib", 1, 65536},
    {"http.cache_mib", 0, 1048576}, {"http.send_deadline_s", 1, 3600}, {"http.request_deadline_s", 1, 3600}, {"admin.port", 0, 65535}, {"limits.head_kib", 1, 1024},
    {"limits.header_lines", 10, 1000}, {"notices.listeners", 1, 10000}, {"notices.listeners_each", 1, 10000}, {"notices.heartbeat_s", 1, 600}, {"notices.kept_days", 1, 3650}, {"limits.unpacked_mib", 1, 1048576}, {"limits.snapshot_mib", 1, 1048576}, {"limits.session_hours", 1, 8760}};

Error refused(const Settings::Setting& s, const std::string& why) {
  return {Errc::invalid_argument, fmt::format("{} ({}) {}", s.name, s.from, why)};
}

Result<void> check_ranges(const Settings& settings) {
  for (const Range& r : ranges) {
    const std::int64_t n = settings.integer(r.name);
    if (n < r.from || n > r.to) return fail(refused(settings.at(r.name), fmt::format("must be from {} to {}, not {}.", r.from, r.to, n)));
  }
  return {};
}

/// Whether only this machine reaches an address; nullopt when it is none.
std::optional<bool> is_loopback(const std::string& address) {
  if (address == "localhost") return true;
  in_addr four{};
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  if (inet_pton(AF_INET6, address.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six) != 0;
  return std::nullopt;
}

Result<ListenConfig> read_listen(const Settings& settings, const std::string& section) {
  const Settings::Setting& s = settings.at(section + ".address");
  const std::string& address = std::get<std::string>(s.value);
  const auto loopback = is_loopback(address);
  if (!loopback) return fail(refused(s, fmt::format("must be an IP address, not \"{}\".", address)));
  if (!*loopback && !settings.boolean(section + ".public"))
    return fail(refused(s, fmt::format("is {}, which other machines reach, and Gridward speaks no TLS. Keep 127.0.0.1 and put nginx in front (config/nginx.conf), or say {}.public = true.", address, section)));
  return ListenConfig{address, static_cast<std::uint16_t>(settings.integer(section + ".port"))};
}

/// One of a few words.
Result<std::string> read_word(const Settings& settings, const char* name, const std::vector<std::string>& words) {
  const Settings::Setting& s = settings.at(name);
  const std::string& word = std::get<std::string>(s.value);
  if (std::ranges::find(words, word) == words.end()) return fail(refused(s, fmt::format("must be {}, not \"{}\".", fmt::join(words, ", "), word)));
  return word;
}

Result<LogConfig> read_log(const Settings& settings) {
  auto level = read_word(settings, "log.level", {"debug", "info", "warning", "error"});
  if (!level) return fail(level.error());
  const auto format = read_word(settings, "log.format", {"text", "json"});
  if (!format) return fail(format.error());
  return LogConfig{std::move(*level), *format == "json"};
}

/// The password: from its variable, or from its file without the end of the line.
Result<Secret> read_password(const Settings& settings) {
  const Settings::Setting& s = settings.at("database.password_file");
  const std::string& path = std::get<std::string>(s.value);
  if (!settings.text("database.password").empty() || path.empty()) return Secret(settings.text("database.password"));
  struct stat info {};
  std::ifstream file(path);
  if (!file || ::stat(path.c_str(), &info) != 0) return fail(refused(s, fmt::format("names {}, which cannot be read: {}.", path, std::strerror(errno))));
  if ((info.st_mode & S_IROTH) != 0) return fail(refused(s, fmt::format("names {}, which everyone on this machine can read: chmod 600 it.", path)));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (text.empty()) return fail(refused(s, fmt::format("names {}, which is empty.", path)));
  return Secret(text);
}

/// A number of settings whose unit is larger than what the server counts in.
std::size_t scaled(const Settings& settings, const char* name, std::size_t unit) { return static_cast<std::size_t>(settings.integer(name)) * unit; }

/// The address of a server as clients write it, without a slash at its end; empty where none is set.
Result<std::string> read_public_url(const Settings& settings) {
  const Settings::Setting& s = settings.at("http.public_url");
  std::string url = std::get<std::string>(s.value);
  while (url.ends_with('/')) url.pop_back();
  if (url.empty()) return url;
  const std::string_view text = url;
  const std::size_t begin = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  const auto end = text.find('/', begin);
  const std::string_view path = end == std::string_view::npos ? "" : text.substr(end);
  if (begin == 0 || !http::is_host(text.substr(begin, end - begin)) || path.find_first_of("?#{} \"<>\\") != std::string_view::npos)
    return fail(refused(s, fmt::format("must be an address such as https://map.example.cn, not \"{}\".", url)));
  return url;
}

/// What the page may draw its map on; each by a name of its own.
Result<std::vector<Basemap>> read_basemaps(const Settings& settings) {
  const Settings::Setting& s = settings.at("map.basemaps");
  std::vector<Basemap> out;
  for (const std::string& text : settings.list("map.basemaps")) {
    auto one = parse_basemap(text);
    if (!one) return fail(refused(s, fmt::format("{}, in \"{}\".", one.error().detail, text)));
    if (std::ranges::find(out, one->name, &Basemap::name) != out.end()) return fail(refused(s, fmt::format("has two basemaps of the name {}.", one->name)));
    out.push_back(std::move(*one));
  }
  return out;
}

HttpConfig read_http(const Settings& s, ListenConfig listen, std::string public_url) {
  return {std::move(listen), static_cast<int>(s.integer("http.event_threads")), static_cast<int>(s.integer("http.workers")), static_cast<int>(s.integer("http.write_workers")), scaled(s, "http.queue", 1),
          scaled(s, "http.body_kib", 1024), std::move(public_url), s.boolean("http.trust_forwarded"), s.list("http.cors_origins"), scaled(s, "http.cache_mib", 1 << 20), std::chrono::seconds(s.integer("http.send_deadline_s")), std::chrono::seconds(s.integer("http.request_deadline_s"))};
}

}  // namespace

Result<Secret> DatabaseConfig::url() const {
  if (connection.empty())
    return fail(Errc::invalid_argument, "Which database? Say --database \"host=/run/postgresql dbname=gridward user=gridward_app\", or GRIDWARD_DATABASE_CONNECTION, or database.connection in a file given by --config.");
  auto url = storage::complete_connection(connection, password, statement_timeout);
  if (!url) return fail(Errc::invalid_argument, fmt::format("database.connection cannot be read: {}. It looks like \"host=/run/postgresql dbname=gridward user=gridward_app\".", url.error().detail));
  return url;
}

Result<Config> read_config(const Settings& s) {
  if (auto ok = check_ranges(s); !ok) return fail(ok.error());
  auto password = read_password(s);
  if (!password) return fail(password.error());
  auto listen = read_listen(s, "http");
  if (!listen) return fail(listen.error());
  auto public_url = read_public_url(s);
  if (!public_url) return fail(public_url.error());
  auto admin = read_listen(s, "admin");
  if (!admin) return fail(admin.error());
  if (admin->port != 0 && admin->port == listen->port) return fail(refused(s.at("admin.port"), fmt::format("must be another than http.port, which is {} too.", listen->port)));
  auto log = read_log(s);
  if (!log) return fail(log.error());
  auto basemaps = read_basemaps(s);
  if (!basemaps) return fail(basemaps.error());
  return Config{{s.text("database.connection"), std::move(*password), scaled(s, "database.read_connections", 1), scaled(s, "database.write_connections", 1),
                 std::chrono::seconds(s.integer("database.statement_timeout_s"))},
                read_http(s, std::move(*listen), std::move(*public_url)),
                std::move(*admin),
                {scaled(s, "notices.listeners", 1), scaled(s, "notices.listeners_each", 1), std::chrono::seconds(s.integer("notices.heartbeat_s")), std::chrono::days(s.integer("notices.kept_days")), s.list("notices.webhook_hosts")},
                {scaled(s, "limits.head_kib", 1024), scaled(s, "limits.header_lines", 1), scaled(s, "limits.unpacked_mib", 1 << 20), scaled(s, "limits.snapshot_mib", 1 << 20),
                 std::chrono::hours(s.integer("limits.session_hours"))},
                std::move(*log),
                std::move(*basemaps)};
}

}  // namespace gridward::app
