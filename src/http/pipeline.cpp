#include "http/pipeline.h"

#include <atomic>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>
#include <xxhash.h>

#include "http/dispatch.h"
#include "http/problem.h"
#include "service/auth.h"
#include "service/cells.h"

namespace gridward::http {
namespace {

struct Routed {
  const Route* route;
  std::unordered_map<std::string, std::string> path;
};

/// Matches segments against a pattern; {name} takes one non-empty segment.
bool matches(std::string_view pattern, const std::vector<std::string>& segments, std::unordered_map<std::string, std::string>& path) {
  path.clear();
  pattern.remove_prefix(1);
  for (const std::string& segment : segments) {
    const auto slash = pattern.find('/');
    const std::string_view part = pattern.substr(0, slash);
    if (part.size() > 2 && part.front() == '{' && !segment.empty()) {
      path.emplace(part.substr(1, part.size() - 2), segment);
    } else if (part != segment) {
      return false;
    }
    if (&segment == &segments.back()) return slash == std::string_view::npos;
    if (slash == std::string_view::npos) return false;
    pattern.remove_prefix(slash + 1);
  }
  return false;
}

Result<Routed> find_route(const Request& request) {
  bool known_path = false;
  Routed routed{nullptr, {}};
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  for (const Route& route : routes) {
    if (!matches(route.pattern, request.segments, routed.path)) continue;
    known_path = true;
    if (route.method != method) continue;
    routed.route = &route;
    return routed;
  }
  if (known_path) return fail(Errc::method_not_allowed, request.method + " is not a method of this address.");
  return fail(Errc::not_found, "There is nothing at this address. See /openapi.json.");
}

std::string cookie_token(const Request& request) {
  const std::string* cookies = request.header("cookie");
  if (cookies == nullptr) return "";
  constexpr std::string_view name = "gridward=";
  for (std::string_view rest = *cookies; !rest.empty();) {
    const auto end = rest.find(';');
    std::string_view one = rest.substr(0, end);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    if (one.starts_with(name)) return std::string(one.substr(name.size()));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return "";
}

Result<Principal> identify(Context& context, const Request& request) {
  std::string token;
  const std::string* authorization = request.header("authorization");
  if (authorization != nullptr && authorization->starts_with("Bearer ")) token = authorization->substr(7);
  if (token.empty()) token = cookie_token(request);
  if (token.empty()) return fail(Errc::unauthenticated, "Sign in: POST /api/v1/sessions, then send the token as a bearer.");
  auto who = service::authenticate(context.reads, Secret(token));
  if (!who) return who;
  const bool writes = request.method != "GET" && request.method != "HEAD";
  const std::string* csrf = request.header("x-csrf-token");
  if (writes && who->session_kind == "cookie" && (csrf == nullptr || *csrf != who->csrf))
    return fail(Errc::forbidden, "Send the CSRF token of the session as X-CSRF-Token.");
  return who;
}

/// A strong tag made before the work: from the versions of all districts, the local days, the caller and the request.
Result<std::string> make_etag(Context& context, const Request& request, const Principal& who) {
  const auto districts = service::districts(context.reads);
  if (!districts) return fail(districts.error());
  std::string key = fmt::format("{}\n{}\n", who.account, request.target);
  for (const Grant& g : who.grants) key += fmt::format("{}:{}:{} ", g.role, g.district, g.cell);
  if (const std::string* accept = request.header("accept")) key += *accept;
  for (const District& d : *districts) key += fmt::format("\n{} {} {} {}", d.id, d.map_version, d.data_version, d.today);
  return fmt::format("\"{:016x}\"", XXH3_64bits(key.data(), key.size()));
}

Result<Response> handle(Context& context, const Request& request) {
  auto routed = find_route(request);
  if (!routed) return fail(routed.error());
  const Route& route = *routed->route;
  if (request.body.size() > route.body_limit) return fail(Errc::too_large, fmt::format("The body may have {} bytes.", route.body_limit));
  Principal who;
  if (!route.is_public) {
    auto found = identify(context, request);
    if (!found) return fail(found.error());
    who = std::move(*found);
    // Only grants of a role that may do this count from here on: a right in one area gives none in another.
    std::erase_if(who.grants, [&](const Grant& g) { return (role_bit(g.role) & route.roles) == 0; });
    if (who.grants.empty()) return fail(Errc::forbidden, "None of your roles may do this.");
  }
  const bool cacheable = !route.is_public && route.method == "GET";
  std::string etag;
  if (cacheable) {
    auto made = make_etag(context, request, who);
    if (!made) return fail(made.error());
    etag = std::move(*made);
  }
  // The handler settles the subtree, so a 304 comes after it: no tag tells a stranger that he was right.
  auto response = dispatch(route.operation, Call{context, request, who, std::move(routed->path)});
  if (!response || !cacheable) return response;
  response->headers.insert(response->headers.end(), {{"ETag", etag}, {"Cache-Control", "private, no-cache"}, {"Vary", "Accept, Authorization, Cookie"}});
  const std::string* known = request.header("if-none-match");
  if (known != nullptr && known->find(etag) != std::string::npos) {
    response->status = 304;
    response->body.reset();
  }
  return response;
}

std::string next_request_id() {
  static std::atomic<std::uint64_t> count{0};
  return fmt::format("{:x}-{:x}", std::chrono::system_clock::now().time_since_epoch().count(), ++count);
}

}  // namespace

Response answer(Context& context, const Request& request) {
  const std::string id = next_request_id();
  try {
    auto result = handle(context, request);
    Response response = result ? std::move(*result) : to_response(result.error(), id);
    response.headers.emplace_back("X-Request-Id", id);
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return response;
  } catch (const std::exception& e) {
    fmt::print(stderr, "{{\"event\":\"fault\",\"request\":\"{}\",\"what\":\"{}\"}}\n", id, e.what());
    return to_response({Errc::internal, "Something went wrong on the server."}, id);
  }
}

}  // namespace gridward::http
