#include "http/contract.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/day.h"
#include "http/credential.h"
#include "http/schema.h"

namespace gridward::http {
namespace {

using rapidjson::Value;

/// The schemas of one route, compiled once.
struct Compiled {
  explicit Compiled(std::string_view text) {
    rapidjson::Document source;
    source.Parse(text.data(), text.size());
    parameters.emplace(source["parameters"]);
    if (source.HasMember("body")) body.emplace(source["body"]);
    if (source.HasMember("files"))
      for (const auto& type : source["files"].GetArray()) files.emplace_back(type.GetString());
  }

  /// Whether the body is of a media type that the contract takes beside JSON: its handler reads it.
  [[nodiscard]] bool is_file(const Request& request) const {
    const std::string* type = request.header("content-type");
    return type != nullptr && std::ranges::any_of(files, [&](const std::string& f) { return type->starts_with(f); });
  }

  std::optional<Schema> parameters, body;
  std::vector<std::string> files;
};

const Compiled& compiled(const Route& route) {
  static const auto table = [] {
    std::map<Operation, std::unique_ptr<Compiled>> out;
    for (const Route& r : routes) out.emplace(r.operation, std::make_unique<Compiled>(r.takes));
    return out;
  }();
  return *table.at(route.operation);
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
  const Value& known = c.parameters->source()["properties"];
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
  if (auto error = c.parameters->check(out)) return fail(std::move(*error));
  return Input(std::move(out));
}

Result<Input> read_body(const Route& route, const Request& request) {
  const Compiled& c = compiled(route);
  if (!c.body || c.is_file(request)) return Input();
  rapidjson::Document out;
  out.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag>(request.body.data(), request.body.size());
  if (out.HasParseError())
    return fail(Errc::invalid_argument, fmt::format("The body is not JSON: {} (at byte {})", rapidjson::GetParseError_En(out.GetParseError()), out.GetErrorOffset()));
  if (auto error = c.body->check(out)) return fail(std::move(*error));
  return Input(std::move(out));
}

}  // namespace gridward::http
