#include "http/schema.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include <fmt/format.h>
#include <re2/re2.h>
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

namespace gridward::http {
namespace {

using rapidjson::Value;
using valijson::adapters::RapidJsonAdapter;

/// A type of a schema in words; the values that it may have beside null.
std::string type_in_words(const Value& schema) {
  static const std::map<std::string, std::string, std::less<>> words{{"string", "a text"}, {"integer", "an integer"}, {"number", "a number"}, {"boolean", "true or false"}, {"array", "a list"}, {"object", "an object"}};
  const auto word = [&](const Value& type) {
    const auto found = words.find(std::string_view(type.GetString()));
    return found == words.end() ? std::string("null") : found->second;
  };
  if (!schema.HasMember("type")) return "a value of another kind";
  if (schema["type"].IsString()) return word(schema["type"]);
  for (const Value& type : schema["type"].GetArray())
    if (type != "null") return word(type);
  return "null";
}

bool takes_null(const Value& schema) {
  return schema.HasMember("type") && schema["type"].IsArray() && std::ranges::any_of(schema["type"].GetArray(), [](const Value& type) { return type == "null"; });
}

/// What a value of a schema must be, in words. A description is such words where it begins like them; others say what a value means.
std::string wanted(const Value& schema) {
  const std::string said = schema.HasMember("description") ? schema["description"].GetString() : "";
  if (said.starts_with("a ") || said.starts_with("an ") || said.starts_with("at most ")) return "must be " + said;
  const char* const or_null = takes_null(schema) ? ", or null" : "";
  if (schema.HasMember("enum")) {
    std::string list;
    for (const auto& v : schema["enum"].GetArray())
      if (v.IsString()) list += (list.empty() ? "" : ", ") + std::string(v.GetString());
    return "must be one of " + list + or_null;
  }
  if (schema.HasMember("pattern")) return std::string("must match ") + schema["pattern"].GetString() + or_null;
  std::string out = "must be " + type_in_words(schema);
  for (const auto& [least, most, what] : {std::tuple{"minLength", "maxLength", "characters"}, std::tuple{"minItems", "maxItems", "members"}})
    if (schema.HasMember(most)) out += schema.HasMember(least) ? fmt::format(" of {} to {} {}", schema[least].GetUint(), schema[most].GetUint(), what) : fmt::format(" of at most {} {}", schema[most].GetUint(), what);
  for (const auto& [key, word] : {std::pair{"minimum", " from "}, std::pair{"maximum", " to "}})
    if (schema.HasMember(key)) out += word + fmt::format("{}", schema[key].GetDouble());
  return out + or_null;
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

std::string under(const std::string& field, const char* name) { return (field.empty() ? "" : field + ".") + name; }

/// The patterns of a schema, taken out of it: valijson would hand them to std::regex, which compiles them anew each time and
/// ends the process on a long text, since it recurses with every letter.
int take_patterns(Value& schema) {
  int taken = 0;
  if (schema.IsArray())
    for (Value& one : schema.GetArray()) taken += take_patterns(one);
  if (!schema.IsObject()) return taken;
  if (schema.HasMember("pattern") && schema["pattern"].IsString()) {
    schema.RemoveMember("pattern");
    ++taken;
  }
  for (auto& member : schema.GetObject()) taken += take_patterns(member.value);
  return taken;
}

}  // namespace

struct Schema::Compiled {
  /// Compiles the patterns that check_texts() will come to; how many.
  int add_patterns(const Value& schema) {
    int added = 0;
    if (schema.HasMember("pattern")) {
      const std::string pattern = schema["pattern"].GetString();
      const auto& one = patterns.emplace(pattern, std::make_unique<re2::RE2>(pattern)).first->second;
      if (!one->ok()) throw std::logic_error(pattern + ": " + one->error());
      ++added;
    }
    if (schema.HasMember("properties"))
      for (const auto& [name, property] : schema["properties"].GetObject()) added += add_patterns(property);
    if (schema.HasMember("items") && schema["items"].IsObject()) added += add_patterns(schema["items"]);
    return added;
  }

  valijson::Schema rest;  // all but the patterns
  std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> patterns;
};

Schema::Schema(const Value& source) : compiled_(std::make_unique<Compiled>()) {
  source_.CopyFrom(source, source_.GetAllocator());
  rapidjson::Document rest;
  rest.CopyFrom(source, rest.GetAllocator());
  if (take_patterns(rest) != compiled_->add_patterns(source_)) throw std::logic_error("a pattern of the contract stands where it would not be checked");
  valijson::SchemaParser().populateSchema(RapidJsonAdapter(rest), compiled_->rest);
}
Schema::Schema(Schema&&) noexcept = default;
Schema::~Schema() = default;

/// Texts by their patterns; and days that look like days and are not in the calendar, such as 2014-02-30, which a pattern cannot tell.
void Schema::check_texts(const Value& schema, const Value& value, const std::string& field, Fields& fields) const {
  if (value.IsObject() && schema.HasMember("properties"))
    for (const auto& [name, v] : value.GetObject())
      if (const auto property = schema["properties"].FindMember(name); property != schema["properties"].MemberEnd())
        check_texts(property->value, v, under(field, name.GetString()), fields);
  if (value.IsArray() && schema.HasMember("items") && schema["items"].IsObject())
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) check_texts(schema["items"], value[i], under(field, std::to_string(i).c_str()), fields);
  if (!value.IsString()) return;
  const std::string_view text(value.GetString(), value.GetStringLength());
  if (schema.HasMember("pattern") && !re2::RE2::PartialMatch(text, *compiled_->patterns.find(schema["pattern"].GetString())->second))
    fields.emplace(field, wanted(schema));
  else if (schema.HasMember("x-day") && !parse_day(text.substr(0, 10)))
    fields.emplace(field, "is not a day of the calendar");
}

std::optional<Error> Schema::check(const Value& value) const {
  valijson::ValidationResults results;
  Fields fields;
  const bool valid = valijson::Validator(valijson::Validator::kStrongTypes).validate(compiled_->rest, RapidJsonAdapter(value), &results);
  check_texts(source_, value, "", fields);
  if (valid && fields.empty()) return std::nullopt;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    FieldError one = to_field(source_, error);
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

}  // namespace gridward::http
