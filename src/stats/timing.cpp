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

void set_median(Survival& out) {
  if (out.steps.empty()) {
    out.no_median = out.cases == 0 ? NoMedian::no_cases : NoMedian::all_censored;
    return;
  }
  for (const SurvivalStep& step : out.steps) {
    if (!out.median && step.survival <= kHalf) out.median = step.time;
    if (!out.median_low && (!step.low || *step.low <= kHalf)) out.median_low = step.time;
    if (!out.median_high && step.high && *step.high <= kHalf) out.median_high = step.time;
  }
  if (!out.median) out.no_median = NoMedian::not_reached;
}

}  // namespace

Survival kaplan_meier(std::span<const Spell> spells) {
  Survival out;
  std::vector<Spell> order;
  for (const Spell& spell : spells) {
    if (std::isfinite(spell.time) && spell.time >= 0) order.push_back(spell);
  }
  std::ranges::sort(order, {}, &Spell::time);
  out.cases = order.size();
  out.unusable = spells.size() - order.size();
  if (!order.empty()) out.last_time = order.back().time;
  double survival = 1;
  double hazard_sum = 0;
  for (std::size_t i = 0; i < order.size();) {
    SurvivalStep step{.time = order[i].time, .at_risk = order.size() - i};
    for (; i < order.size() && order[i].time == step.time; ++i) step.ended += order[i].ended;
    if (step.ended == 0) continue;
    const auto n = static_cast<double>(step.at_risk);
    const auto d = static_cast<double>(step.ended);
    step.survival = survival *= (n - d) / n;
    step.hazard_sum = hazard_sum += d < n ? d / (n * (n - d)) : std::numeric_limits<double>::infinity();
    set_interval(step);
    out.ended += step.ended;
    out.steps.push_back(step);
  }
  set_median(out);
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
