#pragma once

#include <string>

#include "base/result.h"
#include "http/request.h"

namespace gridward::http {

/// Under which address clients reach this server: for the few answers that name addresses of ours in full.
struct PublicAddress {
  std::string url;               // such as https://map.example.cn/grid, without a slash at its end; empty: what a request says
  bool trust_forwarded = false;  // X-Forwarded-Proto and -Host come from a proxy of ours, which lets through none of a client's

  /// What stands before the path of an address, such as http://127.0.0.1:8080: the set url; else scheme and host by which the request came; "" where
  /// these are none. Who asks can name any host, so what is made of it may be kept for that host alone.
  [[nodiscard]] std::string base(const Request& request) const;
  /// The same for a document that cannot do without: invalid_argument where there is none.
  [[nodiscard]] Result<std::string> required_base(const Request& request) const;
};

/// Whether a text can be the host of an address, with a port or without: a name, an IPv4 address, or an IPv6 address in brackets.
[[nodiscard]] bool is_host(std::string_view text);

}  // namespace gridward::http
