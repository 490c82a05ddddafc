#pragma once

#include <string>

#include "base/error.h"
#include "http/request.h"

namespace gridward::http {

/// An error as an RFC 9457 document.
[[nodiscard]] Response to_response(const Error& error, const std::string& request_id);

}  // namespace gridward::http
