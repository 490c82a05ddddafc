#include <algorithm>
#include <chrono>
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
#include "service/snapshots.h"
#include "sql.gen.h"

namespace gridward::app {
namespace {

int report_error(const Error& error) {
  std::cerr << error.detail << '\n';
  return 1;
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
  for (const auto& b : report.bad) std::cerr << fmt::format("{},{},{},\"{}\"\n", b.file, b.row, b.column, b.reason);
}

}  // namespace

int run_import(const ImportArgs& args) {
  int code = 0;
  std::ofstream bad_rows;
  if (!args.bad_rows.empty()) bad_rows = std::ofstream(args.bad_rows) << "file,row,column,reason\n";
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
    for (const auto& b : report->bad) bad_rows << fmt::format("{},{},{},\"{}\"\n", b.file, b.row, b.column, b.reason);
    if (report->written) continue;
    std::cerr << (args.dry_run ? "Dry run: nothing was written.\n" : "Nothing was written: mend these rows, or use --skip-bad.\n");
    if (!args.dry_run) code = 2;
  }
  return code;
}

int run_check_figures(const std::string& database) {
  storage::Pool pool(database, 1);
  const auto districts = service::districts(pool);
  if (!districts) return report_error(districts.error());
  std::size_t wrong = 0;
  for (const District& d : *districts) {
    const auto found = pool.write<std::size_t>([&](storage::Tx& tx) -> Result<std::size_t> {
      tx.script("set local statement_timeout = 0");
      return tx.run(sql::checks_figures, {std::to_string(d.id)}).size();
    });
    if (!found) return report_error(found.error());
    std::cout << fmt::format("district {} ({}): {} counts differ from the events\n", d.id, d.scheme, *found);
    wrong += *found;
  }
  return wrong == 0 ? 0 : 1;
}

int run_check_places(const std::string& database, int random, int border) {
  storage::Pool pool(database, 1);
  const auto districts = service::districts(pool);
  if (!districts) return report_error(districts.error());
  std::size_t wrong = 0;
  for (const District& d : *districts) {
    const auto compared = pool.write<std::size_t>([&](storage::Tx& tx) -> Result<std::size_t> {
      using Clock = std::chrono::steady_clock;
      const auto seconds = [](Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); };
      tx.script("set local statement_timeout = 0");
      auto began = Clock::now();
      const auto snapshot = service::read_snapshot(tx, d.id, d.today);
      const double read = seconds(began);
      const auto rows = tx.run(sql::checks_places, {std::to_string(d.id), d.today, std::to_string(random), std::to_string(border)});
      std::vector<map::Point> points;
      for (std::size_t i = 0; i < rows.size(); ++i) points.push_back({rows.real(i, "x"), rows.real(i, "y")});
      std::vector<std::int64_t> found(points.size());
      began = Clock::now();
      std::ranges::transform(points, found.begin(), [&](map::Point p) { return snapshot->cell_at(p); });
      const double took = seconds(began);
      std::size_t differ = 0;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (found[i] == rows.integer(i, "cell_id")) continue;
        if (++differ <= 10) std::cerr << fmt::format("({:.17g}, {:.17g}): cell {} in memory, {} by PostGIS\n", points[i].x, points[i].y, found[i], rows.integer(i, "cell_id"));
      }
      std::cout << fmt::format("district {} ({}): {} points, {} placed otherwise than by PostGIS; read in {:.0f} ms, {:.1f} MB, {:.0f} points/s\n", d.id, d.scheme, points.size(), differ,
                               1000 * read, static_cast<double>(snapshot->bytes()) / 1e6, static_cast<double>(points.size()) / std::max(took, 1e-9));
      return differ;
    });
    if (!compared) return report_error(compared.error());
    wrong += *compared;
  }
  return wrong == 0 ? 0 : 1;
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
  const auto made = service::export_file(pool, everyone, {args.what, format.empty() ? "" : format.substr(1), args.cell, args.at, args.from, args.to, "export"});
  if (!made) return report_error(made.error());
  std::ofstream out(args.file, std::ios::binary);
  out.write(made->bytes.data(), static_cast<std::streamsize>(made->bytes.size()));
  out.close();
  if (!out) return report_error({Errc::internal, args.file + " cannot be written."});
  return 0;
}

int run_user(const UserArgs& args) {
  storage::Pool pool(args.database, 1);
  const Secret password = service::random_password();
  if (auto saved = service::save_account(pool, args.name, password, {args.role, args.district, args.cell}); !saved) return report_error(saved.error());
  std::cout << args.name << ' ' << password.reveal() << '\n';
  return 0;
}

}  // namespace gridward::app
