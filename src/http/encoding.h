#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace gridward::http {

/// What we make of answers, the best first, and what the page's files are kept in.
inline constexpr std::string_view kEncodings[] = {"zstd", "br", "gzip"}, kFileEncodings[] = {"zstd", "gzip"};
/// The first of some encodings that a client takes; "" if it takes none.
[[nodiscard]] std::string_view accepted_encoding(const Request& request, std::span<const std::string_view> encodings = kEncodings);
/// The tag of a representation in an encoding: another than that of the plain one.
[[nodiscard]] std::string with_encoding(const std::string& etag, std::string_view encoding);
/// Compresses a body that is text and worth it.
void compress(std::string_view encoding, Response& response);

/// Answers OPTIONS: the methods of the address, and what CORS lets pages of the origins in `cors` do there.
[[nodiscard]] Response options_response(const std::string& methods, const std::vector<std::string>& cors, const Request& request);
/// Lets a page of an allowed origin read an answer.
void allow_origin(const std::vector<std::string>& cors, const Request& request, Response& response);

/// Base64 without checks of padding; what is not of the alphabet ends it.
[[nodiscard]] std::string decode_base64(std::string_view text);

}  // namespace gridward::http
