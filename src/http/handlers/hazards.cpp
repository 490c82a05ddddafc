#include "service/hazards.h"

#include <algorithm>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "base/day.h"
#include "http/dispatch.h"
#include "http/encode.h"
#include "http/params.h"

namespace gridward::http {
namespace {

void encode(Json& json, const service::Hazard& h) {
  const auto id_or_null = [&](const char* key, std::int64_t id) {
    json.Key(key);
    id == 0 ? json.Null() : json.Int64(id);
  };
  json.StartObject();
  member(json, "id", h.id);
  member(json, "found_on", h.found_on);
  id_or_null("enterprise", h.enterprise);
  id_or_null("cell", h.cell);
  member(json, "rule", h.rule);
  member(json, "lon", h.lon);
  member(json, "lat", h.lat);
  member_or_null(json, "external_id", h.external_id);
  member(json, "source", h.source);
  member(json, "grade", h.grade);
  member_or_null(json, "category", h.category);
  member_or_null(json, "due_on", h.due_on);
  member_or_null(json, "rectified_on", h.rectified_on);
  member_or_null(json, "closed_on", h.closed_on);
  json.EndObject();
}

bool is_uuid(const std::string& text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < 36; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

}  // namespace

Result<Response> list_hazards(const Call& call) {
  Params p(call.request);
  service::HazardFilter f;
  f.district = p.integer("district", 0, 1, INT32_MAX);
  f.cell = p.text("cell");
  f.from = p.day("from");
  f.to = p.day("to");
  f.open_at = p.day("open_at");
  f.source = p.text("source");
  f.grade = p.text("grade");
  f.direct = p.flag("direct");
  f.limit = static_cast<int>(p.integer("limit", 100, 1, 1000));
  const std::string after = p.text("after");
  if (!after.empty()) {
    if (after.size() != 47 || !parse_day(after.substr(0, 10)) || !is_uuid(after.substr(11))) p.refuse("after", "must be the `next` of the page before");
    else f.after_day = after.substr(0, 10), f.after_id = after.substr(11);
  }
  if (p.error()) return fail(*p.error());
  const auto hazards = service::list_hazards(call.context.reads, call.who, f);
  if (!hazards) return fail(hazards.error());
  Json json;
  json.StartObject();
  json.Key("items");
  json.StartArray();
  for (const auto& h : *hazards) encode(json, h);
  json.EndArray();
  const bool more = static_cast<int>(hazards->size()) == f.limit;
  member_or_null(json, "next", more ? hazards->back().found_on + "_" + hazards->back().id : "");
  json.EndObject();
  return json_response(200, json);
}

Result<Response> record_hazard(const Call& call) {
  rapidjson::Document body;
  body.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag>(call.request.body.c_str(), call.request.body.size());
  if (!body.IsObject()) return fail(Errc::invalid_argument, "Send a JSON object.");
  const auto text = [&](const char* key) -> std::string { return body.HasMember(key) && body[key].IsString() ? body[key].GetString() : ""; };
  const auto number = [&](const char* key) -> std::optional<double> {
    return body.HasMember(key) && body[key].IsNumber() ? std::optional(body[key].GetDouble()) : std::nullopt;
  };
  service::Hazard h;
  h.id = text("id");
  h.found_on = text("found_on");
  h.source = text("source");
  h.grade = text("grade");
  h.lon = number("lon");
  h.lat = number("lat");
  constexpr std::string_view sources[] = {"self_check", "patrol", "inspection", "public_report", "other"};
  if (!is_uuid(h.id)) return fail(Error::field("id", "must be a UUID that you make"));
  if (!parse_day(h.found_on)) return fail(Error::field("found_on", "must be a day such as 2024-05-31"));
  if (std::ranges::find(sources, h.source) == std::end(sources)) return fail(Error::field("source", "must be self_check, patrol, inspection, public_report or other"));
  if (h.grade != "general" && h.grade != "major") return fail(Error::field("grade", "must be general or major"));
  if (!body.HasMember("district") || !body["district"].IsInt64()) return fail(Error::field("district", "must be the id of a district"));
  if (h.lon.has_value() != h.lat.has_value() || (h.lon && (std::abs(*h.lon) > 180 || std::abs(*h.lat) > 90))) return fail(Error::field("lon", "give lon and lat in degrees, or neither"));
  const std::string due = text("due_on");
  if (!due.empty() && !parse_day(due)) return fail(Error::field("due_on", "must be a day such as 2024-05-31"));
  Json row;
  row.StartObject();
  member(row, "id", h.id);
  member(row, "day", h.found_on);
  member(row, "source", h.source);
  member(row, "grade", h.grade);
  member_or_null(row, "category", text("category"));
  member_or_null(row, "due_on", due);
  if (h.lon) member(row, "location", fmt::format("SRID=4490;POINT({:.17g} {:.17g})", *h.lon, *h.lat));
  row.EndObject();
  auto done = service::record_hazard(call.context.writes, call.who, body["district"].GetInt64(), h, row.text());
  if (!done) return fail(done.error());
  Json json;
  json.StartObject();
  member(json, "id", h.id);
  json.EndObject();
  return json_response(201, json);
}

}  // namespace gridward::http
