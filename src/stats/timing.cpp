#include "stats/timing.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/special.h"

namespace gridward::stats {
namespace {

constexpr double kHalf = 0.5 + 1e-12;  // a product of fractions may miss a half by its rounding

void set_interval(SurvivalStep& step) {
  if (step.survival <= 0) return;
  step.std_error = step.survival * std::sqrt(step.hazard_sum);
  const double width = kZ95 * std::sqrt(step.hazard_sum) / std::abs(std::log(step.survival));
  step.low = std::pow(step.survival, std::exp(width));
  step.high = std::pow(step.survival, std::exp(-width));
}

bool median_sought(const Survival& out) { return !out.median || !out.median_low || !out.median_high; }

void note_median(Survival& out, const SurvivalStep& step) {
  if (!out.median && step.survival <= kHalf) out.median = step.time;
  if (!out.median_low && (!step.low || *step.low <= kHalf)) out.median_low = step.time;
  if (!out.median_high && step.high && *step.high <= kHalf) out.median_high = step.time;
}

NoMedian no_median(const Survival& out) {
  if (out.cases == 0) return NoMedian::no_cases;
  if (out.steps.empty()) return NoMedian::all_censored;
  return out.median ? NoMedian::none : NoMedian::not_reached;
}

/// Those that can be used, by time.
std::vector<Spell> in_order(std::span<const Spell> spells, std::size_t& unusable) {
  std::vector<Spell> order;
  order.reserve(spells.size());
  for (const Spell& spell : spells) {
    if (std::isfinite(spell.time) && spell.time >= 0) order.push_back(spell);
    else unusable += spell.cases;
  }
  if (!std::ranges::is_sorted(order, {}, &Spell::time)) std::ranges::sort(order, {}, &Spell::time);
  return order;
}

}  // namespace

Survival kaplan_meier(std::span<const Spell> spells, Limits limits) {
  Survival out;
  const std::vector<Spell> order = in_order(spells, out.unusable);
  for (const Spell& spell : order) out.cases += spell.cases;
  if (!order.empty()) out.last_time = order.back().time;
  double survival = 1;
  double hazard_sum = 0;
  std::size_t at_risk = out.cases;
  for (std::size_t i = 0; i < order.size();) {
    SurvivalStep step{.time = order[i].time, .at_risk = at_risk};
    for (; i < order.size() && order[i].time == step.time; ++i) {
      at_risk -= order[i].cases;
      if (order[i].ended) step.ended += order[i].cases;
    }
    if (step.ended == 0) continue;
    const auto n = static_cast<double>(step.at_risk);
    const auto d = static_cast<double>(step.ended);
    step.survival = survival *= (n - d) / n;
    step.hazard_sum = hazard_sum += d < n ? d / (n * (n - d)) : std::numeric_limits<double>::infinity();
    const bool sought = median_sought(out);
    if (sought || limits == Limits::of_steps) set_interval(step);
    if (sought) note_median(out, step);
    out.ended += step.ended;
    out.steps.push_back(step);
  }
  out.no_median = no_median(out);
  return out;
}

RestrictedMean restricted_mean(const Survival& survival, double horizon) {
  RestrictedMean out{.horizon = horizon};
  if (survival.cases == 0) return out;
  const bool some_open = survival.steps.empty() || survival.steps.back().survival > 0;
  if (some_open && horizon > survival.last_time) {
    out.horizon = survival.last_time;
    out.shortened = true;
  }
  double area = 0;  // from a step to the horizon, going back
  double variance = 0;
  double until = out.horizon;
  for (std::size_t k = survival.steps.size(); k-- > 0;) {
    const SurvivalStep& step = survival.steps[k];
    if (step.time >= out.horizon) continue;
    area += step.survival * (until - step.time);
    until = step.time;
    const auto n = static_cast<double>(step.at_risk);
    const auto d = static_cast<double>(step.ended);
    if (d < n) variance += area * area * d / (n * (n - d));
  }
  out.value = area + until;
  if (until == out.horizon) return out;
  out.std_error = std::sqrt(variance);
  out.low = std::max(0.0, *out.value - kZ95 * *out.std_error);
  out.high = std::min(out.horizon, *out.value + kZ95 * *out.std_error);
  return out;
}

}  // namespace gridward::stats
