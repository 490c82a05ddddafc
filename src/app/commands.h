#pragma once

#include <CLI/CLI.hpp>

namespace gridward::app {

// Each adds one command to the program. The command does its work when the command line has been read and leaves the program's exit code in
// `code`; where it cannot go on it throws std::runtime_error with what to do.
void add_demo(CLI::App& app, int& code);
void add_serve(CLI::App& app, int& code);
void add_migrate(CLI::App& app, int& code);
void add_import(CLI::App& app, int& code);
void add_export(CLI::App& app, int& code);
void add_simulate(CLI::App& app, int& code);
void add_check(CLI::App& app, int& code);
void add_user(CLI::App& app, int& code);
void add_backup(CLI::App& app, int& code);
void add_restore(CLI::App& app, int& code);
void add_dump_config(CLI::App& app, int& code);

}  // namespace gridward::app
