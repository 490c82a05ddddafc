#include <algorithm>
#include <fstream>
#include <iostream>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli.h"
#include "app/commands.h"
#include "app/progress.h"
#include "service/describe.h"
#include "service/imports.h"

namespace gridward::app {
namespace {

struct ImportCommand {
  explicit ImportCommand(CLI::App& command) : settings(command) {}
  SettingFlags settings;
  std::vector<std::string> files;
  service::ImportOptions how;
  std::string layer, crs, encoding;  // of a file that is looked at without a recipe
  std::string bad_rows;              // a CSV file for what was refused
};

/// Tells what is in a file and what a recipe must say; 2 where the file cannot be used.
int look_at(const std::string& path, const ImportCommand& o) {
  const auto text = or_stop(service::describe_file(path, {.layer = o.layer, .crs = o.crs, .encoding = o.encoding, .repair = o.how.repair}));
  std::cout << text;
  return text.find("cannot be used") == std::string::npos ? 0 : 2;
}

void print_report(const service::ImportReport& report) {
  for (const auto& c : report.counts) {
    std::cout << fmt::format("{} {}: {} added, {} changed, {} as before, {} repeated{}\n", c.table, c.file, c.added, c.changed, c.same, c.repeated,
                             c.repaired > 0 ? fmt::format(", {} repaired", c.repaired) : "");
    if (!c.gone.empty()) std::cout << fmt::format("  {} known cells are not in the file: {}\n", c.gone.size(), fmt::join(c.gone, ", "));
    if (!c.suspects.empty()) std::cout << fmt::format("  {} to look at:\n    {}\n", c.suspects.size(), fmt::join(c.suspects, "\n    "));
  }
  std::cout << std::flush;
  for (const auto& b : report.bad) std::cerr << fmt::format("{}, row {}, {}: {} / {}\n", b.file, b.row, b.column, b.reason.en, b.reason.zh);
  if (report.bad_total > static_cast<std::int64_t>(report.bad.size())) std::cerr << fmt::format("… and {} more rows.\n", report.bad_total - static_cast<std::int64_t>(report.bad.size()));
}

service::ImportReport import_one(storage::Pool& pool, const std::string& recipe, service::ImportOptions how) {
  Progress progress("importing");
  how.progress = progress.watcher();
  return or_stop(service::import_recipe(pool, recipe, how));
}

int run_import(const ImportCommand& o) {
  int code = 0;
  std::vector<service::BadRow> bad;
  std::optional<storage::Pool> pool;
  for (const auto& file : o.files) {
    if (!file.ends_with(".toml")) {
      code = std::max(code, look_at(file, o));
      continue;
    }
    if (!pool) pool.emplace(ready_database(o.settings.config().database), 1);
    const auto report = import_one(*pool, file, o.how);
    print_report(report);
    bad.insert(bad.end(), report.bad.begin(), report.bad.end());
    if (report.written) continue;
    std::cerr << (o.how.dry_run ? "Dry run: nothing was written.\n" : "Nothing was written: mend these rows, or use --skip-bad.\n");
    if (!o.how.dry_run) code = 2;
  }
  if (!o.bad_rows.empty()) write_file(o.bad_rows, service::bad_rows_csv(bad));
  return code;
}

}  // namespace

void add_import(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("import", "Imports files as a recipe says; or looks at a file and says what a recipe needs.");
  const auto o = std::make_shared<ImportCommand>(*c);  // shared with the callback
  o->settings.add_database(*c);
  c->add_option("file", o->files, "recipes (.toml) to import; any other file is looked at")->required();
  c->add_flag("--dry-run", o->how.dry_run, "report what would change, write nothing");
  c->add_flag("--skip-bad", o->how.skip_bad, "leave bad rows out instead of importing nothing");
  c->add_flag("--repair", o->how.repair, "make invalid polygons valid instead of refusing them");
  c->add_option("--bad-rows", o->bad_rows, "write what was refused to this CSV file");
  c->add_option("--layer", o->layer, "of a file without recipe");
  c->add_option("--crs", o->crs, "of a file without recipe, such as EPSG:4490 or GCJ-02");
  c->add_option("--encoding", o->encoding, "of a file without recipe, such as GBK");
  c->add_option("--from", o->how.from, "day from which changes of known cells hold; left out, they are corrections from the beginning");
  c->add_flag("--close-gone", o->how.close_gone, "end known cells that are not in the file any more, on that day");
  c->footer("Examples:\n"
            "  gridward import streets.shp                                  # what is in it, and what a recipe must say\n"
            "  gridward import --database \"…\" --dry-run my/recipe.toml      # what would change\n"
            "  gridward import --database \"…\" --from 2026-01-01 my/recipe.toml\n"
            "Recipes: geodata/README.md. One bad row means that nothing is imported, unless --skip-bad says otherwise.");
  c->callback([o, &code] { code = run_import(*o); });
}

}  // namespace gridward::app
