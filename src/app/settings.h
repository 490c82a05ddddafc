#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace gridward::app {

/// The settings of config/default.toml, overlaid by a file, by variables and by flags. Each remembers where its value came from; a name that
/// default.toml does not have is refused, with the nearest that it has.
class Settings {
 public:
  using Value = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;
  struct Setting {
    std::string name;  // "http.port"
    Value value;
    std::string from = "default";
  };

  /// The defaults that are compiled in.
  Settings();
  /// A TOML file of the same shape. Secrets may not be in it.
  Result<void> read_file(const std::filesystem::path& path);
  /// Variables GRIDWARD_SECTION_NAME of an environment such as environ.
  Result<void> read_environment(const char* const* variables);
  /// One value as text; `from` is where it was given, such as "--port". A list is comma-separated.
  Result<void> set(std::string_view name, const std::string& text, const std::string& from);

  [[nodiscard]] bool boolean(std::string_view name) const { return std::get<bool>(at(name).value); }
  [[nodiscard]] std::int64_t integer(std::string_view name) const { return std::get<std::int64_t>(at(name).value); }
  [[nodiscard]] const std::string& text(std::string_view name) const { return std::get<std::string>(at(name).value); }
  [[nodiscard]] const std::vector<std::string>& list(std::string_view name) const { return std::get<std::vector<std::string>>(at(name).value); }
  [[nodiscard]] const Setting& at(std::string_view name) const;
  /// In the order of default.toml.
  [[nodiscard]] const std::vector<Setting>& all() const { return settings_; }

  /// As TOML, each value with where it came from; secrets as ***.
  [[nodiscard]] std::string dump() const;

 private:
  Setting* find(std::string_view name);
  [[nodiscard]] Error unknown(std::string_view name, const std::string& where) const;

  std::vector<Setting> settings_;
};

}  // namespace gridward::app
