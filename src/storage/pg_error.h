#pragma once

#include <exception>

#include "base/error.h"

namespace gridward::storage {

/// What a database exception means to a caller. Nothing of its text is shown, unless our own rules raised it.
[[nodiscard]] Error to_error(const std::exception& e);

}  // namespace gridward::storage
