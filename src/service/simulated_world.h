#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/day.h"
#include "service/simulate.h"

namespace gridward::service::simulated {

/// The days that are simulated.
inline const Day kFrom = Day{std::chrono::year{2023} / std::chrono::January / 1};
inline const Day kTo = Day{std::chrono::year{2026} / std::chrono::January / 1};

struct Industry {
  const char* code;
  const char* name;
  double weight;   // how common
  double rate;     // how dangerous: hazards that the public finds are 0.3 times that, a year and enterprise
  double workers;  // a typical headcount
  const char* department;  // that leads its supervision

  [[nodiscard]] int risk_grade() const { return rate > 1.5 ? 1 : rate > 0.6 ? 2 : rate > 0.4 ? 3 : 4; }
};

/// How the office of a town works.
struct Town {
  std::string code, name, kind;
  double pace = 0.85;     // the gap between visits, as a part of the interval that the rules ask for; 0: nobody looks
  double on_time = 0.85;  // the part of the deadlines that are kept
  std::vector<std::string> officers;  // who enforces there
};

/// A village: a box of the grid, some days of life, and how dangerous it is beside the others.
struct Village {
  std::string code, name, town;
  double west = 0, south = 0, east = 0, north = 0;
  std::string from, to;
  double risk = 1;
  bool drawn = true;
  bool all_visited = false;  // each enterprise is inspected once a year
  std::string officer;       // 安全员; empty: the post is vacant
};

struct Unit {
  std::string code;
  std::size_t village = 0, town = 0;
  const Industry* industry = nullptr;
  double lon = 0, lat = 0;
  std::vector<std::pair<Day, Day>> exempt;

  [[nodiscard]] bool exempt_on(Day day) const;
};

/// Chance. Each part of the simulator has a stream of its own, so that one that draws more does not change the others.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t stream) : engine_(seed * 0x9E3779B97F4A7C15U + stream) {}
  double uniform() { return std::uniform_real_distribution<>(0, 1)(engine_); }
  double between(double low, double high) { return low + (high - low) * uniform(); }
  bool chance(double p) { return uniform() < p; }
  int below(int n) { return std::uniform_int_distribution<>(0, n - 1)(engine_); }
  int poisson(double mean) { return mean <= 0 ? 0 : std::poisson_distribution<>(mean)(engine_); }
  double exponential(double mean) { return std::exponential_distribution<>(1 / mean)(engine_); }
  double lognormal(double median, double sigma) { return median * std::lognormal_distribution<>(0, sigma)(engine_); }
  Day day(Day from, Day to) { return from + std::chrono::days(below(static_cast<int>((to - from).count()))); }
  std::string name();  // of a person who does not exist

 private:
  std::mt19937_64 engine_;
};

/// A district in the making, and its folder.
class World {
 public:
  World(std::filesystem::path folder, const SimulateOptions& options, int index);

  /// A file of the folder; all are closed, and checked, by finish().
  std::ofstream& open(const std::string& name);
  void finish();
  [[nodiscard]] Dice dice(std::uint64_t stream) const { return {seed, stream}; }
  [[nodiscard]] std::string town_code(int t) const;
  [[nodiscard]] std::size_t town_at(const std::string& code) const;

  const std::uint64_t seed;
  const int index, enterprises;
  const std::string code;
  const double west, south;
  std::vector<Town> towns;
  std::vector<Village> villages;
  std::vector<Unit> units;

 private:
  const std::filesystem::path folder_;
  std::deque<std::pair<std::filesystem::path, std::ofstream>> files_;
};

/// Towns, villages and enterprises, with what is planted in them, and their files.
void make_places(World& world);
/// Roads, rails, waters and land to draw the map on, with a recipe of their own, basemap.toml. None of it draws chance.
void make_roads(World& world);
/// Who is responsible for them, with certificates, and which enterprises are exempt.
void make_people(World& world);
/// Visits, hazards with their loops, accidents, and the true rates behind them.
void make_events(World& world);

/// A hazard that was found.
struct Finding {
  std::string visit;  // the key of the visit that found it, or empty
  Day day;
  const char* source;
  bool major = false;
};

/// Writes hazards with their loops.
class HazardBook {
 public:
  explicit HazardBook(World& world);
  void add(const Unit& unit, const Finding& finding);

 private:
  World& world_;
  Dice dice_;
  std::ofstream &hazards_, &steps_;
  int hazard_ = 0, step_ = 0;
};

}  // namespace gridward::service::simulated
