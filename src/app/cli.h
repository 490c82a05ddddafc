#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/config.h"
#include "base/result.h"

namespace gridward::app {

/// The value of a result, or the end of the program with its reason.
template <class T>
T or_stop(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// The flags of a command that stand for settings: --config and --set always, others by name. Must outlive the parsing.
class SettingFlags {
 public:
  explicit SettingFlags(CLI::App& command);
  /// A flag of its own for a setting.
  CLI::Option* add(CLI::App& command, const std::string& flag, const std::string& setting, const std::string& help);
  /// The same for one that is true when given.
  CLI::Option* add_switch(CLI::App& command, const std::string& flag, const std::string& setting, const std::string& help);
  /// --database.
  void add_database(CLI::App& command) { add(command, "--database", "database.connection", "connection string, such as \"host=/run/postgresql dbname=gridward user=gridward_app\""); }

  /// Defaults, then --config, then variables, then flags. Throws std::runtime_error.
  [[nodiscard]] Settings settings() const;
  [[nodiscard]] Config config() const { return or_stop(read_config(settings())); }

 private:
  struct Given {
    std::string setting, text, flag;
  };
  std::string file_;
  std::vector<std::string> sets_;
  std::vector<Given> given_;
};

/// The connection string of a database that answers and has this version's schema. Throws std::runtime_error with what to do.
[[nodiscard]] std::string ready_database(const DatabaseConfig& config);

/// Writes a whole file. Throws std::runtime_error with the reason, such as a full disk.
void write_file(const std::string& path, const std::string& bytes);

}  // namespace gridward::app
