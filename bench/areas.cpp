// ninja -C build/release bench_areas && build/release/bench/bench_areas [side]: times what is computed over many areas, on a lattice
// of side x side (141: 19,881) areas with six neighbours each, or polygons of 76 edges.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "geo/adjacency.h"
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

/// Winding borders between the corners of a lattice of about a kilometre, 19 edges to a side: what two areas share is one line.
std::vector<std::string> polygons(std::size_t side) {
  using gridward::geo::LonLat;
  const auto border = [](double x, double y, bool upright, int step) {
    const double t = step / 19.0;
    const double wave = 0.08 * std::sin(6.283185307179586 * t) * std::sin(5 * x + 3 * y);
    return upright ? LonLat{117 + 0.01 * (x + wave), 36 + 0.01 * (y + t)} : LonLat{117 + 0.01 * (x + t), 36 + 0.01 * (y + wave)};
  };
  std::vector<std::string> out;
  for (std::size_t i = 0; i < side * side; ++i) {
    const auto x = static_cast<double>(i % side);
    const auto y = static_cast<double>(i / side);
    std::vector<LonLat> ring;
    for (int k = 0; k < 19; ++k) ring.push_back(border(x, y, false, k));
    for (int k = 0; k < 19; ++k) ring.push_back(border(x + 1, y, true, k));
    for (int k = 19; k > 0; --k) ring.push_back(border(x, y + 1, false, k));
    for (int k = 19; k >= 0; --k) ring.push_back(border(x, y, true, k));
    std::string wkb("\1\3\0\0\0\1\0\0\0", 9);
    const auto size = static_cast<std::uint32_t>(ring.size());
    wkb.append(reinterpret_cast<const char*>(&size), sizeof size);
    wkb.append(reinterpret_cast<const char*>(ring.data()), ring.size() * sizeof ring[0]);
    out.push_back(std::move(wkb));
  }
  return out;
}

template <class Work>
void timed(const char* what, const Work& work) {
  const auto began = std::chrono::steady_clock::now();
  const std::clock_t used = std::clock();
  work();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf("%s: %.3f s, of processors %.3f s\n", what, seconds, static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC);
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
  const std::vector<std::string> shapes = polygons(side);
  std::vector<std::optional<gridward::geo::LonLat>> points;
  timed("contiguity by rook", [&] { return gridward::geo::contiguity(shapes, {}); });
  timed("points inside", [&] { points = gridward::geo::representative_points(shapes).value(); });
  timed("distance band of 3 km", [&] { return gridward::geo::distance_band(points, 3000); });
  timed("global empirical Bayes", [&] { return smooth_global(events, exposure); });
  timed("local empirical Bayes", [&] { return smooth_local(events, exposure, neighbours); });
}
