#include "stats/posterior.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/special.h"

namespace gridward::stats {
namespace {

constexpr int kSizes = 16;      // nodes over shrinkage
constexpr int kMeans = 7;       // nodes over the mean, a standard deviation apart
constexpr double kUnlikely = 12;  // in log likelihood below the best: e^-12 is left out

struct Areas {
  std::span<const double> events, exposure;
  Family family;
};

/// log Γ(a + n) - log Γ(a). For a few events one logarithm instead of four, which halves the time of a map.
double log_rising(double a, double n) {
  if (n > 16 || n != std::floor(n)) return log_gamma(a + n) - log_gamma(a);
  double product = 1;
  for (double k = 0; k < n; ++k) product *= a + k;
  return std::log(product);
}

/// log of the probability of an area's events, without what depends on neither mean nor size.
double log_marginal(double e, double b, double mean, double size, Family family) {
  const double a = mean * size;
  if (family == Family::poisson) return log_rising(a, e) - e * std::log(size + b) - a * std::log1p(b / size);
  return log_rising(a, e) + log_rising((1 - mean) * size, b - e) - log_rising(size, b);
}

/// Up to a constant, with nodes even in log mean (log odds of it); without the prior of size.
double log_posterior(const Areas& areas, double mean, double size) {
  double sum = 0.5 * std::log(mean);  // m^-½ dm = m^½ d(log m)
  if (areas.family == Family::binomial) sum += 0.5 * std::log(1 - mean);
  for (std::size_t i = 0; i < areas.events.size(); ++i) sum += log_marginal(areas.events[i], areas.exposure[i], mean, size, areas.family);
  return sum;
}

/// The best mean of a given size of prior, and its standard error on the scale of logarithms (of log odds).
struct Centre {
  double mean, error;
};

Centre centre(const Areas& areas, double size) {
  double weights = 0;
  double sum = 0;
  for (std::size_t i = 0; i < areas.events.size(); ++i) {
    const double shrink = size / (areas.exposure[i] + size);
    sum += shrink * areas.events[i];
    weights += shrink * areas.exposure[i];
  }
  const double mean = sum / weights;
  const double spread = areas.family == Family::binomial ? mean * (1 - mean) : mean;
  return {mean, 1 / std::sqrt(spread * weights)};
}

double size_at(double shrinkage, double mean_exposure) { return mean_exposure * shrinkage / (1 - shrinkage); }

/// The part of (0, 1) of shrinkage that the data leave possible.
Bounds likely_shrinkage(const Areas& areas, double mean_exposure) {
  double log[kSizes];
  for (int k = 0; k < kSizes; ++k) {
    const double size = size_at((k + 0.5) / kSizes, mean_exposure);
    log[k] = log_posterior(areas, centre(areas, size).mean, size);
  }
  const double best = *std::max_element(log, log + kSizes);
  int first = 0;
  int last = kSizes - 1;
  while (log[first] < best - kUnlikely) ++first;
  while (log[last] < best - kUnlikely) --last;
  return {std::max(0, first - 1) / static_cast<double>(kSizes), std::min(kSizes, last + 2) / static_cast<double>(kSizes)};
}

double shifted_mean(const Centre& c, double steps, Family family) {
  if (family == Family::poisson) return c.mean * std::exp(steps * c.error);
  return 1 / (1 + (1 - c.mean) / c.mean * std::exp(-steps * c.error));
}

}  // namespace

std::vector<Prior> possible_priors(std::span<const double> events, std::span<const double> exposure, Family family) {
  const Areas areas{events, exposure, family};
  double mean_exposure = 0;
  for (const double b : exposure) mean_exposure += b / static_cast<double>(exposure.size());
  const Bounds range = likely_shrinkage(areas, mean_exposure);
  std::vector<Prior> out;
  double best = -std::numeric_limits<double>::infinity();
  for (int k = 0; k < kSizes; ++k) {
    const double shrinkage = range.low + (range.high - range.low) * (k + 0.5) / kSizes;
    const double size = size_at(shrinkage, mean_exposure);
    const Centre c = centre(areas, size);
    for (int j = 0; j < kMeans; ++j) {
      const double mean = shifted_mean(c, j - kMeans / 2, family);
      out.push_back({mean, size, log_posterior(areas, mean, size) + std::log(c.error) - 2 * std::log(shrinkage)});
      best = std::max(best, out.back().share);
    }
  }
  double sum = 0;
  for (Prior& prior : out) sum += prior.share = std::exp(prior.share - best);
  for (Prior& prior : out) prior.share /= sum;
  std::erase_if(out, [](const Prior& prior) { return prior.share < 1e-7; });
  return out;
}

Bounds posterior_interval(std::span<const Prior> priors, double events, double exposure, Family family) {
  double mean = 0;
  double square = 0;
  for (const Prior& prior : priors) {
    const double total = prior.size + exposure;
    const double m = (prior.mean * prior.size + events) / total;
    const double variance = family == Family::poisson ? m / total : m * (1 - m) / (total + 1);
    mean += prior.share * m;
    square += prior.share * (variance + m * m);
  }
  const double variance = square - mean * mean;
  if (family == Family::poisson) {
    const double shape = mean * mean / variance;
    return {gamma_quantile(shape, 0.025) * mean / shape, gamma_quantile(shape, 0.975) * mean / shape};
  }
  const double size = mean * (1 - mean) / variance - 1;
  return {beta_quantile(mean * size, (1 - mean) * size, 0.025), beta_quantile(mean * size, (1 - mean) * size, 0.975)};
}

}  // namespace gridward::stats
