#include "http/dispatch.h"
#include "http/encode.h"
#include "service/cells.h"

namespace gridward::http {

Result<Response> get_contract(const Call&) {
  Response response;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = std::make_shared<const std::string>(openapi_json);
  return response;
}

Result<Response> get_health(const Call&) {
  Json json;
  json.StartObject();
  member(json, "status", "ok");
  json.EndObject();
  return json_response(200, json);
}

Result<Response> get_ready(const Call& call) {
  const auto districts = service::districts(call.context.reads);
  if (!districts) return fail(districts.error());
  return get_health(call);
}

}  // namespace gridward::http
