#include "http/credential.h"

#include <string>
#include <utility>

#include "http/encoding.h"

namespace gridward::http {
namespace {

std::string cookie_token(const std::string& cookies) {
  constexpr std::string_view name = "gridward=";
  for (std::string_view rest = cookies; !rest.empty();) {
    const auto end = rest.find(';');
    std::string_view one = rest.substr(0, end);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    if (one.starts_with(name)) return std::string(one.substr(name.size()));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return "";
}

/// Nothing for a scheme that is not ours.
std::optional<std::string> header_token(const std::string* authorization) {
  if (authorization == nullptr) return std::nullopt;
  if (authorization->starts_with("Bearer ")) return authorization->substr(7);
  if (!authorization->starts_with("Basic ")) return std::nullopt;
  const std::string pair = decode_base64(std::string_view(*authorization).substr(6));
  const auto colon = pair.find(':');
  return colon == std::string::npos ? "" : pair.substr(colon + 1);
}

}  // namespace

Credential find_credential(const Request& request) {
  if (auto token = header_token(request.header("authorization"))) return {Secret(std::move(*token)), Credential::From::header};
  for (const auto& [name, value] : request.query)
    if (name == kKeyParameter) return {Secret(value), Credential::From::address};
  const std::string* cookies = request.header("cookie");
  return {Secret(cookies == nullptr ? "" : cookie_token(*cookies)), Credential::From::cookie};
}

std::optional<Error> misused(const Credential& credential, const Request& request, const Principal& session) {
  if (session.read_only && !request.reads()) return Error{Errc::forbidden, "This token is for reading only."};
  // A session's own token stays out of addresses: they end up in logs.
  if (credential.from == Credential::From::address && !session.read_only) return Error{Errc::unauthenticated, "Only read-only tokens may be sent as ?key=."};
  if (credential.from == Credential::From::cookie && !session.read_only && session.session_kind != "cookie") return Error{Errc::unauthenticated, "Send this token as a bearer."};
  const std::string* csrf = request.header("x-csrf-token");
  if (!request.reads() && session.session_kind == "cookie" && (csrf == nullptr || *csrf != session.csrf))
    return Error{Errc::forbidden, "Send the CSRF token of the session as X-CSRF-Token."};
  return std::nullopt;
}

}  // namespace gridward::http
