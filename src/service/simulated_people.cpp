#include <fmt/format.h>

#include "service/simulated_world.h"

namespace gridward::service::simulated {
namespace {

/// People, the posts that they hold, and their certificates.
class Staffing {
 public:
  explicit Staffing(World& world)
      : dice_(world.dice(2)), people_(world.open("people.csv")), posts_(world.open("assignments.csv")), certificates_(world.open("certificates.csv")) {
    people_ << "key,name,phone\n";
    posts_ << "key,cell,post,person,from,to,acting\n";
    certificates_ << "key,person,kind,number,from,to\n";
  }

  /// A new person in a post; the name is returned.
  std::string appoint(const std::string& cell, const char* post, const std::string& from, const std::string& to, bool acting = false) {
    ++people_so_far_;
    std::string name = dice_.name();
    people_ << fmt::format("P{},{},100{:08}\n", people_so_far_, name, 90000000 + people_so_far_);  // 100… rings nowhere
    posts_ << fmt::format("A{0},{1},{2},P{0},{3},{4},{5}\n", people_so_far_, cell, post, from, to, acting ? "true" : "false");
    return name;
  }
  /// A certificate of the person last appointed.
  void certify(const char* kind, const std::string& from, const std::string& to) {
    ++certificates_so_far_;
    certificates_ << fmt::format("C{0},P{1},{2},SD-{0:06},{3},{4}\n", certificates_so_far_, people_so_far_, kind, from, to);
  }
  Dice& dice() { return dice_; }

 private:
  Dice dice_;
  std::ofstream &people_, &posts_, &certificates_;
  int people_so_far_ = 0, certificates_so_far_ = 0;
};

void staff_town(Staffing& staff, Town& town, std::size_t t) {
  staff.appoint(town.code, "town_head", "2023-01-01", t == 5 ? "2025-03-01" : "");
  if (t == 5) staff.appoint(town.code, "town_head", "2025-03-01", "", true);  // acting since
  for (int n = 0; n < (t % 3 == 0 ? 2 : 1); ++n) {
    town.officers.push_back(staff.appoint(town.code, "enforcement_officer", "2023-01-01", ""));
    staff.certify("enforcement", "2022-10-01", "2025-10-01");
    if (t != 5) staff.certify("enforcement", "2025-10-01", "2028-10-01");  // one town did not renew
  }
}

/// Some stopped for good part of a year, some work in season only.
void make_exemptions(World& w) {
  Dice dice = w.dice(3);
  auto& out = w.open("exemptions.csv");
  out << "key,enterprise,ground,proof,from,to\n";
  int n = 0;
  const auto exempt = [&](Unit& u, const char* ground, const char* proof, Day from, Day to, bool open) {
    u.exempt.emplace_back(from, open ? kTo : to);
    ++n;
    out << fmt::format("X{0},{1},{2},{3}〔{0:04}〕号,{4},{5}\n", n, u.code, ground, proof, to_string(from), open ? "" : to_string(to));
  };
  for (Unit& u : w.units) {
    if (w.villages[u.village].all_visited) continue;
    if (std::string_view(u.industry->code) == "C13" && dice.chance(0.05)) {
      for (int year = 2023; year < 2026; ++year) exempt(u, "seasonal", "季节性生产备案", *parse_day(fmt::format("{}-11-01", year)), *parse_day(fmt::format("{}-03-01", year + 1)), false);
    } else if (dice.chance(0.01)) {
      const Day from = dice.day(*parse_day("2024-01-01"), kTo);
      exempt(u, "suspended", "停产停业报告", from, from + std::chrono::days(90 + dice.below(300)), dice.chance(0.3));
    }
  }
}

}  // namespace

void make_people(World& w) {
  Staffing staff(w);
  staff.appoint(w.code + "000000", "district_head", "2023-01-01", "");
  for (int n = 0; n < 2; ++n) staff.appoint(w.code + "000000", "district_supervisor", "2023-01-01", "");
  for (std::size_t t = 0; t < w.towns.size(); ++t) staff_town(staff, w.towns[t], t);
  for (std::size_t i = 0; i < w.villages.size(); ++i) {
    Village& v = w.villages[i];
    if (i != 40) v.officer = staff.appoint(v.code, "safety_officer", v.from, v.to);  // one post is vacant
  }
  for (const Unit& u : w.units) {
    if (!staff.dice().chance(0.95)) continue;  // the others have no informant
    staff.appoint(u.code, "safety_informant", "2023-01-01", "");
    if (u.industry->risk_grade() == 1) staff.certify("safety_manager", "2023-01-01", staff.dice().chance(0.9) ? "2027-01-01" : "2025-01-01");
  }
  make_exemptions(w);
}

}  // namespace gridward::service::simulated
