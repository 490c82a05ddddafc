// ninja -C build/release bench_heat && build/release/bench/bench_heat: thread CPU of heat tiles of 256 pixels over a district of about 40 km (bandwidth 500 m), zooms 10 to 15, when
// what they are drawn from is there, with 1, 10 and 100 times 100,000 events; and of making that. A JSON object.
#include <cmath>
#include <cstdio>
#include <ctime>
#include <vector>

#include "map/heat_field.h"
#include "map/picture.h"
#include "stats/random.h"

namespace {

using namespace gridward;

/// Milliseconds of this thread.
template <class Work>
double thread_ms(const Work& work) {
  timespec before{}, after{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
  work();
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
  return 1e3 * static_cast<double>(after.tv_sec - before.tv_sec) + 1e-6 * static_cast<double>(after.tv_nsec - before.tv_nsec);
}

double uniform(stats::Random& random) { return std::ldexp(static_cast<double>(random.next() >> 11), -53); }

geo::LonLat same(geo::LonLat p) { return p; }

/// A border that winds, with 20,000 vertices, about 20 km around the middle.
std::vector<map::Polygon> border(const geo::LonLat& middle) {
  std::vector<map::Point> ring;
  for (int i = 0; i < 20000; ++i) {
    const double a = 6.283185307179586 * i / 20000, r = 0.18 * (1 + 0.05 * std::sin(17 * a) + 0.01 * std::sin(400 * a));
    ring.push_back({middle.lon + r * std::cos(a) * 1.24, middle.lat + r * std::sin(a)});
  }
  ring.push_back(ring.front());
  return {{ring}};
}

}  // namespace

int main() {
  const geo::LonLat middle{117, 36.5};
  const auto outline = border(middle);
  const geo::LocalPlane plane(middle);
  auto land = outline;
  for (auto& p : land[0][0]) {
    const auto at = plane.to_plane({p.x, p.y});
    p = {at.x, at.y};
  }
  const double h = 500, spacing = h / 4;
  const map::Raster lattice{-26000, 26000, spacing, static_cast<std::size_t>(52000 / spacing), static_cast<std::size_t>(52000 / spacing)};
  map::Field inside;
  std::printf("{\"part inside, once a map\": %.1f", thread_ms([&] { inside = map::part_inside_field(land, lattice, h); }));
  const ColourScale scale = *ColourScale::sequential("viridis", 200);
  stats::Random random(1, 0);
  std::vector<map::WeightedPoint> events;
  for (const int times : {1, 10, 100}) {
    while (events.size() < 100000u * static_cast<unsigned>(times)) {
      const double x = 34000 * (uniform(random) - 0.5), y = 34000 * (uniform(random) - 0.5);
      if (std::hypot(x, y) < 17000) events.push_back({x, y, 1});
    }
    map::Field field;
    std::printf(", \"surface of %d,000 events, once a version\": %.1f", 100 * times, thread_ms([&] { field = map::density_field(events, lattice, &inside, h, map::EdgeCorrection::jones_diggle); }));
    for (int z = 10; z <= 15; ++z) {
      const double n = std::ldexp(1.0, z);
      const auto x = static_cast<std::uint32_t>((middle.lon + 180) / 360 * n), y = static_cast<std::uint32_t>((1 - std::asinh(std::tan(middle.lat * 0.017453292519943295)) / 3.14159265358979323846) / 2 * n);
      constexpr int kRounds = 20;
      std::size_t bytes = 0;
      const double ms = thread_ms([&] {
        for (int i = 0; i < kRounds; ++i) {
          map::Picture picture{{z, x, y}, 256};
          const geo::LocalPlane own(middle);
          map::paint(picture, outline, own, same, [&](double px, double py) { return scale.number_of(field.at(px, py)); });
          bytes = map::write_png(picture, scale.palette()).size();
        }
      });
      std::printf(", \"tile z%d, %d,000 events\": %.2f", z, 100 * times, ms / kRounds);
      if (bytes < 300) return 1;  // it shows nothing
    }
  }
  std::printf("}\n");
  return 0;
}
