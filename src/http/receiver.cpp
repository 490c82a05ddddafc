#include "http/receiver.h"

#include <algorithm>
#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>

namespace gridward::http {
namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// A part of an address; "" where it has none.
std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, which == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return text;
}

}  // namespace

Result<void> check_receiver(const std::string& url, const std::vector<std::string>& hosts) {
  const Url parsed(curl_url(), &curl_url_cleanup);
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK)
    return fail(Error::field("url", "must be an address such as https://hooks.example.cn/gridward, without a name or password in it"));
  const std::string scheme = part(parsed.get(), CURLUPART_SCHEME), host = part(parsed.get(), CURLUPART_HOST), port = part(parsed.get(), CURLUPART_PORT);
  if (scheme != "https" && scheme != "http") return fail(Error::field("url", "must begin with https:// or http://"));
  const bool usual = port == (scheme == "https" ? "443" : "80");
  const std::string name = usual ? host : host + ':' + port;
  if (std::ranges::find(hosts, name) != hosts.end()) return {};
  return fail(Error::field("url", fmt::format("{} is not among the hosts that notices may be sent to: whoever runs this server names it in notices.webhook_hosts", name)));
}

}  // namespace gridward::http
