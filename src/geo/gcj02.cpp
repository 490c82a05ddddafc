#include "geo/gcj02.h"

#include <cmath>
#include <numbers>

namespace gridward::geo {
namespace {

using std::numbers::pi;

constexpr double kAxis = 6378245.0;                      // Krasovsky 1940, as the public formula has it
constexpr double kEccentricity2 = 0.00669342162296594323;

bool in_china(LonLat p) { return p.lon >= 72.004 && p.lon <= 137.8347 && p.lat >= 0.8293 && p.lat <= 55.8271; }

LonLat offset(LonLat p) {
  const double x = p.lon - 105.0, y = p.lat - 35.0, root = std::sqrt(std::abs(x));
  const double common = (20.0 * std::sin(6.0 * x * pi) + 20.0 * std::sin(2.0 * x * pi)) * 2.0 / 3.0;
  double north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common;
  north += (20.0 * std::sin(y * pi) + 40.0 * std::sin(y / 3.0 * pi)) * 2.0 / 3.0;
  north += (160.0 * std::sin(y / 12.0 * pi) + 320.0 * std::sin(y * pi / 30.0)) * 2.0 / 3.0;
  double east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common;
  east += (20.0 * std::sin(x * pi) + 40.0 * std::sin(x / 3.0 * pi)) * 2.0 / 3.0;
  east += (150.0 * std::sin(x / 12.0 * pi) + 300.0 * std::sin(x / 30.0 * pi)) * 2.0 / 3.0;
  const double phi = p.lat / 180.0 * pi;
  const double magic = 1 - kEccentricity2 * std::sin(phi) * std::sin(phi);
  return {east * 180.0 / (kAxis / std::sqrt(magic) * std::cos(phi) * pi),
          north * 180.0 / (kAxis * (1 - kEccentricity2) / (magic * std::sqrt(magic)) * pi)};
}

constexpr double kBaidu = pi * 3000.0 / 180.0;

LonLat to_bd09_from_gcj02(LonLat p) {
  const double r = std::hypot(p.lon, p.lat) + 0.00002 * std::sin(p.lat * kBaidu);
  const double angle = std::atan2(p.lat, p.lon) + 0.000003 * std::cos(p.lon * kBaidu);
  return {r * std::cos(angle) + 0.0065, r * std::sin(angle) + 0.006};
}

}  // namespace

LonLat to_gcj02(LonLat p) {
  if (!in_china(p)) return p;
  const LonLat d = offset(p);
  return {p.lon + d.lon, p.lat + d.lat};
}

LonLat from_gcj02(LonLat p) {
  if (!in_china(p)) return p;
  LonLat guess = p;
  for (int step = 0; step < 4; ++step) {
    const LonLat d = offset(guess);
    guess = {p.lon - d.lon, p.lat - d.lat};
  }
  return guess;
}

LonLat from_bd09(LonLat p) {
  if (!in_china(p)) return p;
  LonLat guess{p.lon - 0.0065, p.lat - 0.006};
  for (int step = 0; step < 4; ++step) {
    const LonLat back = to_bd09_from_gcj02(guess);
    guess = {guess.lon + p.lon - back.lon, guess.lat + p.lat - back.lat};
  }
  return from_gcj02(guess);
}

}  // namespace gridward::geo
