#pragma once

#include <tl/expected.hpp>

#include "base/error.h"

namespace gridward {

/// A value or the reason why there is none. For what a caller should handle; exceptions are for what it cannot.
template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(Errc::not_found, "no cell 12")` in a function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string detail) {
  return tl::unexpected<Error>(Error{code, std::move(detail)});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace gridward
