#include "http/pipeline.h"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "http/contract.h"
#include "http/credential.h"
#include "http/dispatch.h"
#include "http/encoding.h"
#include "http/lost_page.h"
#include "http/negotiate.h"
#include "http/problem.h"
#include "http/router.h"
#include "http/tag.h"
#include "http/writer.h"
#include "service/auth.h"
#include "service/known.h"

namespace gridward::http {
namespace {

using Outcome = Result<Response>;

/// What tells one answer from all others, and what is told of it afterwards.
struct Story {
  std::string id;  // which the log has too
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  std::string_view route = "(none)";
  seen::Source source = seen::Source::uncached;
};

Story begin_story() {
  static std::atomic<std::uint64_t> count{0};
  static const auto start = std::chrono::system_clock::now().time_since_epoch().count();
  return {fmt::format("{:x}-{:x}", start, ++count)};
}

std::string methods_of(const Context& context, const Request& request) {
  if (request.target == "*") return "GET, HEAD, POST, PATCH, DELETE, OPTIONS";
  return context.assets.has(request) ? "GET, HEAD, OPTIONS" : allowed_methods(request);
}

Outcome options(const Context& context, const Request& request) {
  const std::string methods = methods_of(context, request);
  if (methods.empty()) return fail(Errc::not_found, "There is nothing at this address. See /openapi.json.");
  return options_response(methods, context.cors, request);
}

/// Who asks, with those grants only whose role may do this: a right in one area gives none in another.
Result<Principal> admit(const Route& route, const Request& request, const Credential& credential, const Principal& session) {
  if (auto refused = misused(credential, request, session)) return fail(std::move(*refused));
  Principal who = session;
  std::erase_if(who.grants, [&](const Grant& g) { return (role_bit(g.role) & route.roles) == 0; });
  if (who.grants.empty()) return fail(Errc::forbidden, "None of your roles may do this.");
  return who;
}

/// What whoever has the answer already gets, or the kept answer.
std::optional<Response> find_kept(Context& context, const Request& request, const std::string& etag, Story& story) {
  if (!names_tag(request.header("if-none-match"), etag)) {
    story.source = seen::Source::kept;
    return context.cache.find(etag);
  }
  story.source = seen::Source::unchanged;
  Response unchanged;
  unchanged.status = 304;
  unchanged.headers = {{"ETag", etag}, {"Cache-Control", "private, no-cache"}};
  return unchanged;
}

/// What every answer says; of one that is kept, its head has it.
void add_constant_headers(Response& response) {
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Vary", "Accept, Accept-Encoding, Authorization, Cookie, Origin");
}

/// The first part of the way, which asks the database nothing. nullopt: it must be asked.
std::optional<Outcome> recall(Context& context, const Request& request, Story& story) {
  if (request.method == "OPTIONS") {
    story.route = "(options)";
    return options(context, request);
  }
  if (context.assets.has(request)) story.route = "(page)";
  if (auto asset = context.assets.find(request)) return std::move(*asset);
  if (context.assets.has(request)) return fail(Errc::method_not_allowed, "This is a file: GET it.");
  const auto routed = find_route(request);
  if (!routed) return fail(routed.error());
  const Route& route = *routed->route;
  story.route = route.pattern;
  if (request.body.size() > route.body_limit) return fail(Errc::too_large, fmt::format("The body may have {} bytes.", route.body_limit));
  if (route.is_public) return std::nullopt;
  const Credential credential = find_credential(request);
  if (credential.token.empty()) return fail(Errc::unauthenticated, "Sign in: POST /api/v1/sessions, then send the token as a bearer.");
  const auto known = context.known.recall(credential.token);
  if (!known.session) return std::nullopt;
  const auto who = admit(route, request, credential, *known.session);
  if (!who) return fail(who.error());
  if (!known.versions || !is_tagged(route, request)) return std::nullopt;
  const auto etag = recall_etag({context.seal_key, context.address}, *routed, request, *who, *known.versions, context.known);
  return etag ? find_kept(context, request, *etag, story) : std::nullopt;
}

/// When the work for a request is to end.
storage::Cancellation end_of(const Context& context, const Route& route, const Request& request) {
  return {request.left, request.arrived + (route.deadline.count() > 0 ? route.deadline : context.deadline)};
}

/// The work itself: parameters and body as the contract wants them, then the handler.
Outcome make(Context& context, const Routed& routed, const Principal& who, const Request& request, const std::string& id) {
  const Route& route = *routed.route;
  const auto parameters = read_parameters(route, request, routed.path);
  if (!parameters) return fail(parameters.error());
  const auto body = read_body(route, request);
  if (!body) return fail(body.error());
  const auto format = negotiate(route, request, *parameters);
  if (!format) return fail(format.error());
  Context own = context.until(end_of(context, route, request));
  auto made = dispatch(route.operation, {own, request, who, *parameters, *body, id, route, *format});
  if (route.method != "GET") context.known.forget();
  if (made) compress(accepted_encoding(request), *made);
  return made;
}

/// The second part of the way, with the database.
Outcome work(Context& context, const Request& request, Story& story) {
  const auto routed = find_route(request);
  if (!routed) return fail(routed.error());
  const Route& route = *routed->route;
  story.route = route.pattern;
  if (route.is_public) return make(context, *routed, {}, request, story.id);
  const Credential credential = find_credential(request);
  const auto session = context.known.authenticate(credential.token);
  if (!session) return fail(session.error());
  const auto who = admit(route, request, credential, **session);
  if (!who) return fail(who.error());
  if (!is_tagged(route, request)) {
    auto made = make(context, *routed, *who, request, story.id);
    if (made) made->headers.emplace_back("Cache-Control", "private, no-store");
    return made;
  }
  const auto versions = context.known.versions();
  if (!versions) return fail(versions.error());
  const auto etag = make_etag({context.seal_key, context.address}, *routed, request, *who, **versions, context.known);
  if (!etag) return fail(etag.error());
  if (auto kept = find_kept(context, request, *etag, story)) return std::move(*kept);
  const auto flight = context.flights.join(*etag, end_of(context, route, request));
  if (!flight.first())
    if (auto kept = find_kept(context, request, *etag, story)) return std::move(*kept);
  story.source = seen::Source::made;
  auto made = make(context, *routed, *who, request, story.id);
  if (!made) return made;
  made->headers.insert(made->headers.end(), {{"ETag", *etag}, {"Cache-Control", "private, no-cache"}});
  add_constant_headers(*made);
  write_head(*made);
  context.cache.put(*etag, *made);
  return made;
}

/// A method by a name of which there are not many.
std::string_view known_method(std::string_view method) {
  constexpr std::string_view known[] = {"GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS"};
  const auto* const found = std::ranges::find(known, method);
  return found == std::end(known) ? "(other)" : *found;
}

/// A problem; for a browser at an address where nothing is, a page.
Response refusal(const Request& request, const Error& error, const Story& story) {
  if (error.code == Errc::not_found && (story.route == "(none)" || story.route == "/problems/{slug}"))
    if (auto page = lost_page(request)) return std::move(*page);
  return to_response(error, story.id);
}

Response finish(const Context& context, const Request& request, Outcome outcome, const Story& story) {
  Response response = outcome ? std::move(*outcome) : refusal(request, outcome.error(), story);
  if (response.status == 405) response.headers.emplace_back("Allow", methods_of(context, request));
  allow_origin(context.cors, request, response);
  if (!response.head) add_constant_headers(response);
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double, std::milli> took = now - story.began;
  response.headers.emplace_back("X-Request-Id", story.id);
  response.headers.emplace_back("Server-Timing", fmt::format("total;dur={:.1f}", took.count()));
  if (!request.left.stop_requested()) tell(context.observer, seen::Answered{known_method(request.method), story.route, request.target, story.id, response.status, now - request.arrived, story.source});
  return response;
}

Outcome fault(const Context& context, const Story& story, const std::exception& e) {
  tell(context.observer, seen::Fault{story.id, e.what()});
  return fail(Errc::internal, "Something went wrong on the server.");
}

}  // namespace

Context Context::until(const storage::Cancellation& end) const {
  Context own = *this;
  own.reads = reads.until(end);
  own.writes = writes.until(end);
  own.figures.reads = own.reads;
  return own;
}

std::size_t body_limit(const Request& request) {
  const auto routed = find_route(request);
  return routed ? routed->route->body_limit : 0;
}

std::optional<Response> answer_at_once(Context& context, const Request& request) {
  Story story = begin_story();
  try {
    auto outcome = recall(context, request, story);
    if (!outcome) return std::nullopt;
    return finish(context, request, std::move(*outcome), story);
  } catch (const std::exception& e) {
    return finish(context, request, fault(context, story, e), story);
  }
}

Response answer(Context& context, const Request& request) {
  if (auto known = answer_at_once(context, request)) return std::move(*known);
  Story story = begin_story();
  try {
    return finish(context, request, work(context, request, story), story);
  } catch (const std::exception& e) {
    return finish(context, request, fault(context, story, e), story);
  }
}

}  // namespace gridward::http
