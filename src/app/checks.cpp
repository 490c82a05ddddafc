#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>

#include <fmt/format.h>

#include "app/cli.h"
#include "app/commands.h"
#include "app/observe.h"
#include "app/progress.h"
#include "service/cells.h"
#include "service/findings.h"
#include "service/overlay_findings.h"
#include "service/snapshots.h"
#include "sql.gen.h"

namespace gridward::app {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

struct CheckOptions {
  explicit CheckOptions(CLI::App& command) : settings(command) {}
  SettingFlags settings;
  std::string what = "figures", at;
  int random = 100000, border = 10000;
};

/// How many things of a district differ, and what to say of it.
struct Checked {
  std::size_t differ = 0;
  std::string said;
};

/// Runs a check in each district; the program's exit code.
int in_each_district(const CheckOptions& o, const std::function<Result<Checked>(storage::Tx&, const District&)>& check) {
  storage::Pool pool(ready_database(o.settings.config().database), 1, "command", complain());
  const auto districts = or_stop(service::districts(pool));
  std::size_t wrong = 0;
  std::int64_t done = 0;
  for (const District& d : districts) {
    const Checked checked = [&] {
      Progress progress("checking");
      progress.show({d.scheme, done++, static_cast<std::int64_t>(districts.size())});
      return or_stop(pool.write<Checked>([&](storage::Tx& tx) {
        tx.script("set local statement_timeout = 0");
        return check(tx, d);
      }));
    }();
    wrong += checked.differ;
    std::cout << checked.said << std::flush;
  }
  return wrong > 0 ? 1 : 0;
}

int run_check_figures(const CheckOptions& o) {
  return in_each_district(o, [](storage::Tx& tx, const District& d) -> Result<Checked> {
    const std::size_t differ = tx.run(sql::checks_figures, {std::to_string(d.id)}).size();
    return Checked{differ, fmt::format("district {} ({}): {} counts differ from the events\n", d.id, d.scheme, differ)};
  });
}

/// Compares where the snapshot and PostGIS place points, at random and on borders.
int run_check_places(const CheckOptions& o) {
  return in_each_district(o, [&](storage::Tx& tx, const District& d) -> Result<Checked> {
    auto began = Clock::now();
    const auto snapshot = service::read_snapshot(tx, d.id, d.today);
    const double read = seconds_since(began);
    const auto rows = tx.run(sql::checks_places, {std::to_string(d.id), d.today, std::to_string(o.random), std::to_string(o.border)});
    std::vector<map::Point> points;
    for (std::size_t i = 0; i < rows.size(); ++i) points.push_back({rows.real(i, "x"), rows.real(i, "y")});
    std::vector<std::int64_t> found(points.size());
    began = Clock::now();
    std::ranges::transform(points, found.begin(), [&](map::Point p) { return snapshot->cell_at(p); });
    const double took = std::max(seconds_since(began), 1e-9);
    Checked out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (found[i] == rows.integer(i, "cell_id")) continue;
      if (++out.differ <= 10) out.said += fmt::format("({:.17g}, {:.17g}): cell {} in memory, {} by PostGIS\n", points[i].x, points[i].y, found[i], rows.integer(i, "cell_id"));
    }
    out.said += fmt::format("district {} ({}): {} points, {} placed otherwise than by PostGIS; read in {:.0f} ms, {:.1f} MB, {:.0f} points/s\n", d.id, d.scheme, points.size(), out.differ, 1000 * read,
                             static_cast<double>(snapshot->bytes()) / 1e6, static_cast<double>(points.size()) / took);
    return out;
  });
}

/// Validates the hierarchy of a day; what breaks a rule makes the check fail, the rest is told.
int run_check_map(const CheckOptions& o) {
  return in_each_district(o, [&](storage::Tx& tx, const District& d) -> Result<Checked> {
    const auto began = Clock::now();
    const std::string day = o.at.empty() ? d.today : o.at;
    const auto found = service::find_findings(tx, d, day, {});
    if (!found) return fail(found.error());
    const double took = seconds_since(began);
    Checked out;
    std::map<std::string, std::size_t> counts;
    for (const service::Finding& f : *found) {
      ++counts[f.kind];
      if (f.severity != service::Severity::error) continue;
      if (++out.differ <= 10) out.said += fmt::format("{}: {}\n", f.kind, f.words().en);
    }
    out.said += fmt::format("district {} ({}) on {}: {} errors among {} findings in {:.0f} ms", d.id, d.scheme, day, out.differ, found->size(), 1000 * took);
    for (const auto& [kind, count] : counts) out.said += fmt::format(", {} {}", count, kind);
    out.said += "\n";
    return out;
  });
}

/// Validates the overlays of a day, each by itself.
int run_check_overlays(const CheckOptions& o) {
  return in_each_district(o, [&](storage::Tx& tx, const District& d) -> Result<Checked> {
    const std::string day = o.at.empty() ? d.today : o.at;
    Checked out;
    for (const service::NamedOverlay& overlay : service::overlays_on(tx, d.id, day)) {
      const auto found = service::find_overlay_findings(tx, d.id, overlay, day, {});
      if (!found) return fail(found.error());
      std::size_t errors = 0;
      for (const service::Finding& f : *found) {
        if (f.severity != service::Severity::error) continue;
        if (++errors <= 10) out.said += fmt::format("{}: {}\n", f.kind, f.words().en);
      }
      out.differ += errors;
      out.said += fmt::format("district {} ({}), overlay {} on {}: {} errors among {} findings\n", d.id, d.scheme, overlay.code, day, errors, found->size());
    }
    return out;
  });
}

/// Recomputes the hash chain of the trail. The last hash is printed: noted elsewhere, it proves later that nothing was cut off the end.
int run_check_audit(const CheckOptions& o) {
  storage::Pool pool(ready_database(o.settings.config().database), 1, "command", complain());
  return or_stop(pool.write<int>([](storage::Tx& tx) -> Result<int> {
    tx.script("set local statement_timeout = 0");
    const auto faults = tx.run(sql::checks_audit);
    for (std::size_t i = 0; i < faults.size(); ++i) std::cout << fmt::format("seal {}, row {} of the trail: {}\n", faults.text(i, "n"), faults.text(i, "audit_id"), faults.text(i, "fault"));
    const auto head = tx.run(sql::checks_audit_head);
    std::cout << fmt::format("{} rows of the trail are sealed, {} wait for their seal; {} do not fit. Last: {} {}\n", head.text(0, "n"), head.text(0, "unsealed"), faults.size(), head.text(0, "n"), head.text(0, "hash"));
    return faults.size() > 0 ? 1 : 0;
  }));
}

}  // namespace

void add_check(CLI::App& app, int& code) {
  auto* c = app.add_subcommand("check", "Compares what is kept with what it was made from; exits with 1 where they differ.");
  const auto o = std::make_shared<CheckOptions>(*c);  // shared with the callback
  o->settings.add_database(*c);
  c->add_option("what", o->what, "figures: recounts every kept count from the events; places: compares where PostGIS and the map in memory place points; map: validates the hierarchy (shapes, "
                                  "enterprises, posts, certificates, codes); overlays: validates those beside the tree; audit: recomputes the hash chain of the trail")
      ->check(CLI::IsMember({"figures", "places", "map", "overlays", "audit"}))->capture_default_str();
  c->add_option("--random", o->random, "of places: points anywhere, in each district")->check(CLI::Range(0, 10000000))->capture_default_str();
  c->add_option("--border", o->border, "of places: points on borders, in each district")->check(CLI::Range(0, 1000000))->capture_default_str();
  c->add_option("--at", o->at, "of map and overlays: the day; today of each district if left out");
  c->footer("Examples:\n"
            "  gridward check figures --database \"host=/run/postgresql dbname=gridward user=gridward_app\"\n"
            "  gridward check places --random 1000000 --database \"…\"\n"
            "  gridward check map --at 2026-07-01 --database \"…\"");
  c->callback([o, &code] {
    code = o->what == "figures" ? run_check_figures(*o) : o->what == "places" ? run_check_places(*o) : o->what == "map" ? run_check_map(*o) : o->what == "overlays" ? run_check_overlays(*o) : run_check_audit(*o);
  });
}

}  // namespace gridward::app
