#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

#include "service/simulated_world.h"

namespace gridward::service::simulated {
namespace {

constexpr const char* kPlaces[] = {"望海", "听涛", "临港", "晨光", "和顺", "青石", "云帆", "银滩", "东渡", "长风"};
constexpr Industry kIndustries[] = {{"C26", "化学品制造", 0.06, 1.6, 120, "应急管理局"}, {"C33", "金属制品", 0.14, 0.7, 60, "应急管理局"},   {"C13", "食品加工", 0.12, 0.5, 45, "市场监督管理局"},
                                    {"G59", "仓储", 0.10, 0.6, 25, "交通运输局"},        {"F52", "零售", 0.38, 0.15, 6, "商务局"},          {"H62", "餐饮", 0.18, 0.3, 9, "市场监督管理局"},
                                    {"E47", "房屋建筑", 0.02, 2.2, 200, "住房和城乡建设局"}};
// Town by town: one looks twice as often as the rules ask, one not at all, one lets its deadlines pass.
constexpr double kPace[] = {0.80, 0.88, 0.82, 0.90, 0.40, 0.80, 0.00, 0.86, 0.92, 0.75};
constexpr double kOnTime[] = {0.90, 0.82, 0.88, 0.78, 0.93, 0.85, 0.75, 0.80, 0.35, 0.90};

void make_towns(World& w) {
  for (int t = 0; t < 10; ++t) w.towns.push_back({w.town_code(t), kPlaces[t], t < 6 ? "街道" : t < 9 ? "镇" : "工业园区", kPace[t], kOnTime[t], {}});
}

/// What is planted in fixed places, so that tests can name it: a merge last year, an exclave, a cell without shape, hot spots, a village that is
/// wholly visited.
void plant(const World& w, int t, int v, Village& one) {
  if (t == 2 && v >= 10) one.to = "2025-07-01";         // merged last year
  if (t == 3 && v == 0) one.town = w.town_code(4);      // an exclave: it belongs to the town next door
  if ((t == 4 || t == 3) && v == 7) one.town = w.town_code(9);  // the zone's land, carved from two towns
  if (t == 8 && v == 11) one.drawn = false;             // no shape yet
  if (t == 1 && v % 4 < 3) one.risk = 4;                // a hot spot: three by three villages
  if (t == 7 && v == 4) one.risk = 5;                   // one village that stands out alone
  one.all_visited = t == 0 && v == 3;
}

/// Ten towns in two rows of five: 6 街道, 3 镇 and one 工业区, carved from two of them; twelve villages each, three rows of four.
void make_villages(World& w) {
  for (int t = 0; t < 10; ++t) {
    for (int v = 0; v < 12; ++v) {
      Village one;
      one.town = w.town_code(t);
      one.code = fmt::format("{}{:03}", one.town.substr(0, 9), (t < 6 ? 1 : 201) + v);
      one.name = fmt::format("{}{}{}", kPlaces[t], v + 1, t < 6 ? "社区" : "村");
      one.west = w.west + 0.1 * (t % 5) + 0.025 * (v % 4);
      one.east = one.west + 0.025;
      one.south = w.south + 0.12 * (t / 5) + 0.04 * (v / 4);
      one.north = one.south + 0.04;
      one.from = "2023-01-01";
      plant(w, t, v, one);
      w.villages.push_back(one);
    }
  }
  Village merged = w.villages[34];
  merged.code = fmt::format("{}601", w.town_code(2).substr(0, 9));  // merged ones are numbered from 601 (CJ/T 349)
  merged.name = fmt::format("{}合并社区", kPlaces[2]);
  merged.east = w.villages[35].east;
  merged.from = "2025-07-01";
  merged.to = "";
  w.villages.push_back(merged);
}

std::string ring(const Village& v) {
  return fmt::format("[[{0:.6f},{1:.6f}],[{2:.6f},{1:.6f}],[{2:.6f},{3:.6f}],[{0:.6f},{3:.6f}],[{0:.6f},{1:.6f}]]", v.west, v.south, v.east, v.north);
}

void write_map(World& w) {
  auto& villages = w.open("villages.geojson");
  villages << "{\"type\":\"FeatureCollection\",\"features\":[\n";
  for (const Village& v : w.villages)
    villages << fmt::format("{}{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{}\",\"name\":\"{}\",\"parent\":\"{}\",\"from\":\"{}\",\"to\":\"{}\"}},\"geometry\":{}}}\n", &v == &w.villages.front() ? "" : ",", v.code,
                            v.name, v.town, v.from, v.to, v.drawn ? "{\"type\":\"Polygon\",\"coordinates\":[" + ring(v) + "]}" : "null");
  villages << "]}\n";
  auto& towns = w.open("towns.geojson");
  towns << "{\"type\":\"FeatureCollection\",\"features\":[\n";
  for (const Town& t : w.towns) {
    std::string polygons;
    for (const Village& v : w.villages)
      if (v.town == t.code && v.code.substr(9) != "601") polygons += (polygons.empty() ? "[" : ",[") + ring(v) + "]";
    towns << fmt::format("{}{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{}\",\"name\":\"{}{}\"}},\"geometry\":{{\"type\":\"MultiPolygon\",\"coordinates\":[{}]}}}}\n", &t == &w.towns.front() ? "" : ",", t.code, t.name,
                         t.kind, polygons);
  }
  towns << "]}\n";
}

void make_units(World& w) {
  Dice dice = w.dice(1);
  auto& out = w.open("enterprises.csv");
  out << "code,name,industry,headcount,risk_grade,principal,phone,lead_department,lon,lat\n";
  for (int i = 0; i < w.enterprises; ++i) {
    Unit u;
    u.code = fmt::format("{}E{:05}", w.code, i + 1);
    u.village = static_cast<std::size_t>(dice.below(120));
    const Village& v = w.villages[u.village];
    u.town = w.town_at(v.town);
    double pick = dice.uniform();
    u.industry = kIndustries;
    while (pick > u.industry->weight && u.industry != std::end(kIndustries) - 1) pick -= (u.industry++)->weight;
    const int workers = std::max(1, static_cast<int>(dice.lognormal(u.industry->workers, 0.8)));
    u.lon = v.west + (v.east - v.west) * dice.between(0.05, 0.95);
    u.lat = v.south + (v.north - v.south) * dice.between(0.05, 0.95);
    const char* department = dice.chance(0.04) ? "" : u.industry->department;  // some have been given to none
    out << fmt::format("{},{}{}{}号,{},{},{},{},100{:08},{},{:.6f},{:.6f}\n", u.code, v.name, u.industry->name, i + 1, u.industry->code, workers, u.industry->risk_grade(), dice.name(), i, department, u.lon, u.lat);
    w.units.push_back(std::move(u));
  }
}

}  // namespace

bool Unit::exempt_on(Day day) const {
  return std::ranges::any_of(exempt, [day](const auto& span) { return span.first <= day && day < span.second; });
}

std::string Dice::name() {
  constexpr const char* surnames[] = {"赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨"};
  constexpr const char* given[] = {"安", "宁", "平", "明远", "思齐", "海", "立", "静", "国栋", "晓", "岚", "文博", "雨", "建", "慧", "东"};
  const int surname = below(16);
  return std::string(surnames[surname]) + given[below(16)];
}

World::World(std::filesystem::path folder, const SimulateOptions& options, int of_district)
    : seed(options.seed + static_cast<std::uint64_t>(of_district)), index(of_district), enterprises(options.enterprises), code(fmt::format("9901{:02}", of_district + 1)), west(124.0 + 0.6 * (of_district % 8)),
      south(30.0 + 0.5 * (of_district / 8)), folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
}

std::ofstream& World::open(const std::string& name) { return files_.emplace_back(folder_ / name, std::ofstream(folder_ / name)).second; }

void World::finish() {
  for (auto& [path, out] : files_) {
    out.close();
    if (!out) throw std::runtime_error(fmt::format("{} cannot be written: {}.", path.string(), std::strerror(errno)));
  }
}

std::string World::town_code(int t) const { return fmt::format("{}{:03}000", code, t < 6 ? t + 1 : t < 9 ? 100 + t - 6 : 401); }

std::size_t World::town_at(const std::string& of_code) const { return static_cast<std::size_t>(std::ranges::find(towns, of_code, &Town::code) - towns.begin()); }

void make_places(World& world) {
  make_towns(world);
  make_villages(world);
  write_map(world);
  make_units(world);
}

}  // namespace gridward::service::simulated
