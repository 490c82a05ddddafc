#include "stats/smooth.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/posterior.h"
#include "stats/rates.h"
#include "stats/special.h"

namespace gridward::stats {
namespace {

bool exposed(double e, double b, Family family) { return usable(e, b, family) && b > 0; }

/// Sums over areas with exposure, and from them the moments of their rates.
struct Moments {
  double events = 0, exposure = 0, square = 0;  // Σe, Σb, Σb(r-m)²
  std::size_t areas = 0;

  [[nodiscard]] double mean() const { return events / exposure; }
  [[nodiscard]] double mean_exposure() const { return exposure / static_cast<double>(areas); }
  /// A before it is cut off at 0.
  [[nodiscard]] double variance(Family family) const {
    const double m = mean();
    const double b = mean_exposure();
    if (family == Family::poisson) return square / exposure - m / b;
    return b > 1 ? (square / exposure - m * (1 - m) / b) * b / (b - 1) : 0;
  }
};

template <class Indices>
Moments moments(std::span<const double> events, std::span<const double> exposure, Family family, const Indices& indices) {
  Moments out;
  for (const auto i : indices) {
    if (!exposed(events[i], exposure[i], family)) continue;
    out.events += events[i];
    out.exposure += exposure[i];
    ++out.areas;
  }
  for (const auto i : indices) {
    if (!exposed(events[i], exposure[i], family)) continue;
    const double miss = events[i] / exposure[i] - out.mean();
    out.square += exposure[i] * miss * miss;
  }
  return out;
}

std::vector<std::size_t> all(std::size_t n) {
  std::vector<std::size_t> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = i;
  return out;
}

/// θ and w of an area, given m and A >= 0.
Smoothed shrink(double e, double b, double m, double variance, Family family) {
  if (b == 0) return {m, 0, {}, {}, Estimate::no_exposure};
  const double chance = (family == Family::poisson ? m : m * (1 - m) - variance) / b;
  // Without chance there is nothing to shrink: no event at all, or shares all 0 and 1.
  const double w = variance + chance > 0 ? variance / (variance + chance) : 0;
  const double rate = e / b;
  // Rounding must not put it outside what it lies between: where A is all there is, w may come out above 1.
  return {std::clamp(w * rate + (1 - w) * m, std::min(rate, m), std::max(rate, m)), std::min(w, 1.0), {}, {}, Estimate::ordinary};
}

/// The areas of an estimate whose intervals can be had from one prior.
struct Exposed {
  std::vector<double> events, exposure;
};

template <class Indices>
Exposed gather(std::span<const double> events, std::span<const double> exposure, Family family, const Indices& indices) {
  Exposed out;
  for (const auto i : indices) {
    if (!exposed(events[i], exposure[i], family)) continue;
    out.events.push_back(events[i]);
    out.exposure.push_back(exposure[i]);
  }
  return out;
}

/// Whether chance shows: without an event, or where every trial is one, a prior cannot be fitted.
bool degenerate(const Moments& all_areas, Family family) {
  return all_areas.events == 0 || (family == Family::binomial && all_areas.events >= all_areas.exposure);
}

/// Sets an area's interval, around its estimate.
void set_interval(Smoothed& area, double e, double b, std::span<const Prior> priors, Family family) {
  Bounds bounds{};
  if (!priors.empty()) {
    bounds = posterior_interval(priors, e, b, family);
  } else if (b == 0) {
    return;
  } else if (family == Family::poisson) {
    const Bounds count = garwood(std::llround(e));
    bounds = {count.low / b, count.high / b};
  } else {
    bounds = wilson(std::llround(e), std::llround(b));
  }
  area.low = std::min(bounds.low, *area.rate);
  area.high = std::max(bounds.high, *area.rate);
}

}  // namespace

bool usable(double events, double exposure, Family family) {
  return std::isfinite(events) && std::isfinite(exposure) && events >= 0 && exposure >= 0 && (family == Family::poisson || events <= exposure);
}

GlobalSmoothing smooth_global(std::span<const double> events, std::span<const double> exposure, Family family) {
  const auto everywhere = all(events.size());
  const Moments sums = moments(events, exposure, family, everywhere);
  GlobalSmoothing out;
  out.areas = sums.areas;
  out.rates.resize(events.size());
  if (sums.areas > 0) {
    out.mean = sums.mean();
    out.variance_moment = sums.variance(family);
    out.clipped = out.variance_moment <= 0;
    out.variance = std::max(0.0, out.variance_moment);
  }
  std::vector<Prior> priors;
  if (sums.areas > 1 && !degenerate(sums, family)) {
    const Exposed areas = gather(events, exposure, family, everywhere);
    priors = possible_priors(areas.events, areas.exposure, family);
  }
  for (const std::size_t i : everywhere) {
    if (!usable(events[i], exposure[i], family)) {
      out.rates[i].kind = Estimate::no_data;
    } else if (sums.areas == 0) {
      out.rates[i].kind = Estimate::no_exposure;
    } else {
      out.rates[i] = shrink(events[i], exposure[i], out.mean, out.variance, family);
      set_interval(out.rates[i], exposure[i] > 0 ? events[i] : 0, exposure[i], priors, family);
    }
  }
  return out;
}

LocalSmoothing smooth_local(std::span<const double> events, std::span<const double> exposure, const Weights& neighbours, Family family) {
  const GlobalSmoothing global = smooth_global(events, exposure, family);
  LocalSmoothing out{global.rates, std::vector(events.size(), global.mean), std::vector(events.size(), global.variance)};
  std::vector<std::size_t> window;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!usable(events[i], exposure[i], family) || global.areas == 0) continue;
    window.assign(1, i);
    for (const std::uint32_t j : neighbours.neighbours(i)) {
      if (j != i && exposed(events[j], exposure[j], family)) window.push_back(j);
    }
    if (window.size() == 1) {
      if (exposure[i] > 0) out.rates[i].kind = Estimate::island;
      continue;
    }
    const Moments sums = moments(events, exposure, family, window);
    out.mean[i] = sums.mean();
    out.variance[i] = std::max(0.0, sums.variance(family));
    out.rates[i] = shrink(events[i], exposure[i], out.mean[i], out.variance[i], family);
    std::vector<Prior> priors;
    if (!degenerate(sums, family)) {
      const Exposed areas = gather(events, exposure, family, window);
      priors = possible_priors(areas.events, areas.exposure, family);
    }
    set_interval(out.rates[i], exposure[i] > 0 ? events[i] : 0, exposure[i], priors, family);
  }
  return out;
}

std::vector<double> standardised_rates(std::span<const double> events, std::span<const double> exposure, Family family) {
  const Moments sums = moments(events, exposure, family, all(events.size()));
  std::vector<double> out(events.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!exposed(events[i], exposure[i], family)) continue;
    if (degenerate(sums, family)) {
      out[i] = 0;
      continue;
    }
    const double m = sums.mean();
    const double between = sums.variance(family);
    const double trial = family == Family::poisson ? m : m * (1 - m);  // the variance of one unit of exposure
    const double v = between + (family == Family::poisson ? m : trial - between) / exposure[i];
    out[i] = (events[i] / exposure[i] - m) / std::sqrt(v > 0 ? v : trial / exposure[i]);
  }
  return out;
}

Homogeneity homogeneity(std::span<const double> events, std::span<const double> exposure, Family family) {
  const auto everywhere = all(events.size());
  const Moments sums = moments(events, exposure, family, everywhere);
  Homogeneity out;
  if (sums.areas == 0) return out;
  out.degrees = static_cast<double>(sums.areas - 1);
  if (sums.areas < 2 || degenerate(sums, family)) return out;
  const double m = sums.mean();
  out.chi_square = sums.square / (family == Family::poisson ? m : m * (1 - m));
  if (family == Family::binomial) {
    out.p = chi_square_upper(out.chi_square, out.degrees);
    return out;
  }
  const auto k = static_cast<double>(sums.areas);
  double inverse = 0;  // Σ1/π, π an area's share of the exposure
  for (const std::size_t i : everywhere) {
    if (exposed(events[i], exposure[i], family)) inverse += sums.exposure / exposure[i];
  }
  const double variance = 2 * out.degrees + (inverse - k * k - 2 * k + 2) / sums.events;
  const double stretch = variance / (2 * out.degrees);
  out.p = variance > 1e-9 * k ? chi_square_upper(out.chi_square / stretch, out.degrees / stretch) : 1;
  return out;
}

}  // namespace gridward::stats
