#pragma once

#include <string>
#include <vector>

#include "domain/figure.h"
#include "service/figures.h"
#include "storage/database.h"

namespace gridward::service {

/// What an assessment period (考核期) counts: figures of the areas of some levels within a cell, over days that are over.
struct AssessmentPeriod {
  std::string id, kind, status, known_at;
  std::int64_t district = 0, cell = 0;
  std::vector<std::string> levels;
  FiguresAsked asked;  // of each level
  [[nodiscard]] bool has_figures() const { return kind == "figures"; }
};

/// One figure of an answer: whose (`part`: cell, direct, unplaced) and which.
struct PeriodFigure {
  std::string level, part;
  Cell cell;
  std::string measure;
  Figure figure;
};

/// A period by its id, which exists.
[[nodiscard]] AssessmentPeriod read_period(storage::Tx& tx, const std::string& id);

/// Its figures as known at an instant (empty: now), in the order of the answers; `level`: of that alone. It is not asked who may see them.
[[nodiscard]] Result<std::vector<PeriodFigure>> count_period(storage::Tx& tx, FigureSources& sources, const AssessmentPeriod& period, const std::string& known_at, const std::string& level = "");

/// Its figures as they were signed.
[[nodiscard]] std::vector<PeriodFigure> read_signed(storage::Tx& tx, const AssessmentPeriod& period, const std::string& level = "");

/// Puts figures into a draft that is about to be signed.
void keep_figures(storage::Tx& tx, const std::string& id, const std::vector<PeriodFigure>& figures);

/// Whether anything of a figure is another: value, numerator, denominator, interval, reason or detail.
[[nodiscard]] bool differ(const Figure& a, const Figure& b);

/// The same figure of two answers; at least one of them is there.
struct FigurePair {
  const PeriodFigure *one = nullptr, *two = nullptr;
  [[nodiscard]] const PeriodFigure& any() const { return one != nullptr ? *one : *two; }
  [[nodiscard]] bool differs() const { return one == nullptr || two == nullptr || differ(one->figure, two->figure); }
};
/// Pairs the figures of two answers, in the order of the first; then those of the second alone. They point into both.
[[nodiscard]] std::vector<FigurePair> pair_figures(const std::vector<PeriodFigure>& one, const std::vector<PeriodFigure>& two);

}  // namespace gridward::service
