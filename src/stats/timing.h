#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace gridward::stats {

/// How long a case lasted, or several alike: until it ended (a hazard was rectified), or until it was last seen open, from when on it is censored.
struct Spell {
  double time = 0;  // days, or any unit; >= 0
  bool ended = true;
  std::size_t cases = 1;
};

/// The share that lasts longer than a time, from there to the next step.
struct SurvivalStep {
  double time = 0;
  std::size_t at_risk = 0;  // open just before; those censored at this very time still among them
  std::size_t ended = 0;
  double survival = 1;
  double hazard_sum = 0;            // Greenwood's Σ d/(n(n-d)) up to here; infinite where all have ended
  std::optional<double> std_error;  // of survival: S √hazard_sum; none at 0
  std::optional<double> low, high;  // 95 %, log-log; none at 0
};

/// Which limits are found: those of each step, or of steps until the interval of the median is known, which takes a quarter of the time.
enum class Limits { of_steps, of_median };

enum class NoMedian {
  none,          // there is one
  no_cases,
  all_censored,  // nothing has ended yet
  not_reached,   // more than half are open where the last one ended
};

struct Survival {
  std::size_t cases = 0, ended = 0;
  std::size_t unusable = 0;  // time not a number, or negative: left out
  double last_time = 0;      // the longest that a case was followed
  std::vector<SurvivalStep> steps;  // where cases ended, rising
  std::optional<double> median;
  NoMedian no_median = NoMedian::none;
  std::optional<double> median_low, median_high;  // 95 %; without high, it may be of any length
};

/// The Kaplan-Meier estimate (Kaplan and Meier 1958) with Greenwood's variance. Pointwise intervals are those of log(-log S)
/// (Kalbfleisch and Prentice), as in lifelines, and in R by survfit(conf.type = "log-log"); R's own default is "log".
/// The median is the first time at which S <= 1/2 (as lifelines; R takes the middle of a step of exactly 1/2), its interval the times
/// whose pointwise interval holds 1/2 (Brookmeyer and Crowley 1982). The mean of ended cases alone is not offered: it leaves the
/// longest out.
[[nodiscard]] Survival kaplan_meier(std::span<const Spell> spells, Limits limits = Limits::of_steps);

struct RestrictedMean {
  double horizon = 0;
  bool shortened = false;  // the horizon asked for lies beyond last_time, where some are still open: nothing is known of what follows
  std::optional<double> value;      // none without cases
  std::optional<double> std_error;  // none where nothing ended before the horizon: the data then say nothing of its precision
  std::optional<double> low, high;  // 95 %, normal, within [0, horizon]
};

/// The mean of min(time, horizon), horizon >= 0: the area under S, with the standard error √Σ A²d/(n(n-d)), A the area from a step to
/// the horizon (Klein and Moeschberger 2003, 4.5; as R's print(survfit, rmean=)).
[[nodiscard]] RestrictedMean restricted_mean(const Survival& survival, double horizon);

}  // namespace gridward::stats
