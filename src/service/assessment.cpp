#include "service/assessment.h"

#include <algorithm>

#include "sql.gen.h"

namespace gridward::service {
namespace {

constexpr std::array<std::string_view, 4> accident_grades = {"ordinary", "larger", "serious", "extraordinary"};

}  // namespace

Weights read_weights(storage::Tx& tx, std::int64_t district, const std::string& day, const std::string& known_at) {
  Weights weights;
  const auto rows = tx.run(sql::roster_weights, {std::to_string(district), day, storage::or_null(known_at)});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string scale = rows.text(i, "scale"), grade = rows.text(i, "grade");
    const double weight = rows.real(i, "weight");
    if (scale == "risk") weights.risk.at(static_cast<std::size_t>(std::stoi(grade))) = weight;
    else if (scale == "severity") (grade == "major" ? weights.major : weights.general) = weight;
    else if (scale == "accident") weights.accident.at(static_cast<std::size_t>(std::ranges::find(accident_grades, grade) - accident_grades.begin())) = weight;
  }
  return weights;
}

Staff::Staff(storage::Tx& tx, std::int64_t district, const std::string& day, const std::string& known_at) {
  const auto posts = tx.run(sql::roster_posts);
  for (std::size_t i = 0; i < posts.size(); ++i) required_.emplace_back(posts.text(i, "code"), static_cast<int>(posts.integer(i, "level")));
  const auto rows = tx.run(sql::roster_staff, {std::to_string(district), day, storage::or_null(known_at)});
  for (std::size_t i = 0; i < rows.size(); ++i) held_[{rows.integer(i, "cell_id"), rows.text(i, "post")}] = {rows.integer(i, "people"), rows.boolean(i, "qualified")};
}

std::vector<std::string> Staff::faults(std::int64_t cell, int level) const {
  std::vector<std::string> out;
  for (const auto& [post, of_level] : required_) {
    if (of_level != level) continue;
    const auto held = held_.find({cell, post});
    if (held == held_.end()) out.push_back("vacant:" + post);
    else if (!held->second.qualified) out.push_back("no_certificate:" + post);
  }
  return out;
}

std::int64_t Staff::people(std::int64_t cell, const std::string& post) const {
  const auto held = held_.find({cell, post});
  return held == held_.end() ? 0 : held->second.people;
}

Assessment::Assessment(storage::Tx& tx, Rosters& rosters, const AssessedWindow& window)
    : window_(window), roster_(rosters.find(tx, window.district, window.data_version, window.known_at)),
      weights_(read_weights(tx, window.district, to_string(day_of(window.window.to - 1)), window.known_at)) {}

void Assessment::each(const std::function<void(const Enterprise&, const Assessed&)>& each) const {
  for (const Enterprise& e : roster_->enterprises)
    if (const auto assessed = assess(e)) each(e, *assessed);
}

std::optional<Assessed> Assessment::assess(const Enterprise& e) const {
  auto standing = standing_of(e, window_.window, window_.map_day);
  if (!standing) return std::nullopt;
  return look_at(e, std::move(*standing));
}

Assessed Assessment::look_at(const Enterprise& e, Standing standing) const {
  Assessed out;
  const DaySpan& window = window_.window;
  DayNumber spent = 0;
  for (const auto& [leaf, days] : standing.spent) spent += days;
  out.exposure = static_cast<double>(spent) / window.days();
  out.exempt = standing.active && e.exempt_on(window.to - 1);
  out.in_scope = standing.active && !out.exempt;
  if (const EnterpriseFacts* facts = e.facts_on(window.to - 1)) {
    out.headcount = facts->headcount;
    out.risk_grade = facts->risk_grade;
  }
  out.risk_weight = weights_.risk.at(static_cast<std::size_t>(out.risk_grade));
  const DayNumber end = std::min(window.to, window_.today);
  for (const VisitKind kind : {VisitKind::inspection, VisitKind::patrol}) {
    Assessed::Visits& v = out.visits[static_cast<std::size_t>(kind)];
    v.visited = out.in_scope && e.visits_in(kind, window) > 0;
    v.duty = duty_of(e, standing, kind, roster_->rules, window, window_.today);
    if (out.in_scope && v.duty.overdue_since) v.overdue_days = end - *v.duty.overdue_since;
    v.above_cap = visits_above_cap(e, standing, kind, roster_->rules, window);
  }
  out.standing = std::move(standing);
  return out;
}

}  // namespace gridward::service
