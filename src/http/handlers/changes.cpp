#include <charconv>

#include <fmt/format.h>

#include "http/credential.h"
#include "http/dispatch.h"

namespace gridward::http {
namespace {

/// The last number that the client has.
Result<std::optional<std::int64_t>> read_last_had(const Call& call) {
  std::optional<std::int64_t> out;
  if (call.parameters.has("after")) out = call.parameters.integer("after");
  const std::string* text = call.request.header("last-event-id");
  if (text == nullptr || text->empty()) return out;
  std::int64_t id = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), id);
  if (read.ec != std::errc{} || read.ptr != text->data() + text->size() || id < 0) return fail(Error::field("Last-Event-ID", "is the number of the last event that you had"));
  return std::optional(id);
}

std::vector<std::string> split_topics(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    out.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return out;
}

}  // namespace

Result<Response> follow_changes(const Call& call) {
  const auto after = read_last_had(call);
  if (!after) return fail(after.error());
  Response response;
  response.headers = {{"Content-Type", "text/event-stream"}, {"X-Accel-Buffering", "no"}};  // so that nginx passes each event on at once
  if (call.request.method == "HEAD") return response;
  auto stream = call.context.change_streams.admit({find_credential(call.request).token, call.who.account, call.route.roles, {call.parameters.integer("district"), split_topics(call.parameters.text("topics"))}, *after});
  if (!stream) return fail(stream.error());
  response.body = std::make_shared<const std::string>(fmt::format("retry: 3000\nid: {}\n\n", (*stream)->told));  // so that who is cut off before anything was told misses nothing
  response.stream = std::move(*stream);
  return response;
}

}  // namespace gridward::http
