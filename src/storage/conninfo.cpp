#include "storage/conninfo.h"

#include <libpq-fe.h>

#include <map>
#include <memory>

#include <fmt/format.h>

namespace gridward::storage {
namespace {

using Keywords = std::map<std::string, std::string>;

/// What a connection string says, by keyword.
Result<Keywords> parse(const std::string& connection) {
  char* raw_error = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(connection.c_str(), &raw_error), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> error(raw_error, &PQfreemem);
  if (!options) {
    std::string why = error ? error.get() : "out of memory";
    while (why.ends_with('\n')) why.pop_back();
    return fail(Errc::invalid_argument, why);
  }
  Keywords out;
  for (const PQconninfoOption* o = options.get(); o->keyword != nullptr; ++o)
    if (o->val != nullptr) out.emplace(o->keyword, o->val);
  return out;
}

/// What libpq would leave to the system, whose patience is many minutes: how long a host that has gone silent is waited for, as one does whose
/// network swallows what it is sent. A statement may run longer, as a host that is there acknowledges the probes meanwhile.
constexpr std::pair<const char*, const char*> kPatience[] = {
    {"connect_timeout", "5"},         // s, for each address
    {"tcp_user_timeout", "15000"},    // ms, for what is sent and not acknowledged
    {"keepalives_idle", "10"}, {"keepalives_interval", "5"}, {"keepalives_count", "3"}};  // s, s, probes

std::string render(const Keywords& keywords) {
  std::string out;
  for (const auto& [keyword, value] : keywords) {
    std::string quoted;
    for (const char c : value) quoted += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    out += fmt::format("{}{}='{}'", out.empty() ? "" : " ", keyword, quoted);
  }
  return out;
}

}  // namespace

Result<Secret> complete_connection(const std::string& connection, const Secret& password, std::chrono::seconds statement_timeout) {
  auto keywords = parse(connection);
  if (!keywords) return fail(keywords.error());
  if (!password.empty()) keywords->emplace("password", password.reveal());
  keywords->emplace("application_name", "gridward");
  for (const auto& [keyword, value] : kPatience) keywords->emplace(keyword, value);
  std::string& options = (*keywords)["options"];  // what it says itself comes last, so that it holds
  options = fmt::format("-c statement_timeout={}s {}", statement_timeout.count(), options);
  return Secret(render(*keywords));
}

Result<PasswordApart> take_password(const std::string& connection) {
  auto keywords = parse(connection);
  if (!keywords) return fail(keywords.error());
  const auto password = keywords->extract("password");
  return PasswordApart{render(*keywords), password ? Secret(password.mapped()) : Secret()};
}

std::string without_password(const std::string& connection) {
  auto keywords = parse(connection);
  if (!keywords) return "(cannot be read)";
  if (!keywords->contains("password")) return connection;
  (*keywords)["password"] = "***";
  return render(*keywords);
}

}  // namespace gridward::storage
