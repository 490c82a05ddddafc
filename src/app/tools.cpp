#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/commands.h"
#include "service/auth.h"
#include "service/cells.h"
#include "service/describe.h"
#include "service/exports.h"
#include "service/imports.h"
#include "service/simulate.h"
#include "sql.gen.h"

namespace gridward::app {
namespace {

int report_error(const Error& error) {
  std::cerr << error.detail << '\n';
  return 1;
}

bool write_file(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) std::cerr << path << " cannot be written.\n";
  return static_cast<bool>(out);
}

}  // namespace

int run_migrate(const std::string& database) {
  storage::migrate(database);
  return 0;
}

namespace {

int look_at(const std::string& path, const ImportArgs& args) {
  const auto text = service::describe_file(path, {.layer = args.layer, .crs = args.crs, .encoding = args.encoding, .repair = args.repair});
  if (!text) return report_error(text.error());
  std::cout << *text;
  return text->find("cannot be used") == std::string::npos ? 0 : 2;
}

void print_report(const service::ImportReport& report) {
  for (const auto& c : report.counts) {
    std::cout << fmt::format("{} {}: {} added, {} changed, {} as before, {} repeated{}\n", c.table, c.file, c.added, c.changed, c.same, c.repeated,
                             c.repaired > 0 ? fmt::format(", {} repaired", c.repaired) : "");
    if (!c.gone.empty()) std::cout << fmt::format("  {} known cells are not in the file: {}\n", c.gone.size(), fmt::join(c.gone, ", "));
    if (!c.suspects.empty()) std::cout << fmt::format("  {} to look at:\n    {}\n", c.suspects.size(), fmt::join(c.suspects, "\n    "));
  }
  for (const auto& b : report.bad) std::cerr << fmt::format("{}, row {}, {}: {}\n", b.file, b.row, b.column, b.reason);
}

}  // namespace

int run_import(const ImportArgs& args) {
  int code = 0;
  std::vector<service::BadRow> bad;
  std::optional<storage::Pool> pool;
  for (const auto& recipe : args.recipes) {
    if (!recipe.ends_with(".toml")) {
      code = std::max(code, look_at(recipe, args));
      continue;
    }
    if (!pool && args.database.empty()) return report_error({Errc::invalid_argument, "--database is needed to import."});
    if (!pool) pool.emplace(args.database, 1);
    const auto report = service::import_recipe(*pool, recipe, {.dry_run = args.dry_run, .skip_bad = args.skip_bad, .repair = args.repair, .from = args.from,
                                                               .close_gone = args.close_gone, .actor = "import"});
    if (!report) return report_error(report.error());
    print_report(*report);
    bad.insert(bad.end(), report->bad.begin(), report->bad.end());
    if (report->written) continue;
    std::cerr << (args.dry_run ? "Dry run: nothing was written.\n" : "Nothing was written: mend these rows, or use --skip-bad.\n");
    if (!args.dry_run) code = 2;
  }
  if (!args.bad_rows.empty()) return write_file(args.bad_rows, service::bad_rows_csv(bad)) ? code : 1;
  return code;
}

int run_simulate(const SimulateArgs& args) {
  service::simulate(args.folder, {args.seed, args.districts, args.enterprises});
  std::cout << "Written: import each folder's recipe.toml.\n";
  return 0;
}

int run_export(const ExportArgs& args) {
  storage::Pool pool(args.database, 1);
  const std::string format = std::filesystem::path(args.file).extension().string();
  Principal everyone;
  everyone.username = "export";
  everyone.grants = {{"auditor", 0, 0}};
  const auto made = service::export_file(pool, pool, everyone, {args.what, format.empty() ? "" : format.substr(1), args.cell, args.at, args.from, args.to, "export"});
  if (!made) return report_error(made.error());
  return write_file(args.file, made->bytes) ? 0 : 1;
}

int run_user(const UserArgs& args) {
  storage::Pool pool(args.database, 1);
  const Secret password = service::random_password();
  if (auto saved = service::save_account(pool, args.name, password, {args.role, args.district, args.cell}); !saved) return report_error(saved.error());
  std::cout << args.name << ' ' << password.reveal() << '\n';
  return 0;
}

}  // namespace gridward::app
