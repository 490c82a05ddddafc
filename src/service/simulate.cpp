#include "service/simulate.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <deque>
#include <fstream>
#include <random>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "base/day.h"

namespace gridward::service {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr const char* kSurnames[] = {"赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨"};
constexpr const char* kGivenNames[] = {"安", "宁", "平", "明远", "思齐", "海", "立", "静", "国栋", "晓", "岚", "文博", "雨", "建", "慧", "东"};
constexpr const char* kPlaces[] = {"望海", "听涛", "临港", "晨光", "和顺", "青石", "云帆", "银滩", "东渡", "长风", "远山", "金沙"};

struct Industry {
  const char* code;
  const char* name;
  double weight;   // how common
  double rate;     // hazards that the public finds, a year and enterprise
  double workers;  // a typical headcount
};
constexpr Industry kIndustries[] = {{"C26", "化学品制造", 0.06, 1.6, 120}, {"C33", "金属制品", 0.14, 0.7, 60}, {"C13", "食品加工", 0.12, 0.5, 45}, {"G59", "仓储", 0.10, 0.6, 25},
                                    {"F52", "零售", 0.38, 0.15, 6}, {"H62", "餐饮", 0.18, 0.3, 9}, {"E47", "房屋建筑", 0.02, 2.2, 200}};

/// A village: a box of the grid, some days of life, and how dangerous it is beside the others.
struct Village {
  std::string code, name, town;
  double west = 0, south = 0, east = 0, north = 0;
  std::string from, to;
  double risk = 1;
  bool drawn = true;
  int effort = 1;  // 0: nobody looks, 1: as usual, 2: all are visited
};

struct Unit {
  std::string code;
  const Village* village;
  const Industry* industry;
  double lon = 0, lat = 0;
};

class District {
 public:
  District(fs::path folder, const SimulateOptions& options, int index)
      : folder_(std::move(folder)), options_(options), random_(options.seed + static_cast<std::uint64_t>(index)), code_(fmt::format("9901{:02}", index + 1)),
        west_(124.0 + 0.6 * (index % 8)), south_(30.0 + 0.5 * (index / 8)), index_(index) {}

  void write() {
    fs::create_directories(folder_);
    make_villages();
    write_map();
    make_units();
    write_people();
    write_events();
    write_recipe();
    for (auto& [path, out] : files_) {
      out.close();
      if (!out) throw std::runtime_error(fmt::format("{} cannot be written: {}.", path.string(), std::strerror(errno)));
    }
  }

 private:
  /// A file of the folder; all are closed, and checked, at the end.
  std::ofstream& open(const char* name) {
    return files_.emplace_back(folder_ / name, std::ofstream(folder_ / name)).second;
  }
  double uniform() { return std::uniform_real_distribution<>(0, 1)(random_); }
  int below(int n) { return std::uniform_int_distribution<>(0, n - 1)(random_); }
  Day some_day(Day from, Day to) { return from + days(below(static_cast<int>((to - from).count()))); }
  std::string person_name() { return std::string(kSurnames[below(16)]) + kGivenNames[below(16)]; }

  /// Ten towns in two rows of five: 6 街道, 3 镇 and one 工业区, carved from two of them; twelve villages each, three rows of four. A merge last
  /// year, an exclave, a cell without shape and the planted differences are in fixed places, so that tests can name them.
  void make_villages() {
    for (int t = 0; t < 10; ++t) {
      const std::string town = town_code(t);
      for (int v = 0; v < 12; ++v) {
        Village one;
        one.town = town;
        one.code = fmt::format("{}{:03}", town.substr(0, 9), (t < 6 ? 1 : 201) + v);
        one.name = fmt::format("{}{}{}", kPlaces[t], v + 1, t < 6 ? "社区" : "村");
        one.west = west_ + 0.1 * (t % 5) + 0.025 * (v % 4);
        one.east = one.west + 0.025;
        one.south = south_ + 0.12 * (t / 5) + 0.04 * (v / 4);
        one.north = one.south + 0.04;
        one.from = "2023-01-01";
        if (t == 2 && v >= 10) one.to = "2025-07-01";       // merged last year
        if (t == 3 && v == 0) one.town = town_code(4);      // an exclave: it belongs to the town next door
        if ((t == 4 || t == 3) && v == 7) one.town = town_code(9);  // the zone's land, carved from two towns
        if (t == 8 && v == 11) one.drawn = false;           // no shape yet
        if (t == 1 && v % 4 < 3) one.risk = 4;              // a planted hot spot: three by three villages
        if (t == 7 && v == 4) one.risk = 5;                 // one village that stands out alone
        if (t == 6) one.effort = 0;                         // nobody looks: it seems safe
        if (t == 0 && v == 3) one.effort = 2;
        villages_.push_back(one);
      }
    }
    Village merged = villages_[34];
    merged.code = fmt::format("{}601", town_code(2).substr(0, 9));  // merged ones are numbered from 601 (CJ/T 349)
    merged.name = fmt::format("{}合并社区", kPlaces[2]);
    merged.east = villages_[35].east;
    merged.from = "2025-07-01";
    merged.to = "";
    villages_.push_back(merged);
  }

  std::string town_code(int t) const { return fmt::format("{}{:03}000", code_, t < 6 ? t + 1 : t < 9 ? 100 + t - 6 : 401); }

  static std::string ring(const Village& v) {
    return fmt::format("[[{0:.6f},{1:.6f}],[{2:.6f},{1:.6f}],[{2:.6f},{3:.6f}],[{0:.6f},{3:.6f}],[{0:.6f},{1:.6f}]]", v.west, v.south, v.east, v.north);
  }

  void write_map() {
    auto& villages = open("villages.geojson");
    villages << "{\"type\":\"FeatureCollection\",\"features\":[\n";
    for (const Village& v : villages_)
      villages << fmt::format("{}{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{}\",\"name\":\"{}\",\"parent\":\"{}\",\"from\":\"{}\",\"to\":\"{}\"}},\"geometry\":{}}}\n", &v == &villages_.front() ? "" : ",", v.code,
                              v.name, v.town, v.from, v.to, v.drawn ? "{\"type\":\"Polygon\",\"coordinates\":[" + ring(v) + "]}" : "null");
    villages << "]}\n";
    auto& towns = open("towns.geojson");
    towns << "{\"type\":\"FeatureCollection\",\"features\":[\n";
    for (int t = 0; t < 10; ++t) {
      std::string polygons;
      for (const Village& v : villages_)
        if (v.town == town_code(t) && v.code.substr(9) != "601") polygons += (polygons.empty() ? "[" : ",[") + ring(v) + "]";
      towns << fmt::format("{}{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{}\",\"name\":\"{}{}\"}},\"geometry\":{{\"type\":\"MultiPolygon\",\"coordinates\":[{}]}}}}\n", t == 0 ? "" : ",", town_code(t), kPlaces[t],
                           t < 6 ? "街道" : t < 9 ? "镇" : "工业园区", polygons);
    }
    towns << "]}\n";
  }

  void make_units() {
    auto& out = open("enterprises.csv");
    out << "code,name,industry,headcount,risk_grade,principal,phone,lon,lat\n";
    for (int i = 0; i < options_.enterprises; ++i) {
      const Village& v = villages_[static_cast<std::size_t>(below(120))];
      double pick = uniform();
      const Industry* industry = kIndustries;
      while (pick > industry->weight && industry != std::end(kIndustries) - 1) pick -= (industry++)->weight;
      const int workers = std::max(1, static_cast<int>(std::lognormal_distribution<>(std::log(industry->workers), 0.8)(random_)));
      Unit u{fmt::format("{}E{:05}", code_, i + 1), &v, industry, v.west + (v.east - v.west) * (0.05 + 0.9 * uniform()), v.south + (v.north - v.south) * (0.05 + 0.9 * uniform())};
      out << fmt::format("{},{}{}{}号,{},{},{},{},100{:08},{:.6f},{:.6f}\n", u.code, v.name, industry->name, i + 1, industry->code, workers, industry->rate > 1.5 ? 1 : industry->rate > 0.6 ? 2 : industry->rate > 0.4 ? 3 : 4,
                         person_name(), i, u.lon, u.lat);
      units_.push_back(u);
    }
  }

  void write_people() {
    auto& people = open("people.csv");
    auto& posts = open("assignments.csv");
    people << "key,name,phone\n";
    posts << "key,cell,post,person,from,to,acting\n";
    int n = 0;
    const auto appoint = [&](const std::string& cell, const char* post, const std::string& from, const std::string& to, bool acting) {
      ++n;
      people << fmt::format("P{},{},100{:08}\n", n, person_name(), 90000000 + n);  // 100… rings nowhere
      posts << fmt::format("A{0},{1},{2},P{0},{3},{4},{5}\n", n, cell, post, from, to, acting ? "true" : "false");
    };
    appoint(code_ + "000000", "district_head", "2023-01-01", "", false);
    for (int t = 0; t < 10; ++t) {
      appoint(town_code(t), "town_head", "2023-01-01", t == 5 ? "2025-03-01" : "", false);
      if (t == 5) appoint(town_code(t), "town_head", "2025-03-01", "", true);  // acting since
      appoint(town_code(t), "enforcement_officer", "2023-01-01", "", false);
    }
    for (std::size_t i = 0; i < villages_.size(); ++i)
      if (i != 40) appoint(villages_[i].code, "safety_officer", villages_[i].from, villages_[i].to, false);  // one post is vacant
  }

  void write_events() {
    auto& hazards = open("hazards.csv");
    auto& visits = open("visits.csv");
    auto& accidents = open("accidents.csv");
    hazards << "key,day,enterprise,lon,lat,source,grade,category,due_on,rectified_on,closed_on\n";
    visits << "key,kind,day,enterprise,lon,lat,officer\n";
    accidents << "key,day,enterprise,lon,lat,category,deaths,serious_injuries,direct_loss_yuan\n";
    const Day from = *parse_day("2023-01-01"), to = *parse_day("2026-01-01");
    int h = 0, v = 0, a = 0;
    const auto hazard = [&](const Unit& u, Day day, const char* source, bool major) {
      const Day due = day + days(major ? 90 : 15), closed = day + days(3 + below(major ? 150 : 40));
      const bool done = closed < to && uniform() < 0.95;
      hazards << fmt::format("H{},{},{},{:.6f},{:.6f},{},{},{},{},{},{}\n", ++h, to_string(day), u.code, u.lon, u.lat, source, major ? "major" : "general", u.industry->code, to_string(due),
                             done ? to_string(closed - days(1)) : "", done ? to_string(closed) : "");
    };
    for (const Unit& u : units_) {
      const int effort = u.village->effort;
      const int patrols = effort == 0 ? 0 : std::poisson_distribution<>(3.0 * 4)(random_);
      for (int i = 0; i < patrols; ++i) {
        const Day day = some_day(from, to);
        visits << fmt::format("V{},patrol,{},{},{:.6f},{:.6f},\n", ++v, to_string(day), u.code, u.lon, u.lat);
        if (uniform() < 0.12 * u.village->risk * u.industry->rate) hazard(u, day, "patrol", false);
      }
      const int inspections = effort == 0 ? 0 : effort == 2 ? 3 : std::poisson_distribution<>(1.2)(random_);
      for (int i = 0; i < inspections; ++i) {
        const Day day = effort == 2 ? *parse_day("2023-06-01") + days(365 * i + below(100)) : some_day(from, to);
        visits << fmt::format("V{},inspection,{},{},{:.6f},{:.6f},{}\n", ++v, to_string(day), u.code, u.lon, u.lat, "执法一组");
        if (uniform() < 0.3 * u.village->risk * u.industry->rate) hazard(u, day, "inspection", uniform() < 0.05);
      }
      const int reports = std::poisson_distribution<>(3.0 * u.industry->rate * u.village->risk * 0.3)(random_);  // does not depend on effort
      for (int i = 0; i < reports; ++i) hazard(u, some_day(from, to), "public_report", uniform() < 0.02);
      if (uniform() < 0.004 * u.village->risk * u.industry->rate)
        accidents << fmt::format("X{},{},{},{:.6f},{:.6f},{},{},{},{}\n", ++a, to_string(some_day(from, to)), u.code, u.lon, u.lat, u.industry->name, uniform() < 0.3 ? 1 : 0, below(3), 10000 * below(200));
    }
    auto& truth = open("truth.csv");
    truth << "village,enterprises,public_reports_a_year,risk\n";
    for (const Village& village : villages_) {
      double rate = 0;
      int n = 0;
      for (const Unit& u : units_)
        if (u.village == &village) rate += u.industry->rate * village.risk * 0.3, ++n;
      truth << fmt::format("{},{},{:.4f},{}\n", village.code, n, rate, village.risk);
    }
  }

  void write_recipe() {
    const std::string events = R"(crs = "EPSG:4490"
columns = { key = "key", day = "day", enterprise = "enterprise", lon = "lon", lat = "lat")";
    open("recipe.toml") << "# Made by gridward simulate: 演示数据·合成. No place, person or phone in it exists.\n[district]\nscheme = \"sim-" << code_
        << "\"\ntime_zone = \"Asia/Shanghai\"\nholds_from = 2023-01-01\nsynthetic = true\nshape = \"children\"\n"
        << "[[table]]\nkind = \"district\"\nconstants = { code = \"" << code_ << "000000\", name = \"示范区" << (index_ == 0 ? "" : std::to_string(index_ + 1)) << "\" }\n"
        << "[[table]]\nkind = \"town\"\nfile = \"towns.geojson\"\nrepair = true   # a town is written as the boxes of its villages\ncolumns = { code = \"code\", name = \"name\" }\nconstants = { parent = \"" << code_ << "000000\" }\n"
        << "[[table]]\nkind = \"village\"\nfile = \"villages.geojson\"\ncolumns = { code = \"code\", name = \"name\", parent = \"parent\", from = \"from\", to = \"to\" }\n"
        << "[[table]]\nkind = \"enterprise\"\nfile = \"enterprises.csv\"\ncrs = \"EPSG:4490\"\ncolumns = { code = \"code\", name = \"name\", kind = \"industry\", industry = \"industry\", headcount = \"headcount\", risk_grade = "
           "\"risk_grade\", principal = \"principal\", phone = \"phone\", lon = \"lon\", lat = \"lat\" }\n"
        << "[[table]]\nkind = \"person\"\nfile = \"people.csv\"\ncolumns = { key = \"key\", name = \"name\", phone = \"phone\" }\n"
        << "[[table]]\nkind = \"assignment\"\nfile = \"assignments.csv\"\ncolumns = { key = \"key\", cell = \"cell\", post = \"post\", person = \"person\", from = \"from\", to = \"to\", acting = \"acting\" }\n"
        << "[[table]]\nkind = \"hazard\"\nfile = \"hazards.csv\"\n" << events << ", source = \"source\", grade = \"grade\", category = \"category\", due_on = \"due_on\", rectified_on = \"rectified_on\", closed_on = \"closed_on\" }\n"
        << "[[table]]\nkind = \"patrol\"\nfile = \"visits.csv\"\nwhere = { kind = \"patrol\" }\n" << events << " }\nconstants = { result = \"completed\" }\n"
        << "[[table]]\nkind = \"inspection\"\nfile = \"visits.csv\"\nwhere = { kind = \"inspection\" }\n" << events << ", officer = \"officer\" }\nconstants = { result = \"completed\" }\n"
        << "[[table]]\nkind = \"accident\"\nfile = \"accidents.csv\"\n" << events << ", category = \"category\", deaths = \"deaths\", serious_injuries = \"serious_injuries\", direct_loss_yuan = \"direct_loss_yuan\" }\n";
  }

  const fs::path folder_;
  const SimulateOptions& options_;
  std::mt19937_64 random_;
  const std::string code_;
  const double west_, south_;
  const int index_;
  std::deque<std::pair<fs::path, std::ofstream>> files_;
  std::vector<Village> villages_;
  std::vector<Unit> units_;
};

}  // namespace

void simulate(const fs::path& folder, const SimulateOptions& options, const Watcher& progress) {
  for (int i = 0; i < options.districts; ++i) {
    const std::string name = fmt::format("district-{:03}", i + 1);
    progress({name, i, options.districts});
    District(folder / name, options, i).write();
  }
}

}  // namespace gridward::service
