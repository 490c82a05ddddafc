#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "service/simulated_world.h"

namespace gridward::service::simulated {
namespace {

using std::chrono::days;

/// What is true of a village, beside what will be counted there.
struct Truth {
  int enterprises = 0;
  double reports = 0;                    // expected, a year
  int visits[2] = {0, 0};                // completed
  double expected_hazards[2] = {0, 0};   // of those visits
};

/// How often visits come, and what they find. The intervals are those of the general visit rules.
struct VisitPlan {
  const char* kind;
  int interval[5], grace[5];  // by risk grade
  double finds;               // hazards expected of a visit where risk and rate are 1
  double later;               // beyond the pace of the town
};
constexpr VisitPlan kPlans[] = {{"inspection", {0, 90, 180, 365, 730}, {0, 30, 60, 90, 180}, 0.30, 0}, {"patrol", {0, 30, 60, 90, 180}, {0, 30, 30, 60, 90}, 0.12, 0.04}};

class Events {
 public:
  explicit Events(World& world)
      : w_(world), dice_(world.dice(4)), hazards_(world), visits_(world.open("visits.csv")), accidents_(world.open("accidents.csv")), truths_(world.villages.size()) {
    visits_ << "key,kind,day,enterprise,lon,lat,officer,result,department,joint_id\n";
    accidents_ << "key,day,enterprise,lon,lat,category,deaths,serious_injuries,direct_loss_yuan\n";
  }

  void make(const Unit& u) {
    truths_[u.village].enterprises += 1;
    for (int kind = 0; kind < 2; ++kind)
      for (const Day day : days_of_visits(u, kind)) visit(u, kind, day);
    report(u);
    if (dice_.chance(0.004 * risk(u)))
      accidents_ << fmt::format("X{},{},{},{:.6f},{:.6f},{},{},{},{}\n", ++accident_, to_string(dice_.day(kFrom, kTo)), u.code, u.lon, u.lat, u.industry->name, dice_.chance(0.3) ? 1 : 0, dice_.below(3), 10000 * dice_.below(200));
  }

  void write_truth() {
    auto& out = w_.open("truth.csv");
    out << "village,enterprises,public_reports_a_year,risk,hazards_per_inspection,hazards_per_patrol,on_time_rate\n";
    for (std::size_t i = 0; i < w_.villages.size(); ++i) {
      const Truth& t = truths_[i];
      const auto per_visit = [&](int kind) { return t.visits[kind] == 0 ? "" : fmt::format("{:.5f}", t.expected_hazards[kind] / t.visits[kind]); };
      out << fmt::format("{},{},{:.4f},{},{},{},{}\n", w_.villages[i].code, t.enterprises, t.reports, w_.villages[i].risk, per_visit(0), per_visit(1), w_.towns[w_.town_at(w_.villages[i].town)].on_time);
    }
  }

 private:
  double risk(const Unit& u) const { return w_.villages[u.village].risk * u.industry->rate; }

  std::vector<Day> days_of_visits(const Unit& u, int kind) {
    const VisitPlan& plan = kPlans[kind];
    const auto grade = static_cast<std::size_t>(u.industry->risk_grade());
    const double pace = w_.towns[u.town].pace;
    std::vector<Day> out;
    if (pace == 0) return out;
    if (kind == 0 && w_.villages[u.village].all_visited) {
      for (int year = 0; year < 3; ++year) out.push_back(*parse_day("2023-06-01") + days(365 * year + dice_.below(100)));
      return out;
    }
    const auto later = [&](double gap) { return days(std::max(1, static_cast<int>(gap))); };
    for (Day day = kFrom + later(plan.grace[grade] * dice_.between(0.2, 1.2)); day < kTo;) {
      if (!u.exempt_on(day)) out.push_back(day);
      const double gap = plan.interval[grade] * (pace + plan.later);
      day += later(dice_.lognormal(gap, 0.12) + (dice_.chance(0.04) ? gap : 0));  // now and then one is left out
    }
    return out;
  }

  void visit(const Unit& u, int kind, Day day) {
    const VisitPlan& plan = kPlans[kind];
    if (dice_.chance(0.04)) {  // nobody let them in: they come again
      write_visit(u, plan.kind, day, "attempted", "", "");
      day += days(2 + dice_.below(9));
      if (day >= kTo) return;
    }
    const std::string key = kind == 0 && dice_.chance(0.06) ? visit_together(u, day) : write_visit(u, plan.kind, day, "completed", kind == 0 ? "应急管理局" : "", "");
    const double expected = plan.finds * risk(u);
    truths_[u.village].visits[kind] += 1;
    truths_[u.village].expected_hazards[kind] += expected;
    for (int n = dice_.poisson(expected); n > 0; --n) hazards_.add(u, {key, day, plan.kind, kind == 0 && dice_.chance(0.06)});
  }

  /// Two departments on one visit: a row each, under one joint_id. What they find is found once.
  std::string visit_together(const Unit& u, Day day) {
    const std::string joint = fmt::format("J{}", ++joint_);
    std::string key = write_visit(u, "inspection", day, "completed", "应急管理局", joint);
    write_visit(u, "inspection", day, "completed", "消防救援大队", joint);
    return key;
  }

  std::string write_visit(const Unit& u, const char* kind, Day day, const char* result, const char* department, const std::string& joint) {
    const auto& officers = w_.towns[u.town].officers;
    const std::string officer = std::string_view(kind) == "inspection" ? officers[static_cast<std::size_t>(dice_.below(static_cast<int>(officers.size())))] : w_.villages[u.village].officer;
    std::string key = fmt::format("V{}", ++visit_);
    visits_ << fmt::format("{},{},{},{},{:.6f},{:.6f},{},{},{},{}\n", key, kind, to_string(day), u.code, u.lon, u.lat, officer, result, department, joint);
    return key;
  }

  /// What the public reports does not depend on who looks.
  void report(const Unit& u) {
    truths_[u.village].reports += 0.3 * risk(u);
    for (int n = dice_.poisson(3.0 * 0.3 * risk(u)); n > 0; --n) hazards_.add(u, {"", dice_.day(kFrom, kTo), "public_report", dice_.chance(0.02)});
  }

  World& w_;
  Dice dice_;
  HazardBook hazards_;
  std::ofstream &visits_, &accidents_;
  std::vector<Truth> truths_;
  int visit_ = 0, joint_ = 0, accident_ = 0;
};

}  // namespace

void make_events(World& world) {
  Events events(world);
  for (const Unit& u : world.units) events.make(u);
  events.write_truth();
}

}  // namespace gridward::service::simulated
