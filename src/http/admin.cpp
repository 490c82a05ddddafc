#include "http/admin.h"

#include <string_view>

#include "http/encode.h"
#include "http/problem.h"

namespace gridward::http {
namespace {

std::string_view path_of(const Request& request) { return request.segments.size() == 1 ? std::string_view(request.segments[0]) : ""; }

Response status(int code, const std::string& said, const std::string& reason) {
  Json json;
  json.StartObject();
  member(json, "status", said);
  if (!reason.empty()) member(json, "reason", reason);
  json.EndObject();
  return json_response(code, json);
}

Response metrics(const AdminContext& context) {
  Response response;
  response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
  response.body = std::make_shared<const std::string>(context.metrics());
  return response;
}

std::optional<Response> at_once(const AdminContext& context, const Request& request) {
  const std::string_view path = path_of(request);
  if (path != "healthz" && path != "readyz" && path != "metrics") return to_response({Errc::not_found, "The admin port has /healthz, /readyz and /metrics."}, "");
  if (request.method != "GET" && request.method != "HEAD") {
    Response refused = to_response({Errc::method_not_allowed, "The admin port is read with GET."}, "");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  if (path == "healthz") return status(200, "alive", "");
  if (path == "metrics") return metrics(context);
  return std::nullopt;
}

Response fault() { return to_response({Errc::internal, "Something went wrong on the server."}, ""); }

}  // namespace

std::optional<Response> answer_admin_at_once(const AdminContext& context, const Request& request) try {
  return at_once(context, request);
} catch (const std::exception&) {
  return fault();
}

Response answer_admin(const AdminContext& context, const Request& request) try {
  if (auto known = at_once(context, request)) return std::move(*known);
  const auto ready = context.ready();
  return ready ? status(200, "ready", "") : status(503, "not ready", ready.error().detail);
} catch (const std::exception&) {
  return fault();
}

}  // namespace gridward::http
