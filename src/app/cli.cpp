#include "app/cli.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "storage/migrate.h"

namespace gridward::app {

SettingFlags::SettingFlags(CLI::App& command) {
  command.add_option("--config", file_, "a TOML file of settings; gridward dump-config prints them all")->check(CLI::ExistingFile);
  command.add_option("--set", sets_, "any setting, such as http.workers=16; may be repeated")->type_name("SECTION.NAME=VALUE")->allow_extra_args(false);
}

CLI::Option* SettingFlags::add(CLI::App& command, const std::string& flag, const std::string& setting, const std::string& help) {
  return command.add_option_function<std::string>(flag, [this, flag, setting](const std::string& text) { given_.push_back({setting, text, flag}); }, help);
}

CLI::Option* SettingFlags::add_switch(CLI::App& command, const std::string& flag, const std::string& setting, const std::string& help) {
  return command.add_flag_callback(flag, [this, flag, setting] { given_.push_back({setting, "true", flag}); }, help);
}

Settings SettingFlags::settings() const {
  Settings out;
  if (!file_.empty()) or_stop(out.read_file(file_));
  or_stop(out.read_environment(environ));
  for (const std::string& pair : sets_) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) throw std::runtime_error("--set takes SECTION.NAME=VALUE, such as --set http.workers=16.");
    or_stop(out.set(pair.substr(0, equals), pair.substr(equals + 1), "--set"));
  }
  for (const Given& g : given_) or_stop(out.set(g.setting, g.text, g.flag));
  return out;
}

std::string ready_database(const DatabaseConfig& config) {
  const Secret url = or_stop(config.url());
  or_stop(storage::check_schema(url.reveal()));
  return url.reveal();
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw std::runtime_error(fmt::format("{} cannot be written: {}.", path, std::strerror(errno)));
}

}  // namespace gridward::app
