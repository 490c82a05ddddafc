// What the simulator plants is found by the statistics that are served, and little else; intervals cover its true rates. Twenty districts,
// or TEST_SEEDS of them (./run soak: 200).
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "geo/adjacency.h"
#include "geo/vector_file.h"
#include "service/simulate.h"
#include "stats/cluster.h"
#include "stats/funnel.h"
#include "stats/smooth.h"

namespace gridward {
namespace {

constexpr double kYears = 3;

/// A simulated district on its first day: villages with their shapes, and what its events are drawn from.
struct Planted {
  std::vector<std::string> shapes;
  std::vector<double> enterprises, expected, risk;  // public reports in the years
};

Planted simulated(std::uint64_t seed) {
  const auto folder = std::filesystem::temp_directory_path() / ("gridward-planted-" + std::to_string(seed) + "-" + std::to_string(std::random_device{}()));
  service::simulate(folder, {seed, 1, 3000}, [](const auto&...) {});
  std::map<std::string, std::string> shapes;
  std::vector<std::string> fields;
  const auto column = [&](const geo::Feature& f, const char* name) { return f.values[static_cast<std::size_t>(std::ranges::find(fields, name) - fields.begin())].value_or(""); };
  const auto read = geo::read_vector_file((folder / "district-001/villages.geojson").string(), {},
      [&](const std::vector<std::string>& names) -> Result<void> { fields = names; return {}; },
      [&](geo::Feature& f) {
        if (column(f, "from").starts_with("2023") && f.wkb) shapes[column(f, "code")] = *f.wkb;
        return true;
      });
  EXPECT_TRUE(read);
  Planted out;
  std::ifstream truth(folder / "district-001/truth.csv");
  std::string line;
  std::getline(truth, line);
  while (std::getline(truth, line)) {
    std::istringstream parts(line);
    std::string code, enterprises, rate, risk;
    std::getline(std::getline(std::getline(std::getline(parts, code, ','), enterprises, ','), rate, ','), risk, ',');
    if (!shapes.contains(code)) continue;
    out.shapes.push_back(shapes[code]);
    out.enterprises.push_back(std::stod(enterprises));
    out.expected.push_back(std::stod(rate) * kYears);
    out.risk.push_back(std::stod(risk));
  }
  std::filesystem::remove_all(folder);
  return out;
}

stats::Weights links(const Planted& p, geo::Contiguity kind) {
  const auto adjacency = geo::contiguity(p.shapes, {.kind = kind}).value();
  std::vector<std::vector<stats::Link>> lists(p.shapes.size());
  for (std::size_t i = 0; i < lists.size(); ++i) {
    for (const geo::Contact& c : adjacency.contacts[i]) lists[i].push_back({c.to, 1});
  }
  return stats::Weights::from_lists(lists).value();
}

/// The mean of what districts gave, which are independent of each other; their villages are not.
struct Mean {
  double n = 0, sum = 0, squares = 0;
  void add(double x) {
    ++n;
    sum += x;
    squares += x * x;
  }
  [[nodiscard]] double mean() const { return sum / n; }
  [[nodiscard]] double error() const { return std::sqrt((squares / n - mean() * mean()) / (n - 1)); }
};

/// How often true rates lie in their intervals: by district, and of ordinary, planted and lone villages.
struct Coverage {
  Mean all;
  Mean of[3];
  void add(const Planted& p, const std::vector<stats::Smoothed>& rates) {
    double inside = 0;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      const double truth = p.expected[i] / p.enterprises[i];
      const bool hit = *rates[i].low <= truth && truth <= *rates[i].high;
      inside += hit;
      of[p.risk[i] == 4 ? 1 : p.risk[i] == 5 ? 2 : 0].add(hit);
    }
    all.add(inside / static_cast<double>(rates.size()));
  }
};

/// Sums over districts.
struct Tally {
  double runs = 0, found = 0, planted = 0, planted_found = 0, any_false = 0;
  Mean false_share;
  Coverage global, local;
  double lone = 0, lone_outside = 0;

  void add_clusters(const Planted& p, const stats::Weights& w, const stats::LocalClusters& clusters) {
    double hits = 0, significant = 0, wrong = 0;
    for (std::size_t i = 0; i < p.risk.size(); ++i) {
      const bool is_planted = p.risk[i] == 4;  // the block; the lone village is no cluster
      planted += is_planted;
      const stats::Cluster c = clusters.areas[i].cluster;
      if (c == stats::Cluster::not_significant || c == stats::Cluster::island || c == stats::Cluster::no_data) continue;
      ++significant;
      const bool high = c == stats::Cluster::hot || c == stats::Cluster::high_high || c == stats::Cluster::low_high;
      const auto near = w.neighbours(i);
      const bool truly = high && (p.risk[i] > 1 || std::ranges::any_of(near, [&](std::uint32_t j) { return p.risk[j] > 1; }));
      wrong += !truly;
      hits += is_planted && high;
    }
    ++runs;
    found += hits > 0;
    planted_found += hits;
    false_share.add(significant > 0 ? wrong / significant : 0);
    any_false += wrong > 0;
  }

  void add_rates(const Planted& p, const stats::Weights& w, const std::vector<double>& events) {
    global.add(p, stats::smooth_global(events, p.enterprises).rates);
    local.add(p, stats::smooth_local(events, p.enterprises, w).rates);
    const auto funnel = stats::funnel(events, p.enterprises);
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (p.risk[i] != 5) continue;
      ++lone;
      lone_outside += funnel.areas[i].place == stats::FunnelPlace::far_above;
    }
  }
};

std::uint64_t seeds() {
  const char* asked = std::getenv("TEST_SEEDS");
  return asked == nullptr ? 20 : std::strtoull(asked, nullptr, 10);
}

constexpr double kOneInAHundred = 2.33;  // standard errors by which chance alone misses, once in a hundred times

double slack(double share, double trials) { return kOneInAHundred * std::sqrt(share * (1 - share) / trials); }

TEST(Planted, IsFoundAndLittleElse) {
  // Of 120 villages 9 are hot. With the four neighbours that rook gives on the simulator's squares chance makes a neighbourhood as hot almost as
  // often as the false discovery rate allows, so that not every district shows its hot spot; with eight it does.
  struct Case {
    const char* name;
    geo::Contiguity kind;
    bool moran;
    double least;  // share of districts in which the hot spot is found
    Tally tally = {};
  } cases[] = {{"Gi*, rook", geo::Contiguity::rook, false, 0.85}, {"Gi*, queen", geo::Contiguity::queen, false, 0.97}, {"local Moran, rook", geo::Contiguity::rook, true, 0.85}, {"local Moran, queen", geo::Contiguity::queen, true, 0.97}};
  Tally rates;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    const Planted p = simulated(seed);
    std::mt19937_64 random(seed);
    std::vector<double> events;
    for (const double mean : p.expected) events.push_back(static_cast<double>(std::poisson_distribution<>(mean)(random)));
    const auto z = stats::standardised_rates(events, p.enterprises);
    const stats::ClusterOptions options{{stats::permutations_for(p.risk.size(), 0.05), seed, 0}, stats::Tail::two_sided, 0.05};
    for (Case& c : cases) {
      const stats::Weights w = links(p, c.kind);
      c.tally.add_clusters(p, w, c.moran ? stats::local_moran(z, w, options) : stats::gi_star(z, w, options));
    }
    rates.add_rates(p, links(p, geo::Contiguity::rook), events);
  }
  for (const Case& c : cases) {
    const Tally& t = c.tally;
    std::printf("%s, %.0f districts: hot spot found in %.3f, of its villages %.3f; false of those called significant %.4f on average, any in %.3f\n", c.name, t.runs, t.found / t.runs, t.planted_found / t.planted,
                t.false_share.mean(), t.any_false / t.runs);
    EXPECT_GT(t.found / t.runs, c.least - slack(c.least, t.runs)) << c.name;
    EXPECT_LE(t.false_share.mean(), 0.05 + kOneInAHundred * t.false_share.error()) << c.name;
  }
  for (const auto* c : {&rates.global, &rates.local}) {
    std::printf("95 %% intervals, %s, cover %.4f (standard error %.4f) of the true rates: %.4f of ordinary villages, %.4f of planted ones, %.4f of the lone one\n", c == &rates.global ? "global" : "local", c->all.mean(),
                c->all.error(), c->of[0].mean(), c->of[1].mean(), c->of[2].mean());
    // On average over the villages, as empirical Bayes promises, and no less. It is one or two points more, since the true rates are no draws of the one gamma distribution that is supposed: nine hot villages widen
    // what is thought of all. Near 95 % it would be by a prior that knows of hot and ordinary ones.
    EXPECT_GE(c->all.mean(), 0.95 - kOneInAHundred * c->all.error());
    EXPECT_LE(c->all.mean(), 0.97 + kOneInAHundred * c->all.error());
  }
  // Global smoothing draws a hot village towards the mean of all, so that its interval misses it too often (docs/figures.md); its neighbours do not.
  EXPECT_GE(rates.local.of[1].mean(), 0.95 - slack(0.95, rates.local.of[1].n));
  EXPECT_GE(rates.local.of[2].mean(), 0.95 - slack(0.95, rates.local.of[2].n));
  std::printf("the lone village is far outside the funnel in %.3f\n", rates.lone_outside / rates.lone);
  EXPECT_GT(rates.lone_outside / rates.lone, 0.99 - slack(0.99, rates.lone));
}

}  // namespace
}  // namespace gridward
