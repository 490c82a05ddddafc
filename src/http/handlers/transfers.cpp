#include <algorithm>
#include <chrono>

#include "http/dispatch.h"
#include "http/encode.h"
#include "service/exports.h"
#include "service/file_look.h"
#include "service/uploads.h"

namespace gridward::http {
namespace {

Response file_response(int status, const std::string& name, const std::string& media_type, std::string bytes) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", media_type}, {"Content-Disposition", "attachment; filename=" + name}};
  response.body = std::make_shared<const std::string>(std::move(bytes));
  return response;
}

void observe(const Call& call, const service::ImportReport& report, std::chrono::nanoseconds took) {
  seen::Imported seen{call.who.username, call.id, call.parameters.flag("dry_run"), report.written, 0, 0, static_cast<std::int64_t>(report.bad.size()), took};
  for (const auto& counts : report.counts) {
    seen.added += counts.added;
    seen.changed += counts.changed;
  }
  tell(call.context.observer, seen);
}

}  // namespace

Result<Response> create_import(const Call& call) {
  const Input& p = call.parameters;
  const auto began = std::chrono::steady_clock::now();
  const auto report = service::import_archive(call.context.writes, call.who, call.request.body, call.context.unpacked_bytes,
                                              {.dry_run = p.flag("dry_run"), .skip_bad = p.flag("skip_bad"), .repair = p.flag("repair"), .from = p.text("from"), .close_gone = p.flag("close_gone")});
  if (!report) return fail(report.error());
  observe(call, *report, std::chrono::steady_clock::now() - began);
  const int status = report->written ? 201 : 200;
  if (call.format == Format::csv) return file_response(status, "bad-rows.csv", "text/csv; charset=utf-8", service::bad_rows_csv(report->bad));
  Json json;
  encode(json, *report);
  return json_response(status, json);
}

Result<Response> look_at_import(const Call& call) {
  const Input& p = call.parameters;
  geo::OpenOptions options{.layer = p.text("layer"), .crs = p.text("crs"), .encoding = p.text("encoding")};
  if (p.has("header")) options.header = static_cast<int>(p.integer("header"));
  const auto look = service::look_at_archive(call.request.body, call.context.unpacked_bytes, options);
  if (!look) return fail(look.error());
  Json json;
  const auto put = [&](const std::string& text) { json.String(text.data(), static_cast<rapidjson::SizeType>(text.size())); };
  json.StartObject();
  member(json, "file", look->file);
  list(json, "layers", look->layers, put);
  list(json, "columns", look->columns, put);
  list(json, "samples", look->samples, [&](const std::vector<std::string>& row) {
    json.StartArray();
    std::ranges::for_each(row, put);
    json.EndArray();
  });
  json.Key("rows");
  if (look->rows) json.Int64(*look->rows);
  else json.Null();
  for (const auto& [key, text] : {std::pair{"geometry", look->geometry}, {"encoding", look->encoding}, {"crs", look->crs}}) member_or_null(json, key, text);
  json.EndObject();
  return json_response(200, json);
}

Result<Response> create_export(const Call& call) {
  const Input& b = call.body;
  auto file = service::export_file(call.context.reads, call.context.writes, call.who, {b.text("what"), b.text("format"), b.text("cell"), b.text("at"), b.text("from"), b.text("to"), call.id});
  if (!file) return fail(file.error());
  return file_response(200, file->name, file->media_type, std::move(file->bytes));
}

}  // namespace gridward::http
