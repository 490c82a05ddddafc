#pragma once

#include <string>
#include <string_view>

namespace gridward {

/// Bytes as two lower-case digits each.
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// The bytes of an even number of digits.
[[nodiscard]] std::string from_hex(std::string_view digits);

}  // namespace gridward
