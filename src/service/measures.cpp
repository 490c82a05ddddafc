#include "service/measures.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "service/risk_figures.h"
#include "stats/rates.h"
#include "stats/timing.h"

namespace gridward::service {
namespace {

constexpr unsigned kApart = 1, kCourses = 2, kEnterprises = 4, kSupervision = 8, kNetwork = 16;

/// A rate of a count with Garwood's interval.
Figure rate(double count, std::optional<double> base, const char* unit, const char* base_unit, const char* reason) {
  Figure f;
  f.family = stats::Family::poisson;
  f.unit = unit;
  f.numerator = count;
  f.denominator = base;
  f.denominator_unit = base_unit;
  if (!base || *base <= 0) {
    f.reason = reason;
    return f;
  }
  const stats::Bounds bounds = stats::garwood(static_cast<std::int64_t>(count));
  f.value = count / *base;
  f.low = bounds.low / *base;
  f.high = bounds.high / *base;
  return f;
}

/// A share of things, with Wilson's interval.
Figure share(double part, double whole, const char* of, const char* reason = "no_denominator") {
  Figure f;
  f.family = stats::Family::binomial;
  f.unit = "1";
  f.numerator = part;
  f.denominator = whole;
  f.denominator_unit = of;
  if (whole <= 0) {
    f.reason = reason;
    return f;
  }
  const stats::Bounds bounds = stats::wilson(static_cast<std::int64_t>(part), static_cast<std::int64_t>(whole));
  f.value = part / whole;
  f.low = bounds.low;
  f.high = bounds.high;
  return f;
}

/// A quotient of two sums that are no sample: without interval.
Figure quotient(double part, std::optional<double> whole, const char* unit, const char* of, const char* reason, double scale = 1) {
  Figure f;
  f.unit = unit;
  f.numerator = part;
  f.denominator = whole;
  f.denominator_unit = of;
  if (!whole || *whole <= 0) f.reason = reason;
  else f.value = scale * part / *whole;
  return f;
}

Figure count(double n, const char* unit) {
  Figure f;
  f.unit = unit;
  f.numerator = n;
  f.value = n;
  return f;
}

/// Accidents, which happen as a matter of chance: a change of their number has an interval. `detail` has them by grade (Order 493).
Figure accidents(const Sums& s) {
  Figure f = count(s.at(Count::accidents), "accident");
  f.family = stats::Family::poisson;
  f.detail = fmt::format(R"({{"ordinary":{},"larger":{},"serious":{},"extraordinary":{}}})", s.at(Count::accidents_ordinary), s.at(Count::accidents_larger), s.at(Count::accidents_serious),
                         s.at(Count::accidents_extraordinary));
  return f;
}

/// Hazards weighted by severity per km², with Fay and Feuer's interval.
Figure weighted(double all, double major, const Basis& basis) {
  const Weights& w = basis.weights;
  Figure f = quotient((all - major) * w.general + major * w.major, basis.km2, "1/km2", "km2", "no_area");
  const std::array counts = {static_cast<std::int64_t>(all - major), static_cast<std::int64_t>(major)};
  const std::array weights = {w.general, w.major};
  if (f.value && w.general + w.major > 0) {
    const stats::Bounds bounds = stats::weighted_count_interval(counts, weights);
    f.low = bounds.low / *basis.km2;
    f.high = bounds.high / *basis.km2;
  }
  f.detail = fmt::format(R"({{"weights":{{"general":{},"major":{}}},"general":{},"major":{}}})", w.general, w.major, all - major, major);
  return f;
}

Figure per_1000_employees(double hazards, const Sums& s) {
  Figure f = rate(hazards, s.employees / 1000, "1/1000 employees", "1000 employees", "no_headcount");
  f.detail = fmt::format(R"({{"enterprises_without_headcount":{:.6g}}})", s.without_headcount);
  return f;
}

/// Enterprises whose due day has passed, with the days since, by risk grade.
Figure overdue(const Sums& s, VisitKind kind) {
  auto days = s.of(kind).overdue;
  Figure f = share(static_cast<double>(days.size()), s.active, "enterprise");
  std::ranges::sort(days);
  std::string grades;
  for (auto first = days.begin(); first != days.end();) {
    const auto past = std::ranges::find_if(first, days.end(), [&](const auto& d) { return d.first != first->first; });
    const auto n = past - first;
    const double median = n % 2 == 1 ? (first + n / 2)->second : ((first + n / 2 - 1)->second + (first + n / 2)->second) / 2.0;
    grades += fmt::format(R"({}{{"risk_grade":{},"enterprises":{},"median_days":{},"max_days":{}}})", grades.empty() ? "" : ",", first->first == 0 ? "null" : std::to_string(first->first), n, median,
                          (past - 1)->second);
    first = past;
  }
  f.detail = fmt::format(R"({{"by_grade":[{}],"without_rule":{}}})", grades, s.of(kind).without_rule);
  return f;
}

Figure above_cap(const Sums& s) {
  Figure f = share(s.of(VisitKind::inspection).above_cap, s.active, "enterprise");
  f.detail = fmt::format(R"({{"visits_above_cap":{}}})", s.of(VisitKind::inspection).visits_above_cap);
  return f;
}

/// Coverage by risk, with Wilson's interval of the effective number of enterprises (Kish).
Figure weighted_coverage(const Sums& s, VisitKind kind, const Weights& w) {
  std::vector<char> visited;
  std::vector<double> weights;
  double part = 0, whole = 0;
  for (std::size_t grade = 0; grade < w.risk.size(); ++grade) {
    const auto n = static_cast<std::size_t>(s.in_scope_by_grade[grade]), hits = static_cast<std::size_t>(s.of(kind).visited_by_grade[grade]);
    visited.insert(visited.end(), hits, 1);
    visited.insert(visited.end(), n - hits, 0);
    weights.insert(weights.end(), n, w.risk[grade]);
    part += w.risk[grade] * static_cast<double>(hits);
    whole += w.risk[grade] * static_cast<double>(n);
  }
  Figure f = quotient(part, whole, "1", "weighted enterprise", "no_denominator");
  const stats::WeightedShare share = stats::weighted_share(visited, weights);
  f.low = share.low;
  f.high = share.high;
  f.detail = fmt::format(R"({{"weights":{{"1":{},"2":{},"3":{},"4":{},"none":{}}}}})", w.risk[1], w.risk[2], w.risk[3], w.risk[4], w.risk[0]);
  return f;
}

Figure rectified(const Sums& s) {
  return share(s.durations.closed(), s.durations.found(), "hazard", "nothing_found");
}

/// How long hazards take to be closed, open ones censored. Of the whole distribution the median, and in `detail` the mean up to 90 days.
Figure time_to_rectify(const Sums& s) {
  constexpr double horizon = 90;
  const stats::Survival survival = stats::kaplan_meier(s.durations.spells(), stats::Limits::of_median);
  Figure f = quotient(static_cast<double>(survival.ended), static_cast<double>(survival.cases), "day", "hazard", "nothing_found");
  f.value = survival.median;
  f.low = survival.median_low;
  f.high = survival.median_high;
  if (survival.cases == 0) return f;
  if (!f.value) f.reason = survival.no_median == stats::NoMedian::all_censored ? "all_open" : "median_not_reached";
  const stats::RestrictedMean mean = stats::restricted_mean(survival, horizon);
  const auto number = [](const std::optional<double>& x) { return x ? fmt::format("{:.10g}", *x) : std::string("null"); };
  f.detail = fmt::format(R"({{"censored":{},"restricted_mean":{{"horizon":{},"value":{},"low":{},"high":{}}}}})", survival.cases - survival.ended, mean.horizon, number(mean.value), number(mean.low), number(mean.high));
  return f;
}

constexpr VisitKind kInspection = VisitKind::inspection, kPatrol = VisitKind::patrol;

struct Measure {
  const char* name;
  std::vector<const char*> kinds;
  unsigned needs;
  Figure (*make)(const Sums&, const Basis&);
  /// Lists behind numerator and denominator: $s scope, $p that of posts, $w window, $f filters, $o filters but source, $g filters but grade, $from, $to, $end, $until, $h the value.
  const char* records;
  const char* base;
};

/// Every measure. A new one is a line here, its words in docs/figures.md, and a check against a count that is not ours in the tests.
const std::vector<Measure>& measures() {
  using S = const Sums&;
  using B = const Basis&;
  static const std::vector<Measure> table = {
      {"hazard_density", {"hazard_found"}, 0, [](S s, B b) { return rate(s.at(Count::found), b.km2, "1/km2", "km2", "no_area"); }, "hazards?$s$w$f", ""},
      {"open_hazard_density", {"hazard_found", "hazard_closed"}, 0, [](S s, B b) { return rate(s.at(Count::open), b.km2, "1/km2", "km2", "no_area"); }, "hazards?$s&open_at=$to$f", ""},
      {"weighted_hazard_density", {"hazard_found"}, kApart, [](S s, B b) { return weighted(s.at(Count::found), s.at(Count::found_major), b); }, "hazards?$s$w$f", ""},
      {"weighted_open_hazard_density", {"hazard_found", "hazard_closed"}, kApart, [](S s, B b) { return weighted(s.at(Count::open), s.at(Count::open_major), b); }, "hazards?$s&open_at=$to$f", ""},
      {"hazards_per_enterprise", {"hazard_found"}, kEnterprises, [](S s, B) { return rate(s.at(Count::found), s.exposure, "1/enterprise", "enterprise", "no_enterprise"); }, "hazards?$s$w$f", "enterprises?$s$w&counted=exposed"},
      {"open_hazards_per_enterprise", {"hazard_found", "hazard_closed"}, kEnterprises, [](S s, B) { return rate(s.at(Count::open), s.active + s.exempt, "1/enterprise", "enterprise", "no_enterprise"); }, "hazards?$s&open_at=$to$f",
       "enterprises?$s$w&counted=active"},
      {"hazards_per_1000_employees", {"hazard_found"}, kEnterprises, [](S s, B) { return per_1000_employees(s.at(Count::found), s); }, "hazards?$s$w$f", "enterprises?$s$w&counted=employed"},
      {"open_hazards_per_1000_employees", {"hazard_found", "hazard_closed"}, kEnterprises, [](S s, B) { return per_1000_employees(s.at(Count::open), s); }, "hazards?$s&open_at=$to$f", "enterprises?$s$w&counted=employed"},
      {"hazards_per_inspection", {"hazard_found", "inspection"}, kApart, [](S s, B) { return rate(s.at(Count::found_by_inspection), s.at(Count::inspections), "1/visit", "visit", "no_visits"); }, "hazards?$s$w&source=inspection$o",
       "inspections?$s$w&result=completed"},
      {"hazards_per_patrol", {"hazard_found", "patrol"}, kApart, [](S s, B) { return rate(s.at(Count::found_by_patrol), s.at(Count::patrols), "1/visit", "visit", "no_visits"); }, "hazards?$s$w&source=patrol$o",
       "patrols?$s$w&result=completed"},
      {"rectification_rate", {}, kCourses, [](S s, B) { return rectified(s); }, "hazards?$s$w&closed_to=$until$f", "hazards?$s$w$f"},
      {"time_to_rectify", {}, kCourses, [](S s, B) { return time_to_rectify(s); }, "hazards?$s$w&closed_to=$until$f", "hazards?$s$w$f"},
      {"on_time_rate", {"hazard_due", "hazard_on_time"}, 0, [](S s, B) { return share(s.at(Count::on_time), s.at(Count::due), "hazard", "no_deadline"); }, "hazards?$s&due_from=$from&due_to=$end&on_time=true$f",
       "hazards?$s&due_from=$from&due_to=$end$f"},
      {"overdue_hazards", {"hazard_found", "hazard_closed", "hazard_due", "hazard_settled"}, 0, [](S s, B) { return share(s.at(Count::overdue), s.at(Count::open), "hazard", "nothing_open"); }, "hazards?$s&overdue_at=$end$f",
       "hazards?$s&open_at=$to$f"},
      {"recurrence_90d", {"hazard_followed", "hazard_recurred"}, 0, [](S s, B) { return share(s.at(Count::recurred), s.at(Count::followed), "hazard", "nothing_closed"); }, "hazards?$s&closed_from=$from&closed_to=$to&recurred=true$f",
       "hazards?$s&closed_from=$from&closed_to=$to&followable=true$f"},
      {"major_reinspection", {"hazard_closed", "hazard_reviewed"}, kApart, [](S s, B) { return share(s.at(Count::reviewed_major), s.at(Count::closed_major), "hazard", "nothing_closed"); },
       "hazards?$s&closed_from=$from&closed_to=$to&reviewed=true&grade=major$g", "hazards?$s&closed_from=$from&closed_to=$to&grade=major$g"},

      {"inspection_coverage", {}, kEnterprises, [](S s, B) { return share(s.of(kInspection).visited, s.active, "enterprise"); }, "enterprises?$s$w&counted=visited&visits=inspection", "enterprises?$s$w&counted=in_scope"},
      {"inspection_visits", {"inspection"}, 0, [](S s, B) { return count(s.at(Count::inspections), "visit"); }, "inspections?$s$w&result=completed", ""},
      {"inspections_attempted", {"inspection"}, 0, [](S s, B) { return count(s.at(Count::inspections_attempted), "visit"); }, "inspections?$s$w&result=attempted", ""},
      {"due_coverage", {}, kEnterprises, [](S s, B) { return share(s.of(kInspection).on_time, s.of(kInspection).due, "enterprise", "nothing_due"); }, "enterprises?$s$w&counted=on_time&visits=inspection",
       "enterprises?$s$w&counted=due&visits=inspection"},
      {"frequency_compliance", {}, kEnterprises, [](S s, B) { return share(s.of(kInspection).done, s.of(kInspection).required, "visit", "nothing_due"); }, "enterprises?$s$w&counted=done&visits=inspection",
       "enterprises?$s$w&counted=required&visits=inspection"},
      {"overdue_enterprises", {}, kEnterprises, [](S s, B) { return overdue(s, kInspection); }, "enterprises?$s$w&counted=overdue&visits=inspection", "enterprises?$s$w&counted=in_scope"},
      {"over_inspection", {}, kEnterprises, [](S s, B) { return above_cap(s); }, "enterprises?$s$w&counted=above_cap&visits=inspection", "enterprises?$s$w&counted=in_scope"},
      {"risk_weighted_coverage", {}, kEnterprises, [](S s, B b) { return weighted_coverage(s, kInspection, b.weights); }, "enterprises?$s$w&counted=visited_weight&visits=inspection",
       "enterprises?$s$w&counted=weight"},
      {"patrol_coverage", {}, kEnterprises, [](S s, B) { return share(s.of(kPatrol).visited, s.active, "enterprise"); }, "enterprises?$s$w&counted=visited&visits=patrol", "enterprises?$s$w&counted=in_scope"},
      {"patrol_visits", {"patrol"}, 0, [](S s, B) { return count(s.at(Count::patrols), "visit"); }, "patrols?$s$w&result=completed", ""},
      {"patrols_attempted", {"patrol"}, 0, [](S s, B) { return count(s.at(Count::patrols_attempted), "visit"); }, "patrols?$s$w&result=attempted", ""},
      {"patrol_due_coverage", {}, kEnterprises, [](S s, B) { return share(s.of(kPatrol).on_time, s.of(kPatrol).due, "enterprise", "nothing_due"); }, "enterprises?$s$w&counted=on_time&visits=patrol",
       "enterprises?$s$w&counted=due&visits=patrol"},
      {"patrol_frequency_compliance", {}, kEnterprises, [](S s, B) { return share(s.of(kPatrol).done, s.of(kPatrol).required, "visit", "nothing_due"); }, "enterprises?$s$w&counted=done&visits=patrol",
       "enterprises?$s$w&counted=required&visits=patrol"},
      {"patrol_overdue_enterprises", {}, kEnterprises, [](S s, B) { return overdue(s, kPatrol); }, "enterprises?$s$w&counted=overdue&visits=patrol", "enterprises?$s$w&counted=in_scope"},
      {"patrol_risk_weighted_coverage", {}, kEnterprises, [](S s, B b) { return weighted_coverage(s, kPatrol, b.weights); }, "enterprises?$s$w&counted=visited_weight&visits=patrol", "enterprises?$s$w&counted=weight"},
      {"exempt_enterprises", {}, kEnterprises, [](S s, B) { return count(s.exempt, "enterprise"); }, "enterprises?$s$w&counted=exempt", ""},

      {"effective_supervision", {}, kEnterprises | kSupervision, [](S s, B) { return share(s.supervised, s.active, "enterprise"); }, "enterprises?$s$w&counted=supervised", "enterprises?$s$w&counted=in_scope"},
      {"officers_per_100_enterprises", {}, kEnterprises | kNetwork, [](S s, B) { return quotient(s.officers, s.active, "1/100 enterprises", "enterprise", "no_enterprise", 100); },
       "assignments?$p&post=enforcement_officer,safety_officer,district_supervisor", "enterprises?$s$w&counted=in_scope"},
      {"enterprises_per_safety_officer", {}, kEnterprises | kNetwork, [](S s, B) { return quotient(s.active, s.safety_officers, "enterprise/officer", "officer", "no_officer"); }, "enterprises?$s$w&counted=in_scope",
       "assignments?$p&post=safety_officer"},
      {"cells_per_km2", {}, kNetwork, [](S s, B b) { return quotient(s.cells, b.km2, "1/km2", "km2", "no_area"); }, "", ""},
      {"accidents", {"accident"}, 0, [](S s, B) { return accidents(s); }, "accidents?$s$w", ""},
      {"accidents_per_enterprise", {"accident"}, kEnterprises, [](S s, B) { return rate(s.at(Count::accidents), s.exposure, "1/enterprise", "enterprise", "no_enterprise"); }, "accidents?$s$w", "enterprises?$s$w&counted=exposed"},

      {"risk_highest", {}, kEnterprises, [](S s, B) { return highest_risk(s); }, "enterprises?$s$w&counted=risk_$h", "enterprises?$s$w&counted=active"},
      {"risk_index", {}, kEnterprises, [](S s, B b) { return risk_index(s, b.weights); }, "enterprises?$s$w&counted=graded_weight", "enterprises?$s$w&counted=graded"},
  };
  return table;
}

const Measure& measure_of(const std::string& name) {
  const auto found = std::ranges::find(measures(), name, &Measure::name);
  if (found == measures().end()) throw std::logic_error(name + " is not a measure");
  return *found;
}

/// A link with its parts put in.
std::string filled(std::string_view pattern, const LinkScope& l, const Figure& figure) {
  if (pattern.empty() || (l.posts.empty() && pattern.find("$p") != std::string_view::npos)) return "";
  if (!figure.value && pattern.find("$h") != std::string_view::npos) return "";
  const std::string own = figure.value ? fmt::format("{:g}", *figure.value) : "";
  const std::string source = l.source.empty() ? "" : "&source=" + l.source, grade = l.grade.empty() ? "" : "&grade=" + l.grade;
  std::string out = "/api/v1/";
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = pattern.substr(i);
    const auto put = [&](std::string_view key, const std::string& value) {
      if (!rest.starts_with(key)) return false;
      out += value;
      i += key.size() - 1;
      return true;
    };
    if (put("$from", l.from) || put("$to", l.to) || put("$until", l.until) || put("$end", l.end) || put("$s", l.scope) || put("$p", l.posts) || put("$h", own) || put("$w", "&from=" + l.from + "&to=" + l.to) || put("$f", source + grade) || put("$o", grade) || put("$g", source)) continue;
    out += pattern[i];
  }
  return out;
}

/// Why a measure that looks at hazards of one source or grade alone has nothing to say where others are asked for; nothing, if it has.
const char* not_asked_for(const Measure& m, const LinkScope& l) {
  const std::string_view pattern = m.records;
  if (!l.source.empty() && pattern.find("&source=") != std::string_view::npos && pattern.find("&source=" + l.source + "$") == std::string_view::npos) return "other_source";
  if (!l.grade.empty() && pattern.find("&grade=") != std::string_view::npos && pattern.find("&grade=" + l.grade + "$") == std::string_view::npos) return "other_grade";
  return nullptr;
}

bool has_deadline(std::string_view kind) { return kind == "hazard_due" || kind == "hazard_on_time" || kind == "hazard_settled"; }

}  // namespace

Figure density(double count, std::optional<double> km2) { return rate(count, km2, "1/km2", "km2", "no_area"); }

const std::vector<std::string>& measure_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const Measure& m : measures()) out.emplace_back(m.name);
    return out;
  }();
  return names;
}

Needs needs_of(const std::vector<std::string>& names) {
  Needs needs;
  unsigned bits = 0;
  for (const std::string& name : names) {
    const Measure& m = measure_of(name);
    bits |= m.needs;
    for (const char* kind : m.kinds) {
      auto& list = has_deadline(kind) ? needs.deadline_kinds : needs.kinds;
      if (std::ranges::find(list, kind) == list.end()) list.emplace_back(kind);
    }
  }
  needs.apart = (bits & kApart) != 0;
  needs.courses = (bits & kCourses) != 0;
  needs.enterprises = (bits & kEnterprises) != 0;
  needs.supervision = (bits & kSupervision) != 0;
  needs.network = (bits & kNetwork) != 0;
  return needs;
}

std::optional<stats::Family> family_of(const std::string& measure) {
  const Weights weights;
  const Figure figure = measure_of(measure).make(Sums{}, {std::nullopt, weights});  // what it is does not depend on what is counted
  return figure.is_rate() ? figure.family : std::nullopt;
}

std::string unit_of(const std::string& measure) {
  const Weights weights;
  return measure_of(measure).make(Sums{}, {std::nullopt, weights}).unit;
}

Figure make_figure(const std::string& name, const Sums& sums, const Basis& basis, const LinkScope& link) {
  const Measure& m = measure_of(name);
  Figure figure = m.make(sums, basis);
  if (const char* reason = not_asked_for(m, link)) {  // none counted, where all of them were left out, would read as none found
    figure.value = figure.denominator = figure.low = figure.high = std::nullopt;
    figure.numerator = 0;
    figure.reason = reason;
    figure.detail.clear();
    return figure;
  }
  figure.records = filled(m.records, link, figure);
  figure.base_records = filled(m.base, link, figure);
  return figure;
}

}  // namespace gridward::service
