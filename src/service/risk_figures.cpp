#include "service/risk_figures.h"

#include <numeric>

#include <fmt/format.h>

#include "domain/risk.h"

namespace gridward::service {
namespace {

int active(const Sums& s) { return std::accumulate(s.active_by_grade.begin(), s.active_by_grade.end(), 0); }
int graded(const Sums& s) { return active(s) - s.active_by_grade[0]; }

const char* reason_of(const Sums& s) { return active(s) == 0 ? "no_enterprise" : graded(s) == 0 ? "no_grade" : ""; }

std::string by_grade(const Sums& s) {
  const auto& n = s.active_by_grade;
  return fmt::format(R"("by_grade":{{"1":{},"2":{},"3":{},"4":{}}},"without_grade":{})", n[1], n[2], n[3], n[4], n[0]);
}

}  // namespace

Figure highest_risk(const Sums& s) {
  Figure f;
  f.unit = "risk grade";
  f.denominator = active(s);
  f.denominator_unit = "enterprise";
  f.reason = reason_of(s);
  if (!f.reason.empty()) {
    f.detail = fmt::format(R"({{"colour":null,"letter":null,"zh":null,{}}})", by_grade(s));
    return f;
  }
  std::size_t grade = 1;
  while (s.active_by_grade[grade] == 0) ++grade;
  f.value = static_cast<double>(grade);
  f.numerator = s.active_by_grade[grade];
  const RiskGrade& colour = kRiskGrades[grade];
  f.label = colour.colour_zh;
  f.detail = fmt::format(R"({{"colour":"{}","letter":"{}","zh":"{}",{}}})", colour.colour, colour.letter, colour.colour_zh, by_grade(s));
  return f;
}

Figure risk_index(const Sums& s, const Weights& weights) {
  Figure f;
  f.unit = "weight";
  f.denominator = graded(s);
  f.denominator_unit = "enterprise";
  f.reason = reason_of(s);
  for (std::size_t grade = 1; grade <= 4; ++grade) f.numerator += weights.risk[grade] * s.active_by_grade[grade];
  if (f.reason.empty()) f.value = f.numerator / *f.denominator;
  f.detail = fmt::format(R"({{"weights":{{"1":{},"2":{},"3":{},"4":{}}},{}}})", weights.risk[1], weights.risk[2], weights.risk[3], weights.risk[4], by_grade(s));
  return f;
}

}  // namespace gridward::service
