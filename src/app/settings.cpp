#include "app/settings.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "default_config.gen.h"
#include "storage/conninfo.h"

namespace gridward::app {
namespace {

using Value = Settings::Value;

bool is_secret(std::string_view name) { return name == "database.password"; }

std::string variable_of(std::string_view name) {
  std::string out = "GRIDWARD_";
  for (const char c : name) out += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

/// How many letters must be changed, added or taken away to make one word of another (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t before = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j)
      before = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, before + (a[i - 1] == b[j - 1] ? 0 : 1)}));
  }
  return row.back();
}

/// What a value must be, in words.
const char* kind_of(const Value& value) {
  constexpr const char* kinds[] = {"true or false", "a whole number", "a text", "a list of texts"};
  return kinds[value.index()];
}

/// A value of a TOML file; nullopt when it is of a kind that no setting has.
std::optional<Value> from_toml(const toml::node& node) {
  if (const auto* v = node.as_boolean()) return Value{v->get()};
  if (const auto* v = node.as_integer()) return Value{v->get()};
  if (const auto* v = node.as_string()) return Value{v->get()};
  const auto* items = node.as_array();
  if (items == nullptr) return std::nullopt;
  std::vector<std::string> list;
  for (const auto& item : *items) {
    if (!item.is_string()) return std::nullopt;
    list.push_back(item.as_string()->get());
  }
  return Value{list};
}

/// A value of a variable or a flag: of the kind that the setting has.
std::optional<Value> from_text(const Value& like, const std::string& text) {
  if (std::holds_alternative<bool>(like)) return text == "true" || text == "false" ? std::optional<Value>(text == "true") : std::nullopt;
  if (std::holds_alternative<std::int64_t>(like)) {
    std::int64_t n = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), n);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? std::optional<Value>(n) : std::nullopt;
  }
  if (std::holds_alternative<std::string>(like)) return Value{text};
  std::vector<std::string> list;
  for (std::size_t at = 0; at < text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    list.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return Value{list};
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  return out + '"';
}

std::string to_toml(const Value& value) {
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  if (const auto* n = std::get_if<std::int64_t>(&value)) return std::to_string(*n);
  if (const auto* s = std::get_if<std::string>(&value)) return quoted(*s);
  std::string out;
  for (const std::string& item : std::get<std::vector<std::string>>(value)) out += (out.empty() ? "" : ", ") + quoted(item);
  return "[" + out + "]";
}

}  // namespace

Settings::Settings() {
  const toml::table defaults = toml::parse(default_toml);
  std::vector<std::pair<toml::source_index, Setting>> found;  // a table of toml++ is in the order of its names
  for (const auto& [section, table] : defaults)
    for (const auto& [name, node] : *table.as_table())
      found.emplace_back(node.source().begin.line, Setting{fmt::format("{}.{}", section.str(), name.str()), from_toml(node).value()});
  std::ranges::sort(found, {}, &std::pair<toml::source_index, Setting>::first);
  for (auto& [line, setting] : found) settings_.push_back(std::move(setting));
}

Settings::Setting* Settings::find(std::string_view name) {
  const auto found = std::ranges::find(settings_, name, &Setting::name);
  return found == settings_.end() ? nullptr : &*found;
}

const Settings::Setting& Settings::at(std::string_view name) const {
  const auto found = std::ranges::find(settings_, name, &Setting::name);
  if (found == settings_.end()) throw std::logic_error(fmt::format("config/default.toml has no {}", name));
  return *found;
}

Error Settings::unknown(std::string_view name, const std::string& where) const {
  const bool variable = name.starts_with("GRIDWARD_");
  const auto spelled = [&](const Setting& s) { return variable ? variable_of(s.name) : s.name; };
  const auto nearest = std::ranges::min_element(settings_, {}, [&](const Setting& s) { return distance(name, spelled(s)); });
  return {Errc::invalid_argument, fmt::format("{}there is no setting {}. The nearest is {}; all are in config/default.toml, and printed by gridward dump-config.", where, name, spelled(*nearest))};
}

Result<void> Settings::read_file(const std::filesystem::path& path) {
  toml::table table;
  try {
    table = toml::parse_file(path.string());
  } catch (const toml::parse_error& e) {
    const auto line = e.source().begin.line;
    return fail(Errc::invalid_argument, line == 0 ? fmt::format("{}: {}", path.string(), e.description()) : fmt::format("{}, line {}: {}", path.string(), line, e.description()));
  }
  for (const auto& [section, node] : table) {
    if (!node.is_table()) return fail(unknown(section.str(), fmt::format("{}, line {}: ", path.string(), node.source().begin.line)));
    for (const auto& [key, one] : *node.as_table()) {
      const std::string name = fmt::format("{}.{}", section.str(), key.str()), where = fmt::format("{}, line {}", path.string(), one.source().begin.line);
      Setting* setting = find(name);
      if (setting == nullptr) return fail(unknown(name, where + ": "));
      if (is_secret(name)) return fail(Errc::invalid_argument, fmt::format("{}: {} may not be in this file, which others read: give {}_file or {}.", where, name, name, variable_of(name)));
      auto value = from_toml(one);
      if (!value || value->index() != setting->value.index()) return fail(Errc::invalid_argument, fmt::format("{}: {} must be {}.", where, name, kind_of(setting->value)));
      setting->value = std::move(*value);
      setting->from = where;
    }
  }
  return {};
}

Result<void> Settings::read_environment(const char* const* variables) {
  for (; *variables != nullptr; ++variables) {
    const std::string_view pair = *variables;
    const auto equals = pair.find('=');
    if (!pair.starts_with("GRIDWARD_") || equals == std::string_view::npos) continue;
    const std::string_view variable = pair.substr(0, equals);
    const auto setting = std::ranges::find(settings_, variable, [](const Setting& s) { return variable_of(s.name); });
    if (setting == settings_.end()) return fail(unknown(variable, ""));
    if (auto done = set(setting->name, std::string(pair.substr(equals + 1)), std::string(variable)); !done) return done;
  }
  return {};
}

Result<void> Settings::set(std::string_view name, const std::string& text, const std::string& from) {
  Setting* setting = find(name);
  if (setting == nullptr) return fail(unknown(name, from + ": "));
  if (is_secret(name) && from.starts_with("--")) return fail(Errc::invalid_argument, fmt::format("{}: {} may not be a flag, which others see: give {}_file or {}.", from, name, name, variable_of(name)));
  auto value = from_text(setting->value, text);
  if (!value) return fail(Errc::invalid_argument, fmt::format("{}: {} must be {}, not \"{}\".", from, name, kind_of(setting->value), text));
  setting->value = std::move(*value);
  setting->from = from;
  return {};
}

std::string Settings::dump() const {
  std::string out, section;
  for (const Setting& s : settings_) {
    const auto dot = s.name.find('.');
    if (s.name.substr(0, dot) != section) {
      out += fmt::format("{}[{}]\n", section.empty() ? "" : "\n", s.name.substr(0, dot));
      section = s.name.substr(0, dot);
    }
    std::string value = to_toml(s.value);
    if (is_secret(s.name) && value != "\"\"") value = "\"***\"";
    if (s.name == "database.connection") value = quoted(storage::without_password(std::get<std::string>(s.value)));
    out += fmt::format("{} = {}  # {}\n", s.name.substr(dot + 1), value, s.from);
  }
  return out;
}

}  // namespace gridward::app
