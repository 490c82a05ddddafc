#include "domain/zoning.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "domain/zoning_growth.h"
#include "domain/zoning_search.h"
#include "stats/random.h"

namespace gridward {
namespace {

double sum_of(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// Connected pieces of each zone.
std::vector<std::size_t> pieces_of(const ZoningProblem& problem, const std::vector<std::size_t>& zone) {
  std::vector<std::size_t> out(problem.zones), stack;
  std::vector<bool> seen(zone.size());
  for (std::size_t start = 0; start < zone.size(); ++start) {
    if (seen[start] || zone[start] == kNoZone) continue;
    ++out[zone[start]];
    stack = {start};
    seen[start] = true;
    while (!stack.empty()) {
      const std::size_t u = stack.back();
      stack.pop_back();
      for (const SharedEdge& edge : problem.beside[u])
        if (!seen[edge.to] && zone[edge.to] == zone[u]) seen[edge.to] = true, stack.push_back(edge.to);
    }
  }
  return out;
}

Result<void> check(const ZoningProblem& p) {
  const std::size_t n = p.load.size();
  if (p.cost.size() != n || p.beside.size() != n || p.current.size() != n || p.locked.size() != n) return fail(Errc::invalid_argument, "The lists of a zoning problem must be of one length.");
  if (p.zones == 0 || n < p.zones) return fail(Errc::rule_violated, "There are fewer villages than people to share them among.");
  const auto bad = [](double v) { return !(v >= 0) || std::isinf(v); };
  if (std::ranges::any_of(p.load, bad) || std::ranges::any_of(p.cost, bad)) return fail(Errc::invalid_argument, "Loads and costs must be numbers from 0 up.");
  if (std::ranges::any_of(p.current, [&](std::size_t z) { return z != kNoZone && z >= p.zones; })) return fail(Errc::invalid_argument, "A unit is in a zone that there is not.");
  return {};
}

/// The most load for each zone that some piece of the ground has at least, if no zone spans two; 0 where it is in one piece, or zones span pieces already or are too few.
double ground_bound(const ZoningProblem& problem) {
  const auto piece_of = ground_pieces(problem);
  const std::size_t pieces = *std::ranges::max_element(piece_of) + 1;
  if (pieces == 1 || pieces > problem.zones) return 0;
  std::vector<std::size_t> of_zone(problem.zones, kNoZone);
  std::vector<double> load(pieces);
  for (std::size_t u = 0; u < piece_of.size(); ++u) {
    load[piece_of[u]] += problem.load[u];
    if (problem.current[u] == kNoZone) continue;
    std::size_t& known = of_zone[problem.current[u]];
    if (known != kNoZone && known != piece_of[u]) return 0;
    known = piece_of[u];
  }
  std::vector<double> zones(pieces, 1);
  const auto worst = [&] {
    std::size_t at = 0;
    for (std::size_t c = 1; c < pieces; ++c)
      if (load[c] / zones[c] > load[at] / zones[at]) at = c;
    return at;
  };
  for (std::size_t left = problem.zones - pieces; left > 0; --left) zones[worst()] += 1;
  return load[worst()] / zones[worst()];
}

}  // namespace

ZoningMeasures measure_zones(const ZoningProblem& problem, const ZoningOptions& options, const std::vector<std::size_t>& zone) {
  ZoningMeasures out;
  out.load.assign(problem.zones, 0);
  double all_metres = 0;
  for (std::size_t u = 0; u < zone.size(); ++u) {
    for (const SharedEdge& edge : problem.beside[u]) {
      if (edge.to <= u) continue;
      all_metres += edge.metres;
      if (zone[u] != zone[edge.to]) out.border_metres += edge.metres;
    }
    if (zone[u] == kNoZone) continue;
    out.load[zone[u]] += problem.load[u];
    if (problem.current[u] == kNoZone || problem.current[u] == zone[u]) continue;
    ++out.moved;
    out.moved_cost += problem.cost[u];
  }
  out.pieces = pieces_of(problem, zone);
  out.spread = stats::spread_of(out.load);
  const double all_cost = sum_of(problem.cost);
  const auto even = even_loads(problem, zone);
  double squares = 0;
  for (std::size_t z = 0; z < problem.zones; ++z) squares += (out.load[z] - even[z]) * (out.load[z] - even[z]);
  const double unevenness = out.spread.mean > 0 ? std::sqrt(squares / static_cast<double>(problem.zones)) / out.spread.mean : 0;
  out.objective = out.spread.max_to_mean - 1 + unevenness + (all_cost > 0 ? options.moved_weight * out.moved_cost / all_cost : 0) +
                  (all_metres > 0 ? options.perimeter_weight * out.border_metres / all_metres : 0);
  return out;
}

ZoningBound bound_of(const ZoningProblem& problem) {
  using Reason = ZoningBound::Reason;
  ZoningBound out;
  const double mean = sum_of(problem.load) / static_cast<double>(problem.zones);
  if (!(mean > 0)) return out;
  const auto raise = [&](Reason reason, double load) {
    if (load / mean > out.max_to_mean) out.reason = reason, out.max_to_mean = load / mean;
  };
  out.unit = static_cast<std::size_t>(std::ranges::max_element(problem.load) - problem.load.begin());
  raise(Reason::unit, problem.load[out.unit]);
  std::vector<double> locked(problem.zones);
  for (std::size_t u = 0; u < problem.load.size(); ++u)
    if (problem.locked[u] && problem.current[u] != kNoZone) locked[problem.current[u]] += problem.load[u];
  raise(Reason::locked, *std::ranges::max_element(locked));
  std::vector<double> falling = problem.load;
  std::ranges::sort(falling, std::greater<>());
  for (std::size_t j = 1; j * problem.zones < falling.size(); ++j) {
    double lightest = 0;
    for (std::size_t i = 0; i <= j; ++i) lightest += falling[j * problem.zones - i];
    raise(Reason::pigeonhole, lightest);
  }
  raise(Reason::ground, ground_bound(problem));
  return out;
}

Result<Zoning> balance_zones(const ZoningProblem& problem, const ZoningOptions& options) {
  if (auto ok = check(problem); !ok) return fail(ok.error());
  Zoning out;
  out.before = measure_zones(problem, options, problem.current);
  out.bound = bound_of(problem);
  for (int restart = 0; restart < std::max(1, options.restarts); ++restart) {
    stats::Random dice(options.seed, static_cast<std::uint64_t>(restart));
    std::vector<std::size_t> zone = problem.current;
    grow_zones(problem, dice, zone);
    out.steps += improve_zones(problem, options, dice, zone);
    ZoningMeasures measured = measure_zones(problem, options, zone);
    if (restart > 0 && measured.objective >= out.after.objective) continue;
    out.zone = std::move(zone);
    out.after = std::move(measured);
    out.restart = restart;
  }
  return out;
}

}  // namespace gridward
