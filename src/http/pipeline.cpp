#include "http/pipeline.h"

#include <atomic>
#include <chrono>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "http/assets.h"
#include "http/contract.h"
#include "http/dispatch.h"
#include "http/encoding.h"
#include "http/negotiate.h"
#include "http/problem.h"
#include "service/auth.h"
#include "service/cells.h"

namespace gridward::http {
namespace {

struct Routed {
  const Route* route = nullptr;
  Pairs path;  // values of {names}
};

/// Matches segments against a pattern; {name} takes one non-empty segment.
bool matches(std::string_view pattern, const std::vector<std::string>& segments, Pairs& path) {
  path.clear();
  pattern.remove_prefix(1);
  for (const std::string& segment : segments) {
    const auto slash = pattern.find('/');
    const std::string_view part = pattern.substr(0, slash);
    if (part.size() > 2 && part.front() == '{' && !segment.empty()) {
      path.emplace_back(part.substr(1, part.size() - 2), segment);
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
  std::string methods;
  Routed routed;
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  for (const Route& route : routes) {
    if (!matches(route.pattern, request.segments, routed.path)) continue;
    methods += (methods.empty() ? "" : ", ") + std::string(route.method);
    if (route.method != method) continue;
    routed.route = &route;
    return routed;
  }
  if (!methods.empty()) return fail(Errc::method_not_allowed, request.method + " is not a method of this address: it has " + methods + ".");
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

/// The token of a request: as a bearer, as the password of HTTP Basic, as ?key= (for GDAL, QGIS and links), or as a cookie.
std::string find_token(Request& request) {
  std::string key;
  std::erase_if(request.query, [&](const auto& pair) { return pair.first == "key" && (key = pair.second, true); });
  const std::string* authorization = request.header("authorization");
  if (authorization != nullptr && authorization->starts_with("Bearer ")) return authorization->substr(7);
  if (authorization != nullptr && authorization->starts_with("Basic ")) {
    const std::string pair = decode_base64(std::string_view(*authorization).substr(6));
    const auto colon = pair.find(':');
    return colon == std::string::npos ? "" : pair.substr(colon + 1);
  }
  return key.empty() ? cookie_token(request) : key;
}

Result<Principal> identify(Context& context, Request& request) {
  const bool by_header = request.header("authorization") != nullptr;
  const std::string token = find_token(request);
  if (token.empty()) return fail(Errc::unauthenticated, "Sign in: POST /api/v1/sessions, then send the token as a bearer.");
  auto who = context.known.authenticate(Secret(token));
  if (!who) return who;
  const bool writes = request.method != "GET" && request.method != "HEAD";
  if (who->read_only && writes) return fail(Errc::forbidden, "This token is for reading only.");
  // A session's own token stays out of addresses: they end up in logs.
  if (!by_header && !who->read_only && who->session_kind != "cookie") return fail(Errc::unauthenticated, "Only read-only tokens may be sent as ?key=.");
  const std::string* csrf = request.header("x-csrf-token");
  if (writes && who->session_kind == "cookie" && (csrf == nullptr || *csrf != who->csrf))
    return fail(Errc::forbidden, "Send the CSRF token of the session as X-CSRF-Token.");
  return who;
}

/// A strong tag made before the work: from the versions of all districts, the local days, the caller and the request. It is
/// keyed, so that whoever holds one was given an answer of these versions with these rights: a match needs no second look.
Result<std::string> make_etag(Context& context, const Request& request, const Principal& who) {
  const auto districts = context.known.districts();
  if (!districts) return fail(districts.error());
  std::string key = fmt::format("{}\n{}\n{}\n", who.account, who.csrf, request.target);
  for (const Grant& g : who.grants) key += fmt::format("{}:{}:{} ", g.role, g.district, g.cell);
  if (const std::string* accept = request.header("accept")) key += *accept;
  for (const District& d : **districts) key += fmt::format("\n{} {} {} {}", d.id, d.map_version, d.data_version, d.today);
  return '"' + service::seal(context.seal_key, key) + encoding_suffix(request) + '"';
}

bool names_tag(const std::string* header, const std::string& etag) {
  return header != nullptr && header->find(etag) != std::string::npos;
}

Result<Response> handle(Context& context, Request& request, const std::string& id) {
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
  const auto parameters = read_parameters(route, request, routed->path);
  if (!parameters) return fail(parameters.error());
  const auto body = read_body(route, request);
  if (!body) return fail(body.error());
  const auto format = negotiate(route, request, *parameters);
  if (!format) return fail(format.error());
  const Call call{context, request, who, *parameters, *body, id, route, *format};
  if (!route.versioned) {
    auto made = dispatch(route.operation, call);
    if (route.method != "GET") context.known.forget();
    if (made) compress(request, *made);
    return made;
  }
  const auto etag = make_etag(context, request, who);
  if (!etag) return fail(etag.error());
  const bool noted = parameters->flag("phones");  // what is noted in the trail is asked anew each time
  if (!noted && names_tag(request.header("if-none-match"), *etag)) {
    Response unchanged;
    unchanged.status = 304;
    unchanged.headers = {{"ETag", *etag}, {"Cache-Control", "private, no-cache"}};
    return unchanged;
  }
  if (auto kept = noted ? std::nullopt : context.cache.find(*etag)) return std::move(*kept);
  auto made = dispatch(route.operation, call);
  if (!made) return made;
  Response response = std::move(*made);
  response.headers.insert(response.headers.end(), {{"ETag", *etag}, {"Cache-Control", "private, no-cache"}});
  compress(request, response);
  if (!noted) context.cache.put(*etag, response);
  return response;
}

/// A target as it may be logged: tokens stay out of logs.
std::string without_key(const std::string& target) {
  const auto at = target.find("key=");
  return at == std::string::npos ? target : target.substr(0, at) + "key=***";
}

std::string next_request_id() {
  static std::atomic<std::uint64_t> count{0};
  return fmt::format("{:x}-{:x}", std::chrono::system_clock::now().time_since_epoch().count(), ++count);
}

}  // namespace

std::size_t body_limit(const Request& request) {
  const auto routed = find_route(request);
  return routed ? routed->route->body_limit : 0;
}

Response answer(Context& context, Request request) {
  const std::string id = next_request_id();
  const auto started = std::chrono::steady_clock::now();
  Response response;
  try {
    if (request.method == "OPTIONS") {
      response = options_response(context.cors, request);
    } else if (auto asset = asset_response(request)) {
      response = std::move(*asset);
      compress(request, response);
    } else {
      auto result = handle(context, request, id);
      response = result ? std::move(*result) : to_response(result.error(), id);
      allow_origin(context.cors, request, response);
    }
  } catch (const std::exception& e) {
    spdlog::error("request {} failed: {}", id, e.what());
    response = to_response({Errc::internal, "Something went wrong on the server."}, id);
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - started;
  response.headers.insert(response.headers.end(), {{"X-Request-Id", id}, {"X-Content-Type-Options", "nosniff"},
                                                   {"Vary", "Accept, Accept-Encoding, Authorization, Cookie, Origin"},
                                                   {"Server-Timing", fmt::format("total;dur={:.1f}", took.count())}});
  if (response.status >= 500 || took.count() > 1000) spdlog::warn("{} {} {} {:.1f}ms {}", request.method, without_key(request.target), response.status, took.count(), id);
  else spdlog::debug("{} {} {} {:.1f}ms {}", request.method, without_key(request.target), response.status, took.count(), id);
  return response;
}

}  // namespace gridward::http
