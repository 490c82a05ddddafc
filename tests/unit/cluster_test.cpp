#include "stats/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "stats/random.h"
#include "support/references.h"

namespace gridward::stats {
namespace {

using testing::ElementsAre;
using tests::close;
using tests::Json;
using tests::links;
using tests::numbers;
using tests::references;

ClusterOptions with(int permutations, Tail tail = Tail::directed, std::uint64_t seed = 3) { return {{permutations, seed, 2}, tail, 0.05}; }

/// A p of ours by P permutations against one of esda's by 99,999: four standard errors, and the +1 that keeps a p from 0.
void expect_sampled(double ours, double theirs, int permutations) {
  const double p = std::max(theirs, 1.0 / permutations);
  EXPECT_NEAR(ours, theirs, 4 * std::sqrt(p * (1 - theirs) * (1.0 / permutations + 1e-5)) + 1.0 / permutations);
}

// domain.md D.3, with 6 digits, and esda's own.
TEST(GiStar, ThePublishedVector) {
  const auto all = references("stats/cluster");
  const Json& band = all["band"];
  const LocalClusters c = gi_star(numbers(band["values"]), links(band["neighbours"]), with(0));
  const std::vector<double> published = {-1.397276, -0.289178, 0.650650, -0.289178, 1.234521, 2.024243};
  const auto theirs = numbers(band["gi_star"]);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(c.areas[i].z.value(), published[i], 5e-7);
    EXPECT_NEAR(c.areas[i].z.value(), theirs[i], 1e-9);
    EXPECT_EQ(c.areas[i].tendency, theirs[i] > 0 ? Cluster::hot : Cluster::cold);
  }
  EXPECT_TRUE(c.basis.few_areas);
}

TEST(GiStar, AgreesWithEsdaAndSpdep) {
  const auto all = references("stats/cluster");
  const auto r = references("stats/r");
  for (rapidjson::SizeType k = 0; k < all["cases"].Size(); ++k) {
    const Json& c = all["cases"][k];
    SCOPED_TRACE(c["name"].GetString());
    const auto x = numbers(c["values"]), z = numbers(c["gi_star"]), above = numbers(c["gi_star_above"]), p = numbers(c["gi_star_p_normal"]);
    const auto spdep = numbers(r["cluster"][k]["gi_star"]), spdep_rows = numbers(r["cluster"][k]["gi_star_rows"]);
    const Weights w = links(c["neighbours"]);
    const int permutations = 9999;
    const LocalClusters ours = gi_star(x, w, with(permutations)), normal = gi_star(x, w, with(0, Tail::two_sided)), rows = gi_star(x, w.with_self().row_standardised(), with(0));
    for (std::size_t i = 0; i < x.size(); ++i) {
      SCOPED_TRACE(i);
      EXPECT_NEAR(ours.areas[i].z.value(), z[i], 1e-9);
      EXPECT_NEAR(ours.areas[i].z.value(), spdep[i], 1e-9);
      EXPECT_NEAR(rows.areas[i].z.value(), spdep_rows[i], 1e-9);
      if (ours.areas[i].cluster == Cluster::island) {
        EXPECT_FALSE(ours.areas[i].p);
        continue;
      }
      EXPECT_NEAR(normal.areas[i].p.value(), p[i], 1e-9);
      expect_sampled(ours.areas[i].p.value(), std::min(1.0, z[i] > 0 ? above[i] : 1 - above[i]), permutations);
    }
  }
}

TEST(LocalMoran, AgreesWithEsdaAndSpdep) {
  const auto all = references("stats/cluster");
  const auto r = references("stats/r");
  for (rapidjson::SizeType k = 0; k < all["cases"].Size(); ++k) {
    const Json& c = all["cases"][k];
    SCOPED_TRACE(c["name"].GetString());
    const auto x = numbers(c["values"]), moran = numbers(c["moran"]), above = numbers(c["moran_above"]);
    const auto expectation = numbers(c["expectation"]), variance = numbers(c["variance"]);
    const auto spdep = numbers(r["cluster"][k]["moran"]);
    const int permutations = 9999;
    const LocalClusters ours = local_moran(x, links(c["neighbours"]), with(permutations));
    const auto n = static_cast<double>(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      SCOPED_TRACE(i);
      const LocalStatistic& area = ours.areas[i];
      EXPECT_NEAR(area.value.value() * (n - 1) / n, moran[i], 1e-9);
      EXPECT_NEAR(area.value.value(), spdep[i], 1e-9);
      if (area.cluster == Cluster::island) continue;
      EXPECT_NEAR(area.z.value(), (area.value.value() - expectation[i]) / std::sqrt(variance[i]), 1e-9);
      const Cluster quadrants[] = {Cluster::high_high, Cluster::low_high, Cluster::low_low, Cluster::high_low};
      EXPECT_EQ(area.tendency, quadrants[c["quadrant"][static_cast<rapidjson::SizeType>(i)].GetInt() - 1]);
      expect_sampled(area.p.value(), std::min(above[i], 1 - above[i]), permutations);
    }
  }
}

TEST(GlobalMoran, AgreesWithEsda) {
  const auto all = references("stats/cluster");
  for (const Json& c : all["cases"].GetArray()) {
    SCOPED_TRACE(c["name"].GetString());
    const Json& g = c["global"];
    const GlobalMoran ours = global_moran(numbers(c["values"]), links(c["neighbours"]), with(9999));
    EXPECT_NEAR(ours.value.value(), g["i"].GetDouble(), 1e-9);
    EXPECT_NEAR(ours.expectation, g["expectation"].GetDouble(), 1e-9);
    EXPECT_NEAR(ours.variance.value(), g["variance"].GetDouble(), 1e-9);
    EXPECT_NEAR(ours.z.value(), g["z"].GetDouble(), 1e-9);
    EXPECT_NEAR(ours.p_normal.value(), g["p_normal"].GetDouble(), 1e-9);
    expect_sampled(ours.p.value(), g["above"].GetDouble(), 9999);
  }
}

TEST(Permutation, TheSameOnAnyNumberOfThreads) {
  const auto all = references("stats/cluster");
  const Json& c = all["cases"][1];
  const auto x = numbers(c["values"]);
  const Weights w = links(c["neighbours"]).row_standardised();
  const auto one = permute_neighbours(x, w, {999, 42, 1}), three = permute_neighbours(x, w, {999, 42, 3}), other = permute_neighbours(x, w, {999, 43, 3});
  bool differs = false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(one[i].above, three[i].above);
    EXPECT_EQ(one[i].below, three[i].below);
    differs = differs || one[i].above != other[i].above;
  }
  EXPECT_TRUE(differs);
  EXPECT_EQ(permute_all(x, w, {99, 42, 1}).above, permute_all(x, w, {99, 42, 2}).above);
}

// xoshiro256** from a state filled by SplitMix64, computed apart in Python: the same on every machine.
TEST(Random, IsTheDocumentedGenerator) {
  Random random(1, 2);
  EXPECT_EQ(random.next(), 9579208193359609190u);
  EXPECT_EQ(random.next(), 5115929806209566993u);
  Random dice(9, 0);
  std::vector<int> seen(7);
  for (int i = 0; i < 70000; ++i) ++seen[dice.below(7)];
  double chi_square = 0;
  for (const int count : seen) chi_square += (count - 10000.0) * (count - 10000.0) / 10000;
  EXPECT_LT(chi_square, 22.5);  // 0.999 of 6 degrees
}

/// A 20 x 20 lattice by rook.
Weights lattice() {
  std::vector<std::vector<Link>> lists(400);
  for (std::size_t i = 0; i < 400; ++i) {
    if (i % 20 != 19) lists[i].push_back({i + 1, 1}), lists[i + 1].push_back({i, 1});
    if (i + 20 < 400) lists[i].push_back({i + 20, 1}), lists[i + 20].push_back({i, 1});
  }
  return Weights::from_lists(lists).value();
}

TEST(Permutation, PIsUniformWhereThereIsNothing) {
  const Weights w = lattice();
  std::mt19937_64 random(1);
  int directed = 0, two_sided = 0, found = 0;
  const int maps = 100;
  for (int map = 0; map < maps; ++map) {
    std::vector<double> x;
    for (int i = 0; i < 400; ++i) x.push_back(std::exponential_distribution<>()(random));
    const LocalClusters c = local_moran(x, w, with(199, Tail::two_sided, static_cast<std::uint64_t>(map)));
    for (const LocalStatistic& area : c.areas) {
      two_sided += *area.p <= 0.1;
      directed += *area.p <= 0.2;
    }
    found += c.significant > 0;
  }
  EXPECT_NEAR(two_sided / (400.0 * maps), 0.1, 0.006);
  EXPECT_NEAR(directed / (400.0 * maps), 0.2, 0.008);
  EXPECT_LE(found, 12);  // of 100 maps: 5 are expected to have something
}

TEST(GiStar, FindsAPlantedSpotAndTellsItFromNothing) {
  const Weights w = lattice();
  std::mt19937_64 random(2);
  int hit = 0, wrong = 0;
  const auto in_square = [](std::size_t i, std::size_t side) { return i % 20 < side && i / 20 < side; };
  for (int map = 0; map < 20; ++map) {
    std::vector<double> x;
    for (std::size_t i = 0; i < 400; ++i) x.push_back(std::normal_distribution<>()(random) + (in_square(i, 6) ? 4 : 0));
    const LocalClusters c = gi_star(x, w, with(permutations_for(400, 0.05), Tail::two_sided));
    EXPECT_EQ(c.fewest_detectable, 1u);
    for (std::size_t i = 0; i < 400; ++i) {
      hit += in_square(i, 5) && c.areas[i].cluster == Cluster::hot;  // those with all their neighbours in the spot
      wrong += !in_square(i, 7) && (c.areas[i].cluster == Cluster::hot || c.areas[i].cluster == Cluster::cold);  // those with none
    }
  }
  EXPECT_GT(hit, 20 * 25 * 8 / 10);
  EXPECT_LE(wrong, 20 * 36 * 5 / 100);
}

// A permutation of neighbours is one without replacement: with every other area a neighbour there is only one sum.
TEST(Permutation, DrawsWithoutReplacement) {
  std::vector<std::vector<Link>> lists(12);
  for (std::size_t i = 0; i < 12; ++i) {
    for (std::size_t j = 0; j < 12; ++j) {
      if (i != j) lists[i].push_back({j, 1});
    }
  }
  std::vector<double> x(12);
  std::iota(x.begin(), x.end(), 0.1);
  for (const Tails& t : permute_neighbours(x, Weights::from_lists(lists).value(), {99, 1, 1})) {
    EXPECT_EQ(t.above, 99u);
    EXPECT_EQ(t.below, 99u);
  }
}

TEST(Clusters, WithoutDataIsNotWithoutSignificance) {
  const auto all = references("stats/cluster");
  const Json& c = all["cases"][0];
  auto x = numbers(c["values"]);
  const Weights w = links(c["neighbours"]);
  x[3] = x[8] = std::nan("");
  std::vector<char> keep(x.size(), 1);
  std::vector<double> rest;
  std::vector<std::vector<Link>> among;  // the links of the others, numbered anew
  for (std::size_t i = 0; i < x.size(); ++i) {
    keep[i] = !std::isnan(x[i]);
    if (!keep[i]) continue;
    rest.push_back(x[i]);
    among.emplace_back();
    for (const std::size_t j : w.neighbours(i)) {
      if (j != 3 && j != 8) among.back().push_back({j - (j > 3) - (j > 8), 1});
    }
  }
  const Weights apart_weights = Weights::from_lists(among).value();
  for (const auto statistic : {gi_star, local_moran}) {
    const LocalClusters some = statistic(x, w, with(999)), apart = statistic(rest, apart_weights, with(999));
    EXPECT_EQ(some.basis.n, 75u);
    EXPECT_THAT(some.basis.no_data, ElementsAre(3, 8));
    EXPECT_EQ(some.areas[3].cluster, Cluster::no_data);
    EXPECT_FALSE(some.areas[3].value);
    std::size_t k = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!keep[i]) continue;
      EXPECT_NE(some.areas[i].cluster, Cluster::no_data);
      EXPECT_EQ(some.areas[i].value, apart.areas[k].value);
      EXPECT_EQ(some.areas[i].p, apart.areas[k].p);
      ++k;
    }
  }
  EXPECT_EQ(global_moran(x, w, with(0)).value, global_moran(rest, apart_weights, with(0)).value);
}

TEST(Clusters, AnAreaWhoseNeighboursHaveNoDataIsAnIsland) {
  const auto w = Weights::from_lists(std::vector<std::vector<Link>>{{{1, 1}}, {{0, 1}}, {{3, 1}}, {{2, 1}, {4, 1}}, {{3, 1}}, {}}).value();
  const LocalClusters c = gi_star(std::vector<double>{1, std::nan(""), 2, 5, 7, 3}, w, with(99));
  EXPECT_THAT(c.basis.islands, ElementsAre(0, 5));
  EXPECT_EQ(c.areas[0].cluster, Cluster::island);
  EXPECT_EQ(c.areas[1].cluster, Cluster::no_data);
  EXPECT_FALSE(c.areas[0].p_adjusted);
}

TEST(Clusters, SaysWhyThereIsNoStatistic) {
  const auto ring = Weights::from_lists(std::vector<std::vector<Link>>{{{1, 1}, {3, 1}}, {{0, 1}, {2, 1}}, {{1, 1}, {3, 1}}, {{2, 1}, {0, 1}}}).value();
  const double nan = std::nan("");
  EXPECT_EQ(local_moran(std::vector<double>{2, 2, 2, 2}, ring).basis.reason, NoStatistic::constant);
  EXPECT_EQ(local_moran(std::vector<double>{2, 2, 2, 2}, ring).areas[0].cluster, Cluster::not_significant);
  EXPECT_EQ(gi_star(std::vector<double>{2, 3, 4, nan}, ring).basis.reason, NoStatistic::too_few);
  EXPECT_EQ(gi_star(std::vector<double>{nan, nan, nan, nan}, ring).areas[0].cluster, Cluster::no_data);
  EXPECT_EQ(global_moran(std::vector<double>{1, 2, 3, 4}, Weights::from_lists(std::vector<std::vector<Link>>(4)).value()).basis.reason, NoStatistic::no_links);
  EXPECT_FALSE(global_moran(std::vector<double>{2, 2, 2, 2}, ring).value);
}

TEST(FalseDiscovery, AgreesWithScipy) {
  const auto all = references("stats/cluster");
  const auto ours = benjamini_hochberg(numbers(all["false_discovery"]["p"])), theirs = numbers(all["false_discovery"]["adjusted"]);
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], theirs[i], 1e-12);
  EXPECT_TRUE(benjamini_hochberg({}).empty());
}

TEST(FalseDiscovery, NeedsPermutationsEnough) {
  EXPECT_EQ(permutations_for(120, 0.05), 4799);
  EXPECT_LE(permutation_p({}, permutations_for(801, 0.1), Tail::two_sided), 0.1 / 801);
  const auto all = references("stats/cluster");
  const Json& c = all["cases"][0];
  EXPECT_EQ(gi_star(numbers(c["values"]), links(c["neighbours"]), with(999, Tail::two_sided)).fewest_detectable, 4u);  // 0.002 x 77 / 0.05 = 3.08
}

}  // namespace
}  // namespace gridward::stats
