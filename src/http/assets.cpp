#include "http/assets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "assets.gen.h"
#include "http/cache.h"
#include "http/encoding.h"
#include "http/writer.h"

namespace gridward::http {
namespace {

/// What the page may load: what is ours, and tiles of the basemaps.
std::string policy_of(const std::vector<std::string>& tile_origins) {
  const std::string tiles = fmt::format("{}{}", tile_origins.empty() ? "" : " ", fmt::join(tile_origins, " "));
  return fmt::format(
      "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:{0}; style-src 'self' 'unsafe-inline'; "
      "connect-src 'self'{0}; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
      tiles);
}

std::string_view path_of(const Request& request) { return std::string_view(request.target).substr(0, request.target.find('?')); }

}  // namespace

Assets::Assets(const std::vector<std::string>& tile_origins) {
  const std::string policy = policy_of(tile_origins);
  for (const Asset& asset : assets) {
    Variant& v = assets_[asset.address][asset.encoding];
    v.etag = with_encoding(std::string(asset.etag), asset.encoding);
    v.whole.headers = {{"Content-Type", std::string(asset.type)}, {"ETag", v.etag}, {"Cache-Control", asset.named_by_hash ? "public, max-age=31536000, immutable" : "no-cache"}};
    if (asset.type.starts_with("text/html")) v.whole.headers.emplace_back("Content-Security-Policy", policy);
    v.unchanged = v.whole;
    v.unchanged.status = 304;
    v.whole.body = std::make_shared<const std::string>(asset.begin, asset.end);
    if (!asset.encoding.empty()) v.whole.headers.emplace_back("Content-Encoding", asset.encoding);
    write_head(v.whole);
    write_head(v.unchanged);
  }
}

std::optional<Response> Assets::find(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  const auto found = assets_.find(path_of(request));
  if (found == assets_.end()) return std::nullopt;
  const auto& variants = found->second;
  const auto accepted = variants.find(accepted_encoding(request, kFileEncodings));
  const Variant& v = accepted == variants.end() ? variants.at("") : accepted->second;
  return names_tag(request.header("if-none-match"), v.etag) ? v.unchanged : v.whole;
}

bool Assets::has(const Request& request) const { return assets_.contains(path_of(request)); }

}  // namespace gridward::http
