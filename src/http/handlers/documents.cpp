#include "http/dispatch.h"

namespace gridward::http {

Result<Response> get_contract(const Call&) {
  Response response;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = std::make_shared<const std::string>(openapi_json);
  return response;
}

}  // namespace gridward::http
