#include "http/guard.h"

#include <algorithm>
#include <charconv>

namespace gridward::http {
namespace {

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Length of the UTF-8 sequence that starts at `at`, or 0: no overlong forms, surrogates or code points past U+10FFFF.
std::size_t utf8_length(std::string_view s, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
  const unsigned a = byte(at);
  const auto tail = [&](std::size_t i) { return (byte(at + i) & 0xC0U) == 0x80U; };
  if (a < 0x80) return 1;
  if (a >= 0xC2 && a <= 0xDF) return tail(1) ? 2 : 0;
  const unsigned b = byte(at + 1);
  if (a >= 0xE0 && a <= 0xEF) {
    if ((a == 0xE0 && b < 0xA0) || (a == 0xED && b > 0x9F)) return 0;
    return tail(1) && tail(2) ? 3 : 0;
  }
  if (a >= 0xF0 && a <= 0xF4) {
    if ((a == 0xF0 && b < 0x90) || (a == 0xF4 && b > 0x8F)) return 0;
    return tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

/// http://host/path as /path, which every server must take; who is asked is clear.
void make_origin_form(std::string& target) {
  const auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string::npos) return;
  const auto end = target.find_first_of("/?", scheme + 3);
  target.erase(0, end);
  if (!target.starts_with('/')) target.insert(0, "/");
}

bool split_target(Request& request) {
  if (request.method == "OPTIONS" && request.target == "*") return true;
  make_origin_form(request.target);
  const std::string_view target = request.target;
  const auto mark = target.find('?');
  std::string_view path = target.substr(0, mark);
  if (path.empty() || path.front() != '/') return false;
  path.remove_prefix(1);
  while (true) {
    const auto slash = path.find('/');
    auto segment = percent_decode(path.substr(0, slash), false);
    if (!segment || *segment == "." || *segment == "..") return false;
    request.segments.push_back(std::move(*segment));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  std::string_view query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  while (!query.empty()) {
    const auto amp = query.find('&');
    const std::string_view pair = query.substr(0, amp);
    const auto eq = pair.find('=');
    auto key = percent_decode(pair.substr(0, eq), true);
    auto value = percent_decode(eq == std::string_view::npos ? std::string_view{} : pair.substr(eq + 1), true);
    if (!key || !value) return false;
    if (!key->empty()) request.query.emplace_back(std::move(*key), std::move(*value));
    query.remove_prefix(amp == std::string_view::npos ? query.size() : amp + 1);
  }
  return true;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex(text[i + 1]);
      const int low = hex(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    out.push_back(c);
  }
  for (std::size_t i = 0; i < out.size();) {
    const std::size_t n = utf8_length(out, i);
    if (n == 0) return std::nullopt;
    i += n;
  }
  return out;
}

std::nullopt_t Guard::refuse(int status, std::string detail) {
  refusal_ = Refusal{status, std::move(detail)};
  buffer_.clear();
  return std::nullopt;
}

std::optional<Request> Guard::next() {
  if (refusal_) return std::nullopt;
  if (!in_body_ && !read_head()) return std::nullopt;
  if (buffer_.size() < body_length_) return std::nullopt;
  request_.body = buffer_.substr(0, body_length_);
  buffer_.erase(0, body_length_);
  in_body_ = false;
  wants_continue_ = false;
  return std::exchange(request_, {});
}

bool Guard::read_head() {
  const auto end = buffer_.find("\r\n\r\n", scanned_ < 3 ? 0 : scanned_ - 3);
  scanned_ = buffer_.size();
  if (end == std::string::npos) {
    if (buffer_.size() > limits_.head) refuse(431, "The head of the request is larger than 16 KB: send less in it.");
    return false;
  }
  scanned_ = 0;
  if (end > limits_.head) {
    refuse(431, "The head of the request is larger than 16 KB: send less in it.");
    return false;
  }
  const std::string head = buffer_.substr(0, end);
  buffer_.erase(0, end + 4);
  request_ = {};
  std::string_view rest = head;
  for (std::size_t line_number = 0;; ++line_number) {
    const auto eol = rest.find("\r\n");
    const std::string_view line = rest.substr(0, eol);
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos || line_number > limits_.lines) {
      refuse(400, "A line of the head is malformed, or there are too many.");
      return false;
    }
    if (!(line_number == 0 ? read_request_line(line) : read_header(line))) return false;
    if (eol == std::string_view::npos) break;
    rest.remove_prefix(eol + 2);
  }
  return check_head();
}

bool Guard::read_request_line(std::string_view line) {
  const auto a = line.find(' ');
  const auto b = line.rfind(' ');
  if (a == std::string_view::npos || a == b || line.find(' ', a + 1) != b || !is_token(line.substr(0, a))) {
    refuse(400, "The request line is malformed.");
    return false;
  }
  request_.method = std::string(line.substr(0, a));
  request_.target = std::string(line.substr(a + 1, b - a - 1));
  const std::string_view version = line.substr(b + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    refuse(505, "Use HTTP/1.1.");
    return false;
  }
  request_.keep_alive = version == "HTTP/1.1";
  if (!split_target(request_)) {
    refuse(400, "The address is malformed: escapes must be %XX of valid UTF-8, without NUL and dot segments.");
    return false;
  }
  return true;
}

bool Guard::read_header(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    refuse(400, "A header is malformed: write `Name: value`.");
    return false;
  }
  request_.headers.emplace_back(lower(line.substr(0, colon)), trim(line.substr(colon + 1)));
  return true;
}

bool Guard::check_head() {
  body_length_ = 0;
  std::size_t hosts = 0;
  std::size_t lengths = 0;
  bool expects = false;
  for (const auto& [name, value] : request_.headers) {
    if (name == "transfer-encoding") return refuse(411, "Send the body with a Content-Length, not in chunks."), false;
    if (name == "host") ++hosts;
    if (name == "expect") expects = lower(value) == "100-continue";
    if (name == "connection" && lower(value).find("close") != std::string::npos) request_.keep_alive = false;
    if (name == "content-length") {
      const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), body_length_);
      if (++lengths > 1 || ec != std::errc{} || end != value.data() + value.size())
        return refuse(400, "Content-Length must be given once, in digits."), false;
    }
  }
  if (hosts > 1 || (hosts == 0 && request_.keep_alive)) return refuse(400, "Give one Host header."), false;
  const bool larger = body_length_ > limits_.body && limits_.larger && (request_.header("authorization") != nullptr || request_.header("cookie") != nullptr);
  if (body_length_ > (larger ? std::max(limits_.body, limits_.larger(request_)) : limits_.body)) return refuse(413, "The body is too large."), false;
  in_body_ = true;
  wants_continue_ = expects && buffer_.size() < body_length_;
  return true;
}

}  // namespace gridward::http
