#include "domain/zoning.h"

#include <numeric>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "geo/adjacency.h"
#include "geo/vector_file.h"
#include "stats/random.h"

namespace gridward {
namespace {

using testing::Each;

/// A grid of units a kilometre wide, with loads of 1 to 20.
ZoningProblem grid(std::size_t side, std::size_t zones, std::uint64_t seed) {
  ZoningProblem p;
  const std::size_t n = side * side;
  stats::Random dice(seed, 99);
  p.beside.resize(n);
  for (std::size_t u = 0; u < n; ++u) {
    p.load.push_back(1 + dice.below(20));
    p.cost.push_back(1);
    const auto link = [&](std::size_t v) { p.beside[u].push_back({v, 1000}), p.beside[v].push_back({u, 1000}); };
    if (u % side + 1 < side) link(u + 1);
    if (u + side < n) link(u + side);
  }
  p.zones = zones;
  p.current.assign(n, kNoZone);
  p.locked.assign(n, false);
  return p;
}

/// Vertical strips, which are uneven.
void strips(ZoningProblem& p, std::size_t side) {
  for (std::size_t u = 0; u < p.current.size(); ++u) p.current[u] = std::min(p.zones - 1, u % side * p.zones / side);
}

TEST(Zoning, GrowsConnectedEvenZones) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    const ZoningProblem p = grid(16, 8, seed);
    const Zoning z = balance_zones(p, {.seed = seed}).value();
    EXPECT_THAT(z.after.pieces, Each(1U));
    EXPECT_LE(z.after.spread.max_to_mean, 1.01);
    EXPECT_GE(z.after.spread.max_to_mean, z.bound.max_to_mean);
    EXPECT_EQ(std::set<std::size_t>(z.zone.begin(), z.zone.end()).size(), 8U);
  }
}

TEST(Zoning, TheSameSeedGivesTheSameAnswer) {
  const ZoningProblem p = grid(14, 6, 3);
  const Zoning a = balance_zones(p, {.seed = 7}).value(), b = balance_zones(p, {.seed = 7}).value();
  EXPECT_EQ(a.zone, b.zone);
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_NE(a.zone, balance_zones(p, {.seed = 8}).value().zone);
}

TEST(Zoning, ImprovesThePlanThatIsThere) {
  ZoningProblem p = grid(12, 6, 1);
  strips(p, 12);
  p.load[5] = 150;
  const Zoning z = balance_zones(p, {}).value();
  EXPECT_THAT(z.after.pieces, Each(1U));
  EXPECT_LT(z.after.spread.max_to_mean, z.before.spread.max_to_mean);
  EXPECT_LT(z.after.objective, z.before.objective);
  EXPECT_EQ(z.before.moved, 0U);
  EXPECT_GT(z.after.moved, 0U);
}

TEST(Zoning, KeepsLocksBarriersAndTheBudget) {
  ZoningProblem p = grid(12, 4, 2);
  strips(p, 12);
  for (std::size_t u = 0; u < p.locked.size(); u += 5) p.locked[u] = true;
  // A river between the strips of zones 0 and 1.
  for (std::size_t u = 0; u < p.beside.size(); ++u)
    std::erase_if(p.beside[u], [&](const SharedEdge& e) { return p.current[u] + p.current[e.to] == 1; });
  ZoningOptions options;
  options.moved_weight = 0.01;
  options.most_cost = 7;
  const Zoning z = balance_zones(p, options).value();
  EXPECT_GT(z.after.moved, 0U);
  EXPECT_LE(z.after.moved_cost, 7);
  EXPECT_THAT(z.after.pieces, Each(1U));
  for (std::size_t u = 0; u < p.locked.size(); ++u) {
    EXPECT_TRUE(!p.locked[u] || z.zone[u] == p.current[u]);
    EXPECT_FALSE(p.current[u] + z.zone[u] == 1) << "over the river";
  }
  options.most_cost = 0;
  EXPECT_EQ(balance_zones(p, options).value().zone, p.current);
}

TEST(Zoning, AddsNoExclave) {
  ZoningProblem p = grid(10, 3, 4);
  for (std::size_t u = 0; u < 100; ++u) p.current[u] = u / 34;
  p.current[99] = 0;  // a corner of zone 2 that is zone 0's
  const Zoning z = balance_zones(p, {}).value();
  EXPECT_EQ(z.before.pieces, (std::vector<std::size_t>{2, 1, 1}));
  EXPECT_LE(z.after.pieces[0], 2U);
  EXPECT_EQ(z.after.pieces[1], 1U);
  EXPECT_EQ(z.after.pieces[2], 1U);
}

TEST(Zoning, PiecesOfGroundGetZonesByTheirLoad) {
  // Two islands of 6 × 6 and 3 × 6.
  ZoningProblem p = grid(6, 3, 5);
  const std::size_t first = p.load.size();
  for (std::size_t u = 0; u < 18; ++u) p.load.push_back(p.load[u]), p.cost.push_back(1), p.beside.emplace_back(), p.current.push_back(kNoZone), p.locked.push_back(false);
  for (std::size_t u = 0; u < 18; ++u)
    for (const SharedEdge& e : p.beside[u])
      if (e.to < 18) p.beside[first + u].push_back({first + e.to, e.metres});
  const Zoning z = balance_zones(p, {}).value();
  EXPECT_THAT(z.after.pieces, Each(1U));
}

TEST(Zoning, OneWithoutUnitsGetsSome) {
  ZoningProblem p = grid(10, 3, 6);
  for (std::size_t u = 0; u < 100; ++u) p.current[u] = u / 50;  // nothing for the third
  const Zoning z = balance_zones(p, {}).value();
  EXPECT_THAT(z.after.pieces, Each(1U));
  EXPECT_LE(z.after.spread.max_to_mean, 1.05);
}

TEST(Zoning, BoundSaysWhyBalanceIsImpossible) {
  ZoningProblem p = grid(4, 4, 1);
  std::ranges::fill(p.load, 1);
  EXPECT_EQ(bound_of(p).max_to_mean, 1);
  p.load[6] = 40;  // of 55
  EXPECT_EQ(bound_of(p).reason, ZoningBound::Reason::unit);
  EXPECT_EQ(bound_of(p).unit, 6U);
  EXPECT_NEAR(bound_of(p).max_to_mean, 40 / (55 / 4.0), 1e-12);
  std::ranges::fill(p.load, 0);
  for (std::size_t u = 0; u < 5; ++u) p.load[u] = 10;  // five alike for four: two are together somewhere
  EXPECT_EQ(bound_of(p).reason, ZoningBound::Reason::pigeonhole);
  EXPECT_NEAR(bound_of(p).max_to_mean, 20 / 12.5, 1e-12);
}

TEST(Zoning, RefusesWhatDoesNotFit) {
  ZoningProblem p = grid(2, 5, 1);
  EXPECT_FALSE(balance_zones(p, {}).has_value());
  p.zones = 2;
  p.load[0] = -1;
  EXPECT_FALSE(balance_zones(p, {}).has_value());
}

TEST(Zoning, SharesOutChicagosTracts) {
  geo::OpenOptions open;
  open.layer = "tract";
  std::vector<std::string> shapes;
  ASSERT_TRUE(geo::read_vector_file(
                  GRIDWARD_SOURCE_DIR "/geodata/chicago/boundaries.gpkg", open, [](const auto&) { return Result<void>{}; }, [&](geo::Feature& f) { return shapes.push_back(*f.wkb), true; })
                  .has_value());
  ASSERT_EQ(shapes.size(), 801U);
  const auto adjacency = geo::contiguity(shapes, {geo::Contiguity::rook, 10, 1}).value();
  ZoningProblem p;
  p.zones = 20;
  stats::Random dice(1, 0);
  for (std::size_t u = 0; u < shapes.size(); ++u) {
    p.load.push_back(1 + dice.below(40));
    p.cost.push_back(1);
    p.beside.emplace_back();
    for (const geo::Contact& c : adjacency.contacts[u]) p.beside[u].push_back({c.to, c.metres});
  }
  p.current.assign(801, kNoZone);
  p.locked.assign(801, false);
  const Zoning z = balance_zones(p, {}).value();
  EXPECT_THAT(z.after.pieces, Each(1U));
  // O'Hare lies apart and is a zone of its own: the others have nineteen.
  EXPECT_EQ(z.bound.reason, ZoningBound::Reason::ground);
  EXPECT_GT(z.bound.max_to_mean, 1.04);
  EXPECT_LE(z.after.spread.max_to_mean, 1.01 * z.bound.max_to_mean);
}

TEST(Spread, IsThatOfNumpy) {
  // numpy: x.max() / x.mean(), x.std() / x.mean(), and half the mean absolute difference over the mean.
  const auto s = stats::spread_of(std::vector<double>{3, 1, 4, 1, 5});
  EXPECT_NEAR(s.max_to_mean, 5 / 2.8, 1e-12);
  EXPECT_NEAR(s.cv, 0.5714285714285714, 1e-12);
  EXPECT_NEAR(s.gini, 0.3142857142857143, 1e-12);
  EXPECT_EQ(stats::spread_of(std::vector<double>{0, 0}).max_to_mean, 1);
  EXPECT_EQ(stats::spread_of({}).gini, 0);
}

}  // namespace
}  // namespace gridward
