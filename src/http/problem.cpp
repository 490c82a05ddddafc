#include "http/problem.h"

#include "http/encode.h"

namespace gridward::http {
namespace {

struct Kind {
  int status;
  const char* slug;
  const char* title;
};

constexpr Kind kind_of(Errc code) {
  switch (code) {
    case Errc::invalid_argument: return {400, "invalid-argument", "A value is missing or malformed"};
    case Errc::rule_violated: return {422, "rule-violated", "A rule is broken"};
    case Errc::unauthenticated: return {401, "unauthenticated", "Sign in"};
    case Errc::forbidden: return {403, "forbidden", "Not yours to see or do"};
    case Errc::not_found: return {404, "not-found", "Not there"};
    case Errc::method_not_allowed: return {405, "method-not-allowed", "Not a method of this address"};
    case Errc::not_acceptable: return {406, "not-acceptable", "No such representation"};
    case Errc::conflict: return {409, "conflict", "In conflict with what is there"};
    case Errc::precondition_required: return {428, "precondition-required", "If-Match is needed"};
    case Errc::precondition_failed: return {412, "precondition-failed", "Changed in the meantime"};
    case Errc::too_large: return {413, "too-large", "Too large"};
    case Errc::unsupported_media: return {415, "unsupported-media", "Not a media type that is read"};
    case Errc::too_many_requests: return {429, "too-many-requests", "Too many requests"};
    case Errc::unavailable: return {503, "unavailable", "Not ready"};
    case Errc::timeout: return {504, "timeout", "Took too long"};
    case Errc::internal: return {500, "internal", "A fault of the server"};
  }
  return {500, "internal", "A fault of the server"};
}

Response document(const Kind& kind, const std::string& detail, const std::string& request_id, const std::vector<FieldError>& fields) {
  Json json;
  json.StartObject();
  member(json, "type", std::string("/problems/") + kind.slug);
  member(json, "title", kind.title);
  json.Key("status");
  json.Int(kind.status);
  member(json, "detail", detail);
  if (!request_id.empty()) member(json, "instance", request_id);
  if (!fields.empty()) {
    json.Key("errors");
    json.StartArray();
    for (const FieldError& f : fields) {
      json.StartObject();
      member(json, "field", f.field);
      member(json, "detail", f.detail);
      json.EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
  Response response = json_response(kind.status, json);
  response.headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}};
  return response;
}

}  // namespace

Response to_response(const Error& error, const std::string& request_id) {
  Response response = document(kind_of(error.code), error.detail, request_id, error.fields);
  if (error.code == Errc::unavailable || error.code == Errc::too_many_requests) response.headers.emplace_back("Retry-After", "2");
  if (error.code == Errc::unauthenticated) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Response to_response(const Guard::Refusal& refusal) {
  return document({refusal.status, "malformed", "The request cannot be read"}, refusal.detail, "", {});
}

}  // namespace gridward::http
