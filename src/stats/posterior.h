#pragma once

#include <span>
#include <vector>

#include "stats/rates.h"
#include "stats/smooth.h"

namespace gridward::stats {

/// A prior that the data leave possible: a gamma distribution of this mean and of shape mean·size (a beta distribution of mean·size and
/// (1-mean)·size), with its share of the posterior probability. `size` is in units of exposure: the prior weighs as much as an area
/// with that exposure.
struct Prior {
  double mean;
  double size;
  double share;
};

/// What events and exposure (all > 0) of areas say about the prior that their rates come from: a grid over mean and size, weighted by
/// the marginal (negative binomial, beta-binomial) likelihood. A priori 1/size is uniform, for counts thus the variance between areas
/// (Stein's harmonic prior, see Morris and Tang 2011), which is what made intervals of 8 areas cover as of 120, where a uniform
/// shrinkage fell to 91 %; the mean has density m^-½ (times (1-m)^-½).
/// There must be an event (and a trial that failed). The shares sum to 1.
[[nodiscard]] std::vector<Prior> possible_priors(std::span<const double> events, std::span<const double> exposure, Family family);

/// The 95 % interval of the rate of an area with so many events: quantiles of the gamma (beta) distribution that has the mean and the
/// variance of the mixture of posteriors over all priors. Unlike the interval from one estimated prior it does not take that for the
/// truth (Morris 1983), and covers with few areas too.
[[nodiscard]] Bounds posterior_interval(std::span<const Prior> priors, double events, double exposure, Family family);

}  // namespace gridward::stats
