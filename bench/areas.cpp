// ninja -C build/release bench_areas && build/release/bench/bench_areas [side]: times what is computed over many areas, on a lattice
// of side x side (141: 19,881) areas with six neighbours each.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "stats/cluster.h"
#include "stats/random.h"
#include "stats/smooth.h"

namespace {

using namespace gridward::stats;

/// Edges, and corners in one direction: about six neighbours an area, as villages have.
Weights lattice(std::size_t side) {
  std::vector<std::vector<Link>> lists(side * side);
  const auto link = [&](std::size_t a, std::size_t b) {
    lists[a].push_back({b, 1});
    lists[b].push_back({a, 1});
  };
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      const std::size_t i = y * side + x;
      if (x + 1 < side) link(i, i + 1);
      if (y + 1 < side) link(i, i + side);
      if (x + 1 < side && y + 1 < side) link(i, i + side + 1);
    }
  }
  return Weights::from_lists(lists).value();
}

template <class Work>
void timed(const char* what, const Work& work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  std::printf("%s: %.3f s\n", what, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t side = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 141;
  const Weights neighbours = lattice(side);
  std::vector<double> events, exposure;
  Random random(1, 0);
  for (std::size_t i = 0; i < side * side; ++i) {
    exposure.push_back(1 + random.below(200));
    events.push_back(random.below(static_cast<std::uint32_t>(exposure.back()) + 5) / 5);
  }
  const std::vector<double> z = standardised_rates(events, exposure);
  std::printf("%zu areas, %.1f neighbours each, 999 permutations\n", side * side, static_cast<double>(neighbours.links()) / static_cast<double>(side * side));
  for (const unsigned threads : {1u, 2u}) {
    const ClusterOptions options{{999, 1, threads}, Tail::two_sided, 0.05};
    std::printf("%u threads\n", threads);
    timed("  Gi*", [&] { return gi_star(z, neighbours, options); });
    timed("  local Moran", [&] { return local_moran(z, neighbours, options); });
    timed("  global Moran", [&] { return global_moran(z, neighbours, options); });
  }
  timed("global empirical Bayes", [&] { return smooth_global(events, exposure); });
  timed("local empirical Bayes", [&] { return smooth_local(events, exposure, neighbours); });
}
