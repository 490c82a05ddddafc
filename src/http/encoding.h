#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace gridward::http {

/// What a client takes of what we can do: "zstd", "gzip" or "".
[[nodiscard]] std::string_view accepted_encoding(const Request& request);
/// The part of an ETag that says how the body is encoded.
[[nodiscard]] std::string encoding_suffix(const Request& request);
/// Compresses a body that is text and worth it.
void compress(const Request& request, Response& response);

/// Answers OPTIONS: what CORS lets pages of the origins in `cors` do.
[[nodiscard]] Response options_response(const std::vector<std::string>& cors, const Request& request);
/// Lets a page of an allowed origin read an answer.
void allow_origin(const std::vector<std::string>& cors, const Request& request, Response& response);

/// Base64 without checks of padding; what is not of the alphabet ends it.
[[nodiscard]] std::string decode_base64(std::string_view text);

}  // namespace gridward::http
