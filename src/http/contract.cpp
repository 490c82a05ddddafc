#include "http/contract.h"

#include <charconv>
#include <map>

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#include <valijson/adapters/rapidjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

#include "base/day.h"
#include "http/credential.h"

namespace gridward::http {
namespace {

using rapidjson::Value;
using valijson::adapters::RapidJsonAdapter;

/// The schemas of one route, compiled once.
struct Compiled {
  explicit Compiled(std::string_view text) {
    source.Parse(text.data(), text.size());
    valijson::SchemaParser parser;
    parser.populateSchema(RapidJsonAdapter(source["parameters"]), parameters);
    if (source.HasMember("body")) parser.populateSchema(RapidJsonAdapter(source["body"]), body.emplace());
  }
  rapidjson::Document source;
  valijson::Schema parameters;
  std::optional<valijson::Schema> body;
};

const Compiled& compiled(const Route& route) {
  static const auto table = [] {
    std::map<Operation, std::unique_ptr<Compiled>> out;
    for (const Route& r : routes) out.emplace(r.operation, std::make_unique<Compiled>(r.takes));
    return out;
  }();
  return *table.at(route.operation);
}

/// What a value of a schema must be, in words.
std::string wanted(const Value& schema) {
  if (schema.HasMember("description")) return std::string("must be ") + schema["description"].GetString();
  if (schema.HasMember("enum")) {
    std::string list;
    for (const auto& v : schema["enum"].GetArray()) list += (list.empty() ? "" : ", ") + std::string(v.GetString());
    return "must be one of " + list;
  }
  std::string type = schema.HasMember("type") && schema["type"].IsString() ? schema["type"].GetString() : "value of another kind";
  if (schema.HasMember("pattern") && type == "string") return std::string("must match ") + schema["pattern"].GetString();
  std::string out = (type == "integer" ? "must be an " : "must be a ") + type;
  for (const auto& [key, word] : {std::pair{"minimum", " from "}, std::pair{"maximum", " to "}})
    if (schema.HasMember(key)) out += word + fmt::format("{:g}", schema[key].GetDouble());
  return out;
}

std::string between_quotes(const std::string& text) {
  const auto end = text.rfind('\'');
  const auto start = end == std::string::npos ? end : text.rfind('\'', end - 1);
  return start == std::string::npos ? "" : text.substr(start + 1, end - start - 1);
}

FieldError to_field(const Value& schema, const valijson::ValidationResults::Error& error) {
  std::string field;
  const Value* at = &schema;
  for (std::size_t i = 1; i < error.context.size(); ++i) {
    const std::string name = error.context[i].substr(1, error.context[i].size() - 2);
    field += (field.empty() ? "" : ".") + name;
    if (at == nullptr || !at->IsObject()) continue;
    if (at->HasMember("properties") && (*at)["properties"].HasMember(name.c_str())) at = &(*at)["properties"][name.c_str()];
    else if (at->HasMember("items")) at = &(*at)["items"];
    else at = nullptr;
  }
  const std::string inner = (field.empty() ? "" : field + ".") + between_quotes(error.description);
  if (error.description.starts_with("Missing required")) return {inner, "is needed"};
  if (error.description.starts_with("Object contains a property")) return {inner, "is not known here"};
  return {field, at == nullptr ? error.description : wanted(*at)};
}

/// Days that look like days and are not in the calendar, such as 2014-02-30; a pattern cannot tell.
void check_days(const Value& schema, const Value& value, std::map<std::string, std::string>& fields) {
  if (!value.IsObject() || !schema.HasMember("properties")) return;
  for (const auto& [name, v] : value.GetObject()) {
    const auto property = schema["properties"].FindMember(name);
    if (property == schema["properties"].MemberEnd() || !v.IsString() || !property->value.HasMember("x-day")) continue;
    if (!parse_day(std::string_view(v.GetString()).substr(0, 10))) fields.emplace(name.GetString(), "is not a day of the calendar");
  }
}

/// Checks a value; nothing when it is in order.
std::optional<Error> check(const valijson::Schema& schema, const Value& source, const Value& value) {
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  std::map<std::string, std::string> fields;
  if (validator.validate(schema, RapidJsonAdapter(value), &results)) {
    check_days(source, value, fields);
    if (fields.empty()) return std::nullopt;
  }
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    FieldError one = to_field(source, error);
    if (!one.field.empty()) fields.emplace(std::move(one.field), std::move(one.detail));
  }
  // A parent is refused along with its child, and an object along with the member that it may not have: say it once.
  Error out{Errc::invalid_argument, "", {}};
  for (const auto& [field, detail] : fields) {
    const auto next = fields.upper_bound(field);
    if (next != fields.end() && next->first.starts_with(field + ".")) continue;
    if (!out.detail.empty()) out.detail += "; ";
    out.detail += field + ": " + detail;
    out.fields.push_back({field, detail});
  }
  if (out.detail.empty()) out.detail = "Send a JSON object.";
  return out;
}

/// A parameter as JSON: of the type that its schema names, if it reads as one.
Value typed(const Value& schema, const std::string& text, rapidjson::Document::AllocatorType& memory) {
  const std::string type = schema.HasMember("type") && schema["type"].IsString() ? schema["type"].GetString() : "string";
  const char* const end = text.data() + text.size();
  if (type == "integer") {
    std::int64_t n = 0;
    if (const auto r = std::from_chars(text.data(), end, n); r.ec == std::errc{} && r.ptr == end) return Value(n);
  } else if (type == "number") {
    double n = 0;
    if (const auto r = std::from_chars(text.data(), end, n); r.ec == std::errc{} && r.ptr == end) return Value(n);
  } else if (type == "boolean" && (text == "true" || text == "false")) {
    return Value(text == "true");
  }
  return Value(text.c_str(), static_cast<rapidjson::SizeType>(text.size()), memory);
}

}  // namespace

bool Input::has(const char* name) const { return document_.HasMember(name) && !document_[name].IsNull(); }
std::string Input::text(const char* name) const {
  if (!has(name)) return "";
  const Value& v = document_[name];
  return v.IsString() ? std::string(v.GetString(), v.GetStringLength()) : v.IsInt64() ? std::to_string(v.GetInt64()) : "";
}
std::string Input::plain(const char* name) const {
  const Value& v = document_[name];
  return v.IsBool() ? (v.IsTrue() ? "true" : "false") : text(name);
}
std::int64_t Input::integer(const char* name, std::int64_t otherwise) const { return has(name) ? document_[name].GetInt64() : otherwise; }
std::optional<double> Input::number(const char* name) const { return has(name) ? std::optional(document_[name].GetDouble()) : std::nullopt; }
bool Input::flag(const char* name) const { return has(name) && document_[name].IsTrue(); }
std::string Input::json() const {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  document_.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

service::RecordsAsked read_records(const Input& p) {
  return {p.integer("district"), p.text("cell"), p.flag("direct"), p.text("from"), p.text("to"), p.text("mode"), p.text("as_of"), p.text("known_at")};
}

Result<void> check_point(const Input& body) {
  if (body.has("lon") != body.has("lat")) return fail(Error::field(body.has("lon") ? "lat" : "lon", "give lon and lat, or neither"));
  return {};
}

Result<PeriodAsked> read_period(const Input& p) {
  if (p.has("period")) {
    for (const char* other : {"from", "to"})
      if (p.has(other)) return fail(Error::field(other, "does not go with period: give one or the other"));
    return parse_period(p.text("period"));
  }
  for (const char* needed : {"from", "to"})
    if (!p.has(needed)) return fail(Error::field(needed, "give from and to, or period"));
  const Window days{*parse_day(p.text("from")), *parse_day(p.text("to"))};  // the contract has seen to it that they are days
  if (days.from >= days.to) return fail(Error::field("to", "must be later than from (it is the first day after the window)"));
  return PeriodAsked{PeriodKind::own, false, days};
}

Result<Input> read_parameters(const Route& route, const Request& request, const Pairs& path) {
  const Compiled& c = compiled(route);
  const Value& known = c.source["parameters"]["properties"];
  rapidjson::Document out(rapidjson::kObjectType);
  auto& memory = out.GetAllocator();
  Pairs all = path;
  all.insert(all.end(), request.query.begin(), request.query.end());
  for (const auto& [name, text] : all) {
    if (name == kKeyParameter) continue;
    if (!known.HasMember(name.c_str())) return fail(Error::field(name, "is not a parameter of this address"));
    if (out.HasMember(name.c_str())) return fail(Error::field(name, "is given twice"));
    out.AddMember(Value(name.c_str(), memory), typed(known[name.c_str()], text, memory), memory);
  }
  if (auto error = check(c.parameters, c.source["parameters"], out)) return fail(std::move(*error));
  return Input(std::move(out));
}

Result<Input> read_body(const Route& route, const Request& request) {
  const Compiled& c = compiled(route);
  if (!c.body) return Input();
  rapidjson::Document out;
  out.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag>(request.body.data(), request.body.size());
  if (out.HasParseError())
    return fail(Errc::invalid_argument, fmt::format("The body is not JSON: {} (at byte {})", rapidjson::GetParseError_En(out.GetParseError()), out.GetErrorOffset()));
  if (auto error = check(*c.body, c.source["body"], out)) return fail(std::move(*error));
  return Input(std::move(out));
}

}  // namespace gridward::http
