#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/request.h"

namespace gridward::http {

/// Stands between the socket and all else: takes bytes as they come and gives whole, well-formed requests. Whatever could
/// be read in two ways is refused (two lengths, a chunked body, a bare LF, a header without colon).
class Guard {
 public:
  struct Limits {
    std::size_t head = 16 * 1024;
    std::size_t lines = 100;
    std::size_t body = 1024 * 1024;
    std::function<std::size_t(const Request&)> larger;  // of a request that is known by its head, from someone who sends a credential
  };
  /// Why the connection ends here: the status to answer, and what the sender should do.
  struct Refusal {
    int status;
    std::string detail;
  };

  explicit Guard(Limits limits) : limits_(std::move(limits)) {}

  void feed(std::string_view bytes) { buffer_.append(bytes); }
  /// The next whole request, if it is there. After a refusal nothing more comes.
  std::optional<Request> next();
  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }
  /// Whether a part of a head has come.
  [[nodiscard]] bool in_head() const { return !in_body_ && !buffer_.empty(); }
  /// True once for each request whose sender waits for `100 Continue` before its body.
  bool take_continue() { return std::exchange(wants_continue_, false); }

 private:
  bool read_head();
  bool read_request_line(std::string_view line);
  bool read_header(std::string_view line);
  bool check_head();
  std::nullopt_t refuse(int status, std::string detail);

  Limits limits_;
  std::string buffer_;
  std::size_t scanned_ = 0;  // how far the end of the head was looked for, so that a dripped head stays linear
  bool in_body_ = false;
  std::size_t body_length_ = 0;
  Request request_;
  std::optional<Refusal> refusal_;
  bool wants_continue_ = false;
};

/// Decodes %XX once (and + as a space in a query); nullopt for a broken escape, NUL or invalid UTF-8.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

}  // namespace gridward::http
