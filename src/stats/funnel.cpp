#include "stats/funnel.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "stats/special.h"

namespace gridward::stats {
namespace {

double limit(double p, double target, double exposure, Family family) {
  const double mean = target * exposure;
  const auto n = static_cast<std::int64_t>(std::llround(exposure));
  const bool counts = family == Family::poisson;
  const std::int64_t r = counts ? poisson_quantile(p, mean) : binomial_quantile(p, n, target);
  const double reached = counts ? poisson_cdf(r, mean) : binomial_cdf(r, n, target);
  const double at = counts ? poisson_pmf(r, mean) : binomial_pmf(r, n, target);
  return std::max(0.0, (static_cast<double>(r) - (reached - p) / at) / exposure);
}

/// By P(R <= e) and P(R >= e) = 1 - P(R < e).
FunnelPlace place_of(double events, double exposure, double target, Family family) {
  const double mean = target * exposure;
  const auto n = static_cast<std::int64_t>(std::llround(exposure));
  const auto up_to = [&](std::int64_t k) { return family == Family::poisson ? poisson_cdf(k, mean) : binomial_cdf(k, n, target); };
  const auto e = static_cast<std::int64_t>(std::llround(events));
  if (1 - up_to(e - 1) <= 0.001) return FunnelPlace::far_above;
  if (1 - up_to(e - 1) <= 0.025) return FunnelPlace::above;
  if (up_to(e) <= 0.001) return FunnelPlace::far_below;
  if (up_to(e) <= 0.025) return FunnelPlace::below;
  return FunnelPlace::within;
}

}  // namespace

FunnelLimits funnel_limits(double target, double exposure, Family family) {
  // Without chance there is no funnel: nothing ever happens, or every trial succeeds.
  if (target <= 0 || (family == Family::binomial && target >= 1)) return {target, target, target, target};
  return {limit(0.001, target, exposure, family), limit(0.025, target, exposure, family), limit(0.975, target, exposure, family), limit(0.999, target, exposure, family)};
}

Funnel funnel(std::span<const double> events, std::span<const double> exposure, Family family) {
  Funnel out;
  out.areas.resize(events.size());
  double all_events = 0;
  double all_exposure = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!usable(events[i], exposure[i], family) || exposure[i] == 0) continue;
    all_events += events[i];
    all_exposure += exposure[i];
  }
  if (all_exposure > 0) out.target = all_events / all_exposure;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!usable(events[i], exposure[i], family)) continue;
    FunnelArea& area = out.areas[i];
    area.place = FunnelPlace::no_exposure;
    if (exposure[i] == 0) continue;
    area.rate = events[i] / exposure[i];
    area.limits = funnel_limits(*out.target, exposure[i], family);
    area.place = place_of(events[i], exposure[i], *out.target, family);
  }
  return out;
}

}  // namespace gridward::stats
