#include "http/writer.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include <fmt/format.h>

namespace gridward::http {
namespace {

const char* reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 503: return "Service Unavailable";
    default: return "-";
  }
}

bool send_all(int fd, std::string_view bytes, std::chrono::steady_clock::time_point until) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return false;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd p{fd, POLLOUT, 0};
    if (::poll(&p, 1, static_cast<int>(left.count())) < 0 && errno != EINTR) return false;
  }
  return true;
}

}  // namespace

bool write_response(int fd, const Request& request, const Response& response, std::chrono::milliseconds deadline) {
  const bool bodiless = response.status == 204 || response.status == 304;
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
  for (const auto& [name, value] : response.headers) head += fmt::format("{}: {}\r\n", name, value);
  if (!bodiless) head += fmt::format("Content-Length: {}\r\n", response.body ? response.body->size() : 0);
  head += request.keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  const bool with_body = response.body && !bodiless && request.method != "HEAD";
  const auto until = std::chrono::steady_clock::now() + deadline;
  if (with_body && response.body->size() < 65536) return send_all(fd, head + *response.body, until);
  return send_all(fd, head, until) && (!with_body || send_all(fd, *response.body, until));
}

void write_refusal(int fd, const Guard::Refusal& refusal) {
  Request closing;
  closing.keep_alive = false;
  Response response;
  response.status = refusal.status;
  response.headers = {{"Content-Type", "application/problem+json"}};
  response.body = std::make_shared<const std::string>(
      fmt::format(R"({{"type":"/problems/malformed","title":"The request cannot be read","status":{},"detail":"{}"}})",
                  refusal.status, refusal.detail));
  write_response(fd, closing, response, std::chrono::milliseconds(2000));
}

}  // namespace gridward::http
