#include "http/encoding.h"

#include <algorithm>
#include <cstdint>
#include <memory>

#include <brotli/encode.h>
#include <libdeflate.h>
#include <zstd.h>

namespace gridward::http {
namespace {

constexpr std::size_t kWorthIt = 1024;

std::string zstd(const std::string& body) {
  std::string out(ZSTD_compressBound(body.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), body.data(), body.size(), 1));
  return out;
}

std::string brotli(const std::string& body) {
  std::size_t size = BrotliEncoderMaxCompressedSize(body.size());
  std::string out(size, '\0');
  // Of the least effort: as small as zstd makes it, in twice the time.
  BrotliEncoderCompress(1, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, body.size(), reinterpret_cast<const std::uint8_t*>(body.data()), &size, reinterpret_cast<std::uint8_t*>(out.data()));
  out.resize(size);
  return out;
}

std::string gzip(const std::string& body) {
  struct Free {
    void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
  };
  const std::unique_ptr<libdeflate_compressor, Free> compressor(libdeflate_alloc_compressor(1));
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), body.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), body.data(), body.size(), out.data(), out.size()));
  return out;
}

const std::string* content_type(const Response& response) {
  for (const auto& [name, value] : response.headers)
    if (name == "Content-Type") return &value;
  return nullptr;
}

bool allowed(const std::vector<std::string>& cors, const std::string* origin) {
  return origin != nullptr && std::ranges::find(cors, *origin) != cors.end();
}

}  // namespace

std::string_view accepted_encoding(const Request& request, std::span<const std::string_view> encodings) {
  const std::string* accept = request.header("accept-encoding");
  if (accept == nullptr) return "";
  for (const std::string_view encoding : encodings) {
    const auto at = accept->find(encoding);
    if (at == std::string::npos) continue;
    const std::string_view after = std::string_view(*accept).substr(at + encoding.size());
    if (!after.starts_with(";q=0") || after.starts_with(";q=0.")) return encoding;
  }
  return "";
}

std::string with_encoding(const std::string& etag, std::string_view encoding) {
  return encoding.empty() ? etag : etag.substr(0, etag.size() - 1).append("-").append(encoding).append("\"");
}

void compress(std::string_view encoding, Response& response) {
  const std::string* type = content_type(response);
  if (encoding.empty() || !response.body || response.body->size() < kWorthIt || type == nullptr) return;
  const bool worth_it = type->find("json") != std::string::npos || type->starts_with("text/") || type->find("javascript") != std::string::npos ||
                    type->find("svg") != std::string::npos || type->ends_with("mapbox-vector-tile");
  if (!worth_it) return;
  response.body = std::make_shared<const std::string>(encoding == "zstd" ? zstd(*response.body) : encoding == "br" ? brotli(*response.body) : gzip(*response.body));
  response.headers.emplace_back("Content-Encoding", encoding);
}

Response options_response(const std::string& methods, const std::vector<std::string>& cors, const Request& request) {
  Response response;
  response.status = 204;
  response.headers = {{"Allow", methods}};
  if (!allowed(cors, request.header("origin"))) return response;
  response.headers.insert(response.headers.end(),
                          {{"Access-Control-Allow-Methods", methods},
                           {"Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, X-CSRF-Token"},
                           {"Access-Control-Max-Age", "600"}});
  return response;
}

void allow_origin(const std::vector<std::string>& cors, const Request& request, Response& response) {
  const std::string* origin = request.header("origin");
  if (!allowed(cors, origin)) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", *origin);
  response.headers.emplace_back("Access-Control-Expose-Headers", "Allow, ETag, Link, Retry-After, X-Request-Id");
}

std::string decode_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) break;
    bits = (bits << 6U) | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
  }
  return out;
}

}  // namespace gridward::http
