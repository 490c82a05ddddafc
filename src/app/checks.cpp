#include <algorithm>
#include <chrono>
#include <iostream>

#include <fmt/format.h>

#include "app/commands.h"
#include "service/cells.h"
#include "service/snapshots.h"
#include "sql.gen.h"

namespace gridward::app {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

/// Runs a check in each district; the program's exit code.
int in_each_district(const std::string& database, const std::function<Result<std::size_t>(storage::Tx&, const District&)>& check) {
  storage::Pool pool(database, 1);
  std::size_t wrong = 0;
  const auto districts = service::districts(pool);
  Error error;
  bool failed = !districts;
  if (failed) error = districts.error();
  for (std::size_t i = 0; !failed && i < districts->size(); ++i) {
    const auto found = pool.write<std::size_t>([&](storage::Tx& tx) {
      tx.script("set local statement_timeout = 0");
      return check(tx, (*districts)[i]);
    });
    failed = !found;
    if (failed) error = found.error();
    else wrong += *found;
  }
  if (failed) std::cerr << error.detail << '\n';
  return failed || wrong > 0 ? 1 : 0;
}

}  // namespace

int run_check_figures(const std::string& database) {
  return in_each_district(database, [](storage::Tx& tx, const District& d) -> Result<std::size_t> {
    const std::size_t differ = tx.run(sql::checks_figures, {std::to_string(d.id)}).size();
    std::cout << fmt::format("district {} ({}): {} counts differ from the events\n", d.id, d.scheme, differ);
    return differ;
  });
}

int run_check_places(const std::string& database, int random, int border) {
  return in_each_district(database, [&](storage::Tx& tx, const District& d) -> Result<std::size_t> {
    auto began = Clock::now();
    const auto snapshot = service::read_snapshot(tx, d.id, d.today);
    const double read = seconds_since(began);
    const auto rows = tx.run(sql::checks_places, {std::to_string(d.id), d.today, std::to_string(random), std::to_string(border)});
    std::vector<map::Point> points;
    for (std::size_t i = 0; i < rows.size(); ++i) points.push_back({rows.real(i, "x"), rows.real(i, "y")});
    std::vector<std::int64_t> found(points.size());
    began = Clock::now();
    std::ranges::transform(points, found.begin(), [&](map::Point p) { return snapshot->cell_at(p); });
    const double took = std::max(seconds_since(began), 1e-9);
    std::size_t differ = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (found[i] == rows.integer(i, "cell_id")) continue;
      if (++differ <= 10) std::cerr << fmt::format("({:.17g}, {:.17g}): cell {} in memory, {} by PostGIS\n", points[i].x, points[i].y, found[i], rows.integer(i, "cell_id"));
    }
    std::cout << fmt::format("district {} ({}): {} points, {} placed otherwise than by PostGIS; read in {:.0f} ms, {:.1f} MB, {:.0f} points/s\n", d.id, d.scheme, points.size(), differ, 1000 * read,
                             static_cast<double>(snapshot->bytes()) / 1e6, static_cast<double>(points.size()) / took);
    return differ;
  });
}

}  // namespace gridward::app
