#include "stats/permutation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/in_parallel.h"
#include "stats/random.h"

namespace gridward::stats {
namespace {

constexpr double kRounding = 1e-12;  // of a sum of absolute terms: sums of the same terms in another order differ less

void count(Tails& tails, double sum, double observed, double slack) {
  tails.above += sum >= observed - slack;
  tails.below += sum <= observed + slack;
}

/// The largest absolute value: what a rounding error is measured by.
double largest(std::span<const double> x) {
  double out = 0;
  for (const double value : x) out = std::max(out, std::abs(value));
  return out;
}

/// Draws neighbourhoods for one area after another from a copy of the values, which it puts back in order after each.
class Neighbourhoods {
 public:
  Neighbourhoods(std::span<const double> x, const Weights& weights, const Permuting& how) : x_(x), weights_(weights), how_(how), pool_(x.begin(), x.end()), largest_(largest(x)) {}

  Tails tails(std::size_t i) {
    const auto to = weights_.neighbours(i);
    link_.clear();
    double observed = 0;
    double total = 0;
    for (std::size_t k = 0; k < to.size(); ++k) {
      if (to[k] == i) continue;
      link_.push_back(weights_.weights(i)[k]);
      observed += link_.back() * x_[to[k]];
      total += link_.back();
    }
    std::swap(pool_[i], pool_.back());  // the others come first
    const Tails out = draw(i, observed, kRounding * total * largest_);
    restore(i);
    return out;
  }

 private:
  void restore(std::size_t i) {
    for (std::size_t at = 0; at < link_.size(); ++at) pool_[at] = x_[at];
    pool_[i] = x_[i];
    pool_.back() = x_.back();
    if (moved_.size() < x_.size()) {
      for (const std::uint32_t at : moved_) pool_[at] = x_[at];
    } else {
      std::ranges::copy(x_, pool_.begin());
    }
  }

  Tails draw(std::size_t i, double observed, double slack) {
    Random random(how_.seed, i);
    const auto others = static_cast<std::uint32_t>(x_.size() - 1);
    moved_.clear();
    Tails out;
    for (int p = 0; p < how_.permutations; ++p) {
      double sum = 0;
      for (std::uint32_t k = 0; k < link_.size(); ++k) {  // Fisher and Yates, as far as it is needed
        const std::uint32_t at = k + random.below(others - k);
        std::swap(pool_[k], pool_[at]);
        if (moved_.size() < x_.size()) moved_.push_back(at);
        sum += link_[k] * pool_[k];
      }
      count(out, sum, observed, slack);
    }
    return out;
  }

  std::span<const double> x_;
  const Weights& weights_;
  const Permuting& how_;
  std::vector<double> pool_;
  double largest_;
  std::vector<double> link_;           // weights of the area's links
  std::vector<std::uint32_t> moved_;  // where the pool is out of order, beside its first places; full: anywhere
};

double product(std::span<const double> x, const Weights& weights) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto to = weights.neighbours(i);
    const auto w = weights.weights(i);
    double lag = 0;
    for (std::size_t k = 0; k < to.size(); ++k) lag += w[k] * x[to[k]];
    sum += x[i] * lag;
  }
  return sum;
}

}  // namespace

double permutation_p(const Tails& tails, int permutations, Tail tail) {
  const double p = (std::min(tails.above, tails.below) + 1.0) / (permutations + 1.0);
  return tail == Tail::directed ? p : std::min(1.0, 2 * p);
}

int permutations_for(std::size_t n, double level, Tail tail) {
  return static_cast<int>(std::ceil((tail == Tail::directed ? 1 : 2) * static_cast<double>(n) / level)) - 1;
}

std::vector<double> benjamini_hochberg(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return p[a] > p[b]; });
  std::vector<double> out(p.size());
  double least = 1;
  for (std::size_t k = 0; k < order.size(); ++k) {  // from the largest down
    least = std::min(least, p[order[k]] * static_cast<double>(p.size()) / static_cast<double>(p.size() - k));
    out[order[k]] = least;
  }
  return out;
}

std::vector<Tails> permute_neighbours(std::span<const double> x, const Weights& weights, const Permuting& how) {
  std::vector<Tails> out(x.size());
  in_blocks(x.size(), 64, how.threads, [&](std::size_t first, std::size_t last) {
    Neighbourhoods neighbourhoods(x, weights, how);
    for (std::size_t i = first; i < last; ++i) out[i] = neighbourhoods.tails(i);
  });
  return out;
}

Tails permute_all(std::span<const double> x, const Weights& weights, const Permuting& how) {
  const double observed = product(x, weights);
  double slack = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (const double w : weights.weights(i)) slack += w * std::abs(x[i]);
  }
  slack *= kRounding * largest(x);
  std::vector<Tails> each(static_cast<std::size_t>(how.permutations));
  in_blocks(each.size(), 1, how.threads, [&](std::size_t first, std::size_t) {
    Random random(how.seed, first);
    std::vector<double> shuffled(x.begin(), x.end());
    for (auto left = static_cast<std::uint32_t>(shuffled.size()); left > 1; --left) std::swap(shuffled[left - 1], shuffled[random.below(left)]);
    count(each[first], product(shuffled, weights), observed, slack);
  });
  Tails out;
  for (const Tails& one : each) {
    out.above += one.above;
    out.below += one.below;
  }
  return out;
}

}  // namespace gridward::stats
