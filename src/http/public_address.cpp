#include "http/public_address.h"

#include <algorithm>

namespace gridward::http {
namespace {

constexpr std::size_t kLongestHost = 259;  // 253 of a name, a colon and five digits

bool all_of(std::string_view text, std::string_view allowed) { return text.find_first_not_of(allowed) == std::string_view::npos; }

/// The first of a list, which is what the client's own proxy was asked with.
std::string_view first_of(const std::string* header) {
  if (header == nullptr) return {};
  std::string_view text = *header;
  text = text.substr(0, text.find(','));
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool is_host(std::string_view text) {
  constexpr std::string_view digits = "0123456789", letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.", hex = "0123456789abcdefABCDEF:.";
  if (text.empty() || text.size() > kLongestHost) return false;
  std::string_view host = text, port;
  if (text.front() == '[') {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end < 3 || !all_of(text.substr(1, end - 1), hex)) return false;
    host = text.substr(0, end + 1);
  } else {
    host = text.substr(0, text.find(':'));
    if (host.empty() || !all_of(host, letters)) return false;
  }
  port = text.substr(host.size());
  return port.empty() || (port.size() > 1 && port.size() <= 6 && port.front() == ':' && all_of(port.substr(1), digits));
}

std::string PublicAddress::base(const Request& request) const {
  if (!url.empty()) return url;
  std::string_view scheme = "http", host = first_of(request.header("host"));
  if (trust_forwarded) {
    if (const std::string_view said = first_of(request.header("x-forwarded-proto")); said == "https" || said == "http") scheme = said;
    if (const std::string_view said = first_of(request.header("x-forwarded-host")); is_host(said)) host = said;
  }
  return is_host(host) ? std::string(scheme) + "://" + std::string(host) : "";
}

Result<std::string> PublicAddress::required_base(const Request& request) const {
  std::string found = base(request);
  if (found.empty()) return fail(Errc::invalid_argument, "TileJSON names addresses in full, and the Host of this request is none: send Host, or set http.public_url.");
  return found;
}

}  // namespace gridward::http
