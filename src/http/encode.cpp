#include "http/encode.h"

#include <cmath>

namespace gridward::http {

void member(Json& json, const char* key, std::string_view value) {
  json.Key(key);
  json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void member_or_null(Json& json, const char* key, std::string_view value) {
  if (!value.empty()) return member(json, key, value);
  json.Key(key);
  json.Null();
}

void member(Json& json, const char* key, const std::optional<double>& value) {
  json.Key(key);
  if (!value || !std::isfinite(*value)) {
    json.Null();
  } else if (*value == std::floor(*value) && std::abs(*value) < 1e15) {
    json.Int64(static_cast<std::int64_t>(*value));
  } else {
    json.Double(*value);
  }
}

void member(Json& json, const char* key, std::int64_t value) {
  json.Key(key);
  json.Int64(value);
}

Response json_response(int status, const Json& json, const char* type) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", type}};
  response.body = std::make_shared<const std::string>(json.text());
  return response;
}

Response text_response(int status, std::string json) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = std::make_shared<const std::string>(std::move(json));
  return response;
}

Result<Response> written_response(const Result<service::Written>& written) {
  if (!written) return fail(written.error());
  if (!written->json.empty()) return text_response(written->status, written->json);
  Response response;
  response.status = written->status;
  return response;
}

namespace {

void members(Json& json, const Cell& cell) {
  member(json, "id", cell.id);
  member(json, "district", cell.district);
  member(json, "level", level_name(cell.level));
  member(json, "kind", cell.kind);
  member(json, "name", cell.name);
  member(json, "scheme", cell.scheme);
  member(json, "code", cell.code);
  json.Key("parent");
  if (cell.parent == 0) json.Null();
  else json.Int64(cell.parent);
  json.Key("valid");
  json.StartObject();
  member_or_null(json, "from", cell.valid_from);
  member_or_null(json, "to", cell.valid_to);
  json.EndObject();
  member(json, "area_km2", cell.area_m2 ? std::optional(*cell.area_m2 / 1e6) : std::nullopt);
}

}  // namespace

void encode(Json& json, const Cell& cell) {
  json.StartObject();
  members(json, cell);
  json.EndObject();
}

void encode_feature(Json& json, const Cell& cell, const std::function<void()>& more) {
  json.StartObject();
  member(json, "type", "Feature");
  member(json, "id", cell.id);
  json.Key("properties");
  encode(json, cell);
  json.Key("geometry");
  if (cell.geometry.empty()) json.Null();
  else json.RawValue(cell.geometry.data(), cell.geometry.size(), rapidjson::kObjectType);
  if (more) more();
  json.EndObject();
}

void encode_person(Json& json, std::int64_t id, std::string_view name, std::string_view phone) {
  json.StartObject();
  member(json, "id", id);
  member(json, "name", name);
  member_or_null(json, "phone", phone);
  json.EndObject();
}

void encode(Json& json, const service::NamedOverlay& overlay) {
  json.StartObject();
  member(json, "id", overlay.id);
  member(json, "code", overlay.code);
  member(json, "name", overlay.name);
  member(json, "kind", overlay.kind);
  json.EndObject();
}

void encode(Json& json, const service::Holder& h) {
  json.StartObject();
  member(json, "post", h.post);
  json.Key("acting");
  json.Bool(h.acting);
  json.Key("person");
  encode_person(json, h.person, h.name, h.phone);
  json.EndObject();
}

void encode(Json& json, const service::OverlayPlace& place) {
  json.StartObject();
  json.Key("overlay");
  encode(json, place.overlay);
  json.Key("area");
  json.StartObject();
  member(json, "id", place.area);
  member(json, "code", place.code);
  member(json, "name", place.name);
  json.EndObject();
  list(json, "holders", place.holders, [&](const auto& h) { encode(json, h); });
  json.EndObject();
}

void encode(Json& json, const service::Chain& chain) {
  json.StartObject();
  list(json, "chain", chain.links, [&](const auto& link) {
    json.StartObject();
    json.Key("cell");
    encode(json, link.cell);
    list(json, "holders", link.holders, [&](const auto& h) { encode(json, h); });
    json.EndObject();
  });
  list(json, "contact_points", chain.contacts, [&](const auto& c) {
    json.StartObject();
    member(json, "cell", c.cell);
    json.Key("person");
    encode_person(json, c.person, c.name, c.phone);
    json.Key("visit_days");
    c.visit_days == 0 ? json.Null() : json.Int64(c.visit_days);
    json.EndObject();
  });
  if (chain.overlays) list(json, "overlays", *chain.overlays, [&](const auto& place) { encode(json, place); });
  json.EndObject();
}

void encode(Json& json, const char* key, const Period& period) {
  json.Key(key);
  json.StartObject();
  member(json, "from", to_string(period.window.from));
  member(json, "to", to_string(period.window.to));
  member(json, "kind", period_name(period.kind));
  json.Key("running");
  json.Bool(period.running);
  member(json, "ends", to_string(period.whole.to));
  json.EndObject();
}

void encode(Json& json, const char* key, const std::vector<TableComparison>& compared) {
  json.Key(key);
  json.StartObject();
  for (const TableComparison& c : compared) {
    const bool made = c.reason.empty() || c.window.from < c.window.to;
    json.Key(std::string(comparison_name(c.with)).c_str());
    json.StartObject();
    member_or_null(json, "from", made ? to_string(c.window.from) : "");
    member_or_null(json, "to", made ? to_string(c.window.to) : "");
    member(json, "days", made ? std::optional<double>(static_cast<double>((c.window.to - c.window.from).count())) : std::nullopt);
    member_or_null(json, "basis", c.basis);
    member_or_null(json, "reason", c.reason);
    json.EndObject();
  }
  json.EndObject();
}

void encode(Json& json, const service::ImportReport& report) {
  const auto texts = [&](const char* key, const std::vector<std::string>& values) {
    json.Key(key);
    json.StartArray();
    for (const auto& value : values) json.String(value.c_str(), static_cast<rapidjson::SizeType>(value.size()));
    json.EndArray();
  };
  json.StartObject();
  json.Key("written");
  json.Bool(report.written);
  json.Key("tables");
  json.StartArray();
  for (const auto& c : report.counts) {
    json.StartObject();
    member(json, "table", c.table);
    member(json, "file", c.file);
    for (const auto& [name, value] : {std::pair{"added", c.added}, {"changed", c.changed}, {"as_before", c.same}, {"repeated", c.repeated}, {"repaired", c.repaired}}) member(json, name, value);
    texts("gone", c.gone);
    texts("suspects", c.suspects);
    json.EndObject();
  }
  json.EndArray();
  member(json, "bad_total", report.bad_total);
  json.Key("bad");
  json.StartArray();
  for (const auto& b : report.bad) {
    json.StartObject();
    member(json, "file", b.file);
    member(json, "row", b.row);
    member(json, "column", b.column);
    member(json, "reason", b.reason.en);
    member(json, "reason_zh", b.reason.zh);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

}  // namespace gridward::http
