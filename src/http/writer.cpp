#include "http/writer.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <string>

namespace gridward::http {
namespace {

bool has_body(int status) { return status != 204 && status != 304; }

/// Now as HTTP writes it, made once a second.
const std::string& date() {
  thread_local std::time_t made_at = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now == made_at) return text;
  made_at = now;
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 64> buffer{};
  text.assign(buffer.data(), std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc));
  return text;
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

/// Status line, headers and the length of the body.
std::string head_of(const Response& response) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  head.append(reason_phrase(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers) add(head, name, value);
  if (has_body(response.status) && !response.stream) add(head, "Content-Length", std::to_string(response.body ? response.body->size() : 0));
  return head;
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "";
  }
}

void write_head(Response& response) {
  response.head = std::make_shared<const std::string>(head_of(response));
  response.headers.clear();
}

Outgoing::Outgoing(const Request& request, Response response) : kept_head_(std::move(response.head)), keep_alive_(request.keep_alive && !response.stream) {
  head_.reserve(512);
  if (kept_head_) {
    for (const auto& [name, value] : response.headers) add(head_, name, value);
  } else {
    head_ = head_of(response);
  }
  add(head_, "Date", date());
  add(head_, "Connection", keep_alive_ ? "keep-alive" : "close");
  head_ += "\r\n";
  if (has_body(response.status) && request.method != "HEAD") body_ = std::move(response.body);
  if (request.method != "HEAD") stream_ = std::move(response.stream);
}

Outgoing::State Outgoing::send(int fd) {
  bool moved = false;
  while (true) {
    std::array<iovec, 3> parts{};
    std::size_t count = 0;
    std::size_t skip = sent_;
    for (const std::string* part : {kept_head_.get(), static_cast<const std::string*>(&head_), body_.get()}) {
      if (part == nullptr) continue;
      if (skip < part->size()) parts[count++] = {const_cast<char*>(part->data()) + skip, part->size() - skip};  // it is read only
      skip -= std::min(skip, part->size());
    }
    if (count == 0) return State::sent;
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t n = ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) {
      sent_ += static_cast<std::size_t>(n);
      moved = true;
    } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      return moved ? State::moving : State::blocked;
    } else if (n == 0 || errno != EINTR) {
      return State::lost;
    }
  }
}

}  // namespace gridward::http
