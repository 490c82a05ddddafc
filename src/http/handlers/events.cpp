#include "service/events.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/listing.h"
#include "service/attachments.h"
#include "service/stamps.h"

namespace gridward::http {
Result<Response> list_events(const Call& call, const char* kind) {
  const Input& p = call.parameters;
  service::EventFilter f;
  f.records = read_records(p);
  for (const char* key : {"open_at", "overdue_at", "due_from", "due_to", "on_time", "closed_from", "closed_to", "reviewed", "recurred", "followable", "listed_from", "listed_to", "listed_by", "in_plan", "five_in_place", "source", "grade", "state", "listed", "result", "enterprise"})
    if (p.has(key)) f.conditions.emplace_back(key, p.plain(key));
  f.after = p.text("after");
  f.limit = limit_of(call);
  const auto page = service::list_events(call.context.reads, call.who, kind, f);
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> get_event(const Call& call, const char* kind) {
  const auto doc = service::get_event(call.context.reads, call.who, kind, call.parameters.text("id"));
  if (!doc) return fail(doc.error());
  return item_response(call, *doc);
}

Result<Response> record_event(const Call& call, const char* kind) {
  const Input& b = call.body;
  if (auto whole = check_point(b); !whole) return fail(whole.error());
  if (!b.has("day") && !b.has("at")) return fail(Error::field("day", "give day, or at"));
  service::NewEvent event{kind, b.integer("district"), b.text("id"), b.json(), std::nullopt};
  if (b.has("lon") && b.has("day") && !b.has("enterprise")) event.place = {b.text("day"), {*b.number("lon"), *b.number("lat")}};
  return written_response(service::record_event(call.context.writes, call.context.stamps, call.deed(), event));
}

Result<Response> correct_event(const Call& call, const char* kind) {
  const auto version = call.wanted_version();
  if (!version) return fail(version.error());
  const Input& b = call.body;
  if (auto whole = check_point(b); !whole) return fail(whole.error());
  return written_response(service::correct_event(call.context.writes, call.deed(), kind, call.parameters.text("id"), *version, b.json()));
}

Result<Response> withdraw_event(const Call& call, const char* kind) {
  const auto version = call.wanted_version();
  if (!version) return fail(version.error());
  return written_response(service::withdraw_event(call.context.writes, call.deed(), kind, call.parameters.text("id"), *version, call.parameters.text("reason")));
}

namespace {

service::FilesOf files_of(const Input& p) { return {p.text("kind"), p.text("event"), p.text("plan")}; }

}  // namespace

Result<Response> list_attachments(const Call& call) {
  const auto page = service::list_attachments(call.context.reads, call.who, files_of(call.parameters));
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> create_attachment(const Call& call) {
  const Input& p = call.parameters;
  const std::string* type = call.request.header("content-type");
  const service::NewFile file{p.text("id"), files_of(p), p.text("name"), type == nullptr ? "application/octet-stream" : *type, call.request.body};
  return written_response(service::create_attachment(call.context.writes, call.deed(), file));
}

Result<Response> get_attachment(const Call& call) {
  auto file = service::get_attachment(call.context.reads, call.who, call.parameters.text("id"));
  if (!file) return fail(file.error());
  Response response;
  // Never shown in place: what someone uploaded must not run as a page of ours.
  response.headers = {{"Content-Type", file->media_type}, {"Content-Disposition", "attachment"}, {"Content-Security-Policy", "sandbox"}};
  response.body = std::make_shared<const std::string>(std::move(file->body));
  return response;
}

}  // namespace gridward::http
