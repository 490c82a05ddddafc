#pragma once

#include <string>

#include "base/error.h"
#include "http/guard.h"
#include "http/request.h"

namespace gridward::http {

/// An error as an RFC 9457 document; the id of the request may be empty.
[[nodiscard]] Response to_response(const Error& error, const std::string& request_id);
/// What the guard refused, likewise.
[[nodiscard]] Response to_response(const Guard::Refusal& refusal);

}  // namespace gridward::http
