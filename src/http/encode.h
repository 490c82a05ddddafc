#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/result.h"
#include "domain/cell.h"
#include "domain/figure.h"
#include "domain/period.h"
#include "http/request.h"
#include "service/cells.h"
#include "service/imports.h"
#include "service/write.h"

namespace gridward::http {

/// A JSON text in the making. Numbers are written shortest that read back the same.
class Json : public rapidjson::Writer<rapidjson::StringBuffer> {
 public:
  Json() : Writer(buffer_) {}
  [[nodiscard]] std::string text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  rapidjson::StringBuffer buffer_;
};

void member(Json& json, const char* key, std::string_view value);
/// null when empty.
void member_or_null(Json& json, const char* key, std::string_view value);
void member(Json& json, const char* key, const std::optional<double>& value);
void member(Json& json, const char* key, std::int64_t value);

/// A list under a key; `each(item)` writes one.
template <class Items, class Each>
void list(Json& json, const char* key, const Items& items, const Each& each) {
  json.Key(key);
  json.StartArray();
  for (const auto& item : items) each(item);
  json.EndArray();
}

/// Somebody, by id; the phone null when it is not known.
void encode_person(Json& json, std::int64_t id, std::string_view name, std::string_view phone);

void encode(Json& json, const service::ImportReport& report);

Response json_response(int status, const Json& json, const char* type = "application/json");

/// A document that is JSON already.
Response text_response(int status, std::string json);
/// What a write answers, or its error.
Result<Response> written_response(const Result<service::Written>& written);

void encode(Json& json, const Cell& cell);
/// A GeoJSON feature; `more` writes what else it has.
void encode_feature(Json& json, const Cell& cell, const std::function<void()>& more = nullptr);
void encode(Json& json, const service::NamedOverlay& overlay);
void encode(Json& json, const service::Chain& chain);
/// A window with the period that it is.
void encode(Json& json, const char* key, const Period& period);
/// What it is compared with, by name.
void encode(Json& json, const char* key, const std::vector<TableComparison>& compared);

}  // namespace gridward::http
