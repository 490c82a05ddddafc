#include "http/listing.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "http/encode.h"
#include "http/table_words.h"
#include "service/known.h"

namespace gridward::http {
namespace {

using rapidjson::Value;

/// A column of a list as a table, as the contract has it.
struct Column {
  std::vector<std::string> path;
  geo::FieldType type = geo::FieldType::text;
  bool required = true;
  [[nodiscard]] std::string name() const { return fmt::format("{}", fmt::join(path, "_")); }
};

geo::FieldType type_named(std::string_view name) {
  using enum geo::FieldType;
  for (const auto& [known, type] : {std::pair{"integer", integer}, std::pair{"real", real}, std::pair{"day", day}, std::pair{"boolean", boolean}})
    if (name == known) return type;
  return text;
}

std::vector<Column> columns_of(std::string_view text) {
  std::vector<Column> columns;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    Column column;
    column.type = type_named(line.substr(line.find(' ') + 1));
    line = line.substr(0, line.find(' '));
    column.required = !line.ends_with('?');
    if (!column.required) line.remove_suffix(1);
    while (!line.empty()) {
      const std::string_view part = line.substr(0, line.find('.'));
      column.path.emplace_back(part);
      line.remove_prefix(std::min(line.size(), part.size() + 1));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

const Value* find(const Value& from, const std::vector<std::string>& path) {
  const Value* at = &from;
  for (const std::string& name : path) {
    if (!at->IsObject() || !at->HasMember(name.c_str())) return nullptr;
    at = &(*at)[name.c_str()];
  }
  return at;
}

/// A document whose numbers stay the text that they are.
rapidjson::Document parse(const std::string& item) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseNumbersAsStringsFlag>(item.data(), item.size());
  return document;
}

/// What stands at a path of a document: a text, number or truth value as it is, all else as JSON.
std::optional<std::string> text_at(const std::string& item, const Value& parsed, const std::vector<std::string>& path) {
  const Value* value = find(parsed, path);
  if (value == nullptr || value->IsNull()) return std::nullopt;
  if (value->IsString()) return std::string(value->GetString(), value->GetStringLength());
  if (value->IsBool()) return value->GetBool() ? "true" : "false";
  rapidjson::Document whole;
  whole.Parse<rapidjson::kParseFullPrecisionFlag>(item.data(), item.size());
  Json json;
  find(whole, path)->Accept(json);
  return json.text();
}

/// The target of a request with another `after`.
std::string next_target(const std::string& target, const std::string& after) {
  const auto mark = target.find('?');
  std::string out = target.substr(0, mark) + "?";
  for (std::string_view rest = mark == std::string::npos ? std::string_view{} : std::string_view(target).substr(mark + 1); !rest.empty();) {
    const auto end = rest.find('&');
    if (!rest.starts_with("after=")) out.append(rest.substr(0, end)).append("&");
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return out + "after=" + after;
}

/// {before}items{after}"next": ...}, with a Link to the next page.
Response paged(const Call& call, const service::Page& page, std::string text, Format format) {
  for (const std::string& item : page.items) text.append(&item == &page.items.front() ? "\n" : ",\n").append(item);
  text += page.next.empty() ? "\n],\"next\":null}" : "\n],\"next\":\"" + page.next + "\"}";
  Response response = text_response(200, std::move(text));
  response.headers.front().second = media_type(format);
  if (!page.next.empty()) response.headers.emplace_back("Link", "<" + next_target(call.request.target, page.next) + ">; rel=\"next\"");
  return response;
}

/// An item as a GeoJSON feature: its point is what its lon and lat say. It keeps them, so that it reads the same in every format.
std::string feature_of(const std::string& item) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseFullPrecisionFlag>(item.data(), item.size());
  Json json;
  json.StartObject();
  member(json, "type", "Feature");
  json.Key("id");
  document["id"].Accept(json);
  json.Key("geometry");
  if (document["lon"].IsNumber() && document["lat"].IsNumber()) {
    json.StartObject();
    member(json, "type", "Point");
    json.Key("coordinates");
    json.StartArray();
    for (const char* name : {"lon", "lat"}) document[name].Accept(json);
    json.EndArray();
    json.EndObject();
  } else {
    json.Null();
  }
  json.Key("properties");
  json.RawValue(item.data(), item.size(), rapidjson::kObjectType);
  json.EndObject();
  return json.text();
}

/// The districts that rows are of, by their ids.
Result<std::vector<District>> districts_of(const Call& call, const std::set<std::string>& ids) {
  const auto all = call.context.known.districts();
  if (!all) return fail(all.error());
  std::vector<District> out;
  for (const District& d : **all)
    if (ids.contains(std::to_string(d.id))) out.push_back(d);
  return out;
}

/// Marks rows of made-up districts, and notes until when the data of each district are.
Result<void> add_notes(const Call& call, geo::Table& table, const std::vector<std::string>& district_of_row) {
  const auto districts = districts_of(call, {district_of_row.begin(), district_of_row.end()});
  if (!districts) return fail(districts.error());
  std::set<std::string> made_up;
  for (const District& d : *districts) {
    table.notes.emplace_back("数据截至 data_until (" + d.scheme + ")", d.last_day.empty() ? "—" : d.last_day);
    if (d.synthetic) made_up.insert(std::to_string(d.id));
  }
  if (made_up.empty()) return {};
  table.notes.emplace_back("数据性质 data_note", kSynthetic);
  table.fields.push_back({"data_note"});
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    table.rows[i].values.push_back(made_up.contains(district_of_row[i]) ? std::optional<std::string>(kSynthetic) : std::nullopt);
  return {};
}

/// A list as a table. A column that need not be there is, where any item has it.
Result<geo::Table> table_of(const Call& call, const service::Page& page) {
  std::vector<rapidjson::Document> parsed;
  for (const std::string& item : page.items) parsed.push_back(parse(item));
  auto columns = columns_of(call.route.columns);
  std::erase_if(columns, [&](const Column& c) {
    return !c.required && std::ranges::none_of(parsed, [&](const auto& document) { return find(document, c.path) != nullptr; });
  });
  geo::Table table;
  for (const Column& c : columns) table.fields.push_back({c.name(), c.type});
  std::vector<std::string> districts;
  for (std::size_t i = 0; i < parsed.size(); ++i) {
    geo::Table::Row row;
    for (const Column& c : columns) row.values.push_back(text_at(page.items[i], parsed[i], c.path));
    table.rows.push_back(std::move(row));
    districts.push_back(text_at(page.items[i], parsed[i], {"district"}).value_or(""));
  }
  if (auto ok = add_notes(call, table, districts); !ok) return fail(ok.error());
  return table;
}

}  // namespace

int limit_of(const Call& call) {
  const bool sheet = call.format == Format::csv || call.format == Format::xlsx;
  return static_cast<int>(call.parameters.integer("limit", sheet ? kWholeList + 1 : 100));
}

Response file_response(const Call& call, const std::string& name, std::string bytes) {
  Response response;
  response.headers = {{"Content-Type", media_type(call.format)}, {"Content-Disposition", "attachment; filename=" + name}};
  response.body = std::make_shared<const std::string>(std::move(bytes));
  return response;
}

Result<Response> sheet_response(const Call& call, geo::Table table) {
  table.name = call.request.segments.back();
  if (call.parameters.text("lang") == "zh") tell_in_chinese(table);
  const std::string extension = call.format == Format::csv ? "csv" : "xlsx";
  auto bytes = geo::write_file(table, extension);
  if (!bytes) return fail(bytes.error());
  return file_response(call, fmt::format("{}.{}", table.name, extension), std::move(*bytes));
}

Result<Response> list_response(const Call& call, const service::Page& page, const std::string& head) {
  if (call.format == Format::geojson) {
    service::Page features{{}, page.next};
    for (const std::string& item : page.items) features.items.push_back(feature_of(item));
    return features_response(call, features);
  }
  if (call.format != Format::csv && call.format != Format::xlsx) return paged(call, page, "{" + head + "\"items\":[", Format::json);
  if (page.items.size() > kWholeList)
    return fail(Errc::too_large, fmt::format("A list is given whole up to {} rows, and this is longer: narrow it, take pages with limit and after, or use POST /api/v1/exports.", kWholeList));
  auto table = table_of(call, page);
  if (!table) return fail(table.error());
  auto response = sheet_response(call, std::move(*table));
  if (response && !page.next.empty()) response->headers.emplace_back("Link", "<" + next_target(call.request.target, page.next) + ">; rel=\"next\"");
  return response;
}

Response features_response(const Call& call, const service::Page& features) {
  return paged(call, features, "{\"type\":\"FeatureCollection\",\"features\":[", Format::geojson);
}

Response item_response(const Call& call, const std::string& item) {
  Response response = text_response(200, call.format == Format::geojson ? feature_of(item) : item);
  response.headers.front().second = media_type(call.format == Format::geojson ? Format::geojson : Format::json);
  return response;
}

}  // namespace gridward::http
