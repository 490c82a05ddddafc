#include "base/hex.h"

namespace gridward {

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto b = static_cast<unsigned char>(c);
    out += digits[b >> 4];
    out += digits[b & 15];
  }
  return out;
}

std::string from_hex(std::string_view digits) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string out(digits.size() / 2, '\0');  // written in place: shapes come so, by the megabyte
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(value(digits[2 * i]) * 16 + value(digits[2 * i + 1]));
  return out;
}

}  // namespace gridward
