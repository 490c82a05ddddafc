#include "http/assets.h"

#include <string_view>

#include "assets.gen.h"

namespace gridward::http {

std::optional<Response> asset_response(const Request& request) {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  for (const Asset& asset : assets) {
    if (asset.address != path) continue;
    Response response;
    response.headers = {{"Content-Type", std::string(asset.type)}, {"ETag", std::string(asset.etag)}, {"Cache-Control", "no-cache"}};
    if (asset.type.starts_with("text/html"))
      response.headers.emplace_back("Content-Security-Policy",
                                    "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
                                    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'");
    const std::string* known = request.header("if-none-match");
    if (known != nullptr && known->find(asset.etag) != std::string::npos) {
      response.status = 304;
    } else {
      response.body = std::make_shared<const std::string>(asset.begin, asset.end);
    }
    return response;
  }
  return std::nullopt;
}

}  // namespace gridward::http
