#include "http/lost_page.h"

#include <memory>

#include <fmt/format.h>

namespace gridward::http {

std::optional<Response> lost_page(const Request& request) {
  const std::string* accept = request.header("accept");
  if ((request.method != "GET" && request.method != "HEAD") || accept == nullptr || accept->find("text/html") == std::string::npos) return std::nullopt;
  Response response;
  response.status = 404;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}, {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"}};
  response.body = std::make_shared<const std::string>(fmt::format(
      "<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>没有这个页面 · Gridward</title>\n{}"
      "<h1>没有这个页面</h1>\n<p>地址可能写错了，或页面已不在。</p>\n<p><a href=\"/\">回到首页</a>　<a href=\"/docs\">接口文档</a></p>\n"
      "<div lang=\"en\">\n<h2>There is no such page</h2>\n<p>The address may be mistyped, or the page is gone.</p>\n<p><a href=\"/\">Go to the first page</a> · <a href=\"/docs\">API</a></p>\n</div>\n</html>\n", kPageStyle));
  return response;
}

}  // namespace gridward::http
