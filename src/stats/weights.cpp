#include "stats/weights.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace gridward::stats {
namespace {

std::string link_name(std::size_t from, std::size_t to) { return "the link from area " + std::to_string(from) + " to " + std::to_string(to); }

}  // namespace

Result<Weights> Weights::from_lists(std::span<const std::vector<Link>> lists) {
  if (lists.size() > std::numeric_limits<std::uint32_t>::max()) return fail(Errc::invalid_argument, "too many areas");
  Weights out;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    std::vector<Link> row = lists[i];
    std::ranges::sort(row, {}, &Link::to);
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (row[k].to >= lists.size() || row[k].to == i) return fail(Errc::invalid_argument, link_name(i, row[k].to) + " leads to no other area");
      if (k > 0 && row[k].to == row[k - 1].to) return fail(Errc::invalid_argument, link_name(i, row[k].to) + " is there twice");
      if (!(row[k].weight > 0) || std::isinf(row[k].weight)) return fail(Errc::invalid_argument, link_name(i, row[k].to) + " must have a weight above 0");
      out.to_.push_back(static_cast<std::uint32_t>(row[k].to));
      out.weight_.push_back(row[k].weight);
    }
    out.starts_.push_back(out.to_.size());
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const std::uint32_t j : out.neighbours(i)) {
      if (!std::ranges::binary_search(out.neighbours(j), i)) return fail(Errc::invalid_argument, link_name(i, j) + " has no link back");
    }
  }
  return out;
}

std::vector<std::size_t> Weights::islands() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < size(); ++i) {
    if (std::ranges::all_of(neighbours(i), [i](std::uint32_t j) { return j == i; })) out.push_back(i);
  }
  return out;
}

Weights Weights::binary() const {
  Weights out = *this;
  std::ranges::fill(out.weight_, 1.0);
  return out;
}

Weights Weights::row_standardised() const {
  Weights out = *this;
  for (std::size_t i = 0; i < size(); ++i) {
    const auto row = weights(i);
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    for (std::size_t k = starts_[i]; k < starts_[i + 1]; ++k) out.weight_[k] /= sum;
  }
  return out;
}

Weights Weights::with_self(double weight) const {
  Weights out;
  const auto add = [&out](std::size_t to, double w) {
    out.to_.push_back(static_cast<std::uint32_t>(to));
    out.weight_.push_back(w);
  };
  for (std::size_t i = 0; i < size(); ++i) {
    bool there = false;
    for (std::size_t k = starts_[i]; k < starts_[i + 1]; ++k) {
      if (!there && to_[k] > i) add(i, weight);
      there = there || to_[k] >= i;
      add(to_[k], weight_[k]);
    }
    if (!there) add(i, weight);
    out.starts_.push_back(out.to_.size());
  }
  return out;
}

Weights Weights::among(std::span<const char> keep) const {
  std::vector<std::uint32_t> number(size());
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < size(); ++i) number[i] = keep[i] != 0 ? next++ : 0;
  Weights out;
  for (std::size_t i = 0; i < size(); ++i) {
    if (keep[i] == 0) continue;
    for (std::size_t k = starts_[i]; k < starts_[i + 1]; ++k) {
      if (keep[to_[k]] == 0) continue;
      out.to_.push_back(number[to_[k]]);
      out.weight_.push_back(weight_[k]);
    }
    out.starts_.push_back(out.to_.size());
  }
  return out;
}

}  // namespace gridward::stats
