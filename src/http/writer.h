#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/request.h"

namespace gridward::http {

/// What RFC 9110 calls a status; "" for one that we do not send.
[[nodiscard]] std::string_view reason_phrase(int status);

/// Writes the status line, the headers and the length of an answer that is kept, once for all who get it (Response::head).
void write_head(Response& response);

/// An answer on its way to a socket. HEAD gets the length without the body.
class Outgoing {
 public:
  enum class State {
    sent,     // all of it
    moving,   // a part, and now the reader is behind
    blocked,  // nothing, as the reader is behind
    lost      // the connection is of no more use
  };
  Outgoing(const Request& request, Response response);

  /// Sends what the socket takes now, without waiting.
  State send(int fd);
  /// Whether the connection is for more after it.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  /// Who goes on when it is sent, if it does not end there.
  [[nodiscard]] const std::shared_ptr<ChangeStream>& stream() const { return stream_; }

 private:
  std::shared_ptr<const std::string> kept_head_;  // shared with the cache; null if the answer is not kept
  std::string head_;
  std::shared_ptr<const std::string> body_;  // shared with the cache; null if none is sent
  std::shared_ptr<ChangeStream> stream_;  // shared with who goes on with it
  std::size_t sent_ = 0;
  bool keep_alive_;
};

}  // namespace gridward::http
