#pragma once

#include <optional>

#include "http/request.h"

namespace gridward::http {

/// The page and its files, for everyone: nothing when the address is not one of theirs.
[[nodiscard]] std::optional<Response> asset_response(const Request& request);

}  // namespace gridward::http
