#include <cmath>
#include <functional>
#include <numbers>

#include <fmt/format.h>

#include "service/simulated_world.h"

namespace gridward::service::simulated {
namespace {

using Place = std::pair<double, double>;
using Line = std::vector<Place>;

constexpr double kWide = 0.5, kHigh = 0.24;  // degrees of a district (make_villages)
constexpr double kTownWide = 0.1, kTownHigh = 0.12, kVillageWide = 0.025, kVillageHigh = 0.04;
constexpr const char* kNames[] = {"望海", "听涛", "临港", "晨光", "和顺", "青石", "云帆", "银滩", "东渡", "长风"};

/// A file of shapes in the making: each has a class, in the words that maps of China use, and perhaps a name.
class Shapes {
 public:
  explicit Shapes(std::ofstream& out) : out_(out) { out_ << "{\"type\":\"FeatureCollection\",\"features\":[\n"; }
  ~Shapes() { out_ << "]}\n"; }
  Shapes(const Shapes&) = delete;
  Shapes& operator=(const Shapes&) = delete;

  void line(const char* kind, const std::string& name, const Line& line) { add(kind, name, "LineString", listed(line)); }
  void area(const char* kind, const std::string& name, const Line& ring) { add(kind, name, "Polygon", "[" + listed(ring) + "]"); }
  void point(const char* kind, const std::string& name, const Place& at) { add(kind, name, "Point", fmt::format("[{:.6f},{:.6f}]", at.first, at.second)); }

 private:
  static std::string listed(const Line& line) {
    std::string out;
    for (const auto& [lon, lat] : line) out += fmt::format("{}[{:.6f},{:.6f}]", out.empty() ? "" : ",", lon, lat);
    return "[" + out + "]";
  }
  void add(const char* kind, const std::string& name, const char* type, const std::string& coordinates) {
    out_ << fmt::format("{}{{\"type\":\"Feature\",\"properties\":{{\"等级\":\"{}\",\"名称\":\"{}\"}},\"geometry\":{{\"type\":\"{}\",\"coordinates\":{}}}}}\n", first_ ? "" : ",", kind, name, type, coordinates);
    first_ = false;
  }
  std::ofstream& out_;
  bool first_ = true;
};

/// A curve by a function of 0 to 1.
Line curve(int steps, const std::function<Place(double)>& at) {
  Line out;
  for (int i = 0; i <= steps; ++i) out.push_back(at(static_cast<double>(i) / steps));
  return out;
}

double wave(double t, double times) { return std::sin(2 * std::numbers::pi * times * t); }

/// An ellipse, a little out of round.
Line ring(Place middle, double wide, double high, double unround) {
  return curve(72, [&](double t) {
    const double angle = 2 * std::numbers::pi * (t == 1 ? 0 : t), r = 1 + unround * std::sin(3 * angle);
    return Place{middle.first + wide * r * std::cos(angle), middle.second + high * r * std::sin(angle)};
  });
}

/// The river that the two rows of towns have for a border, somewhat wound.
double river(double t) { return kTownHigh + 0.003 * wave(t, 4) + 0.0015 * wave(t, 11); }

void draw_great_roads(const World& w, Shapes& roads) {
  const double west = w.west, south = w.south;
  roads.line("高速公路", "环海高速", curve(200, [&](double t) { return Place{west - 0.05 + (kWide + 0.1) * t, south + 0.165 + 0.012 * wave(t, 1.5)}; }));
  roads.line("国道", "990国道", curve(120, [&](double t) { return Place{west + 0.262 + 0.01 * wave(t, 1), south - 0.03 + (kHigh + 0.06) * t}; }));
  roads.line("省道", "901省道", curve(160, [&](double t) { return Place{west - 0.02 + (kWide + 0.04) * t, south + 0.055 + 0.008 * wave(t, 2)}; }));
  roads.line("省道", "环城路", ring({west + kWide / 2, south + kHigh / 2}, 0.17, 0.085, 0.04));
}

/// In each town two main streets; along the borders of villages lesser ones, and within each village a few more.
void draw_streets(const World& w, Shapes& roads) {
  for (int t = 0; t < 10; ++t) {
    const double west = w.west + kTownWide * (t % 5), south = w.south + kTownHigh * (t / 5);
    roads.line("主干道", fmt::format("{}大道", kNames[t]), curve(40, [&](double s) { return Place{west + kTownWide * s, south + 0.06 + 0.002 * wave(s, 1)}; }));
    roads.line("主干道", fmt::format("{}中路", kNames[t]), curve(40, [&](double s) { return Place{west + 0.05 + 0.0015 * wave(s, 1), south + kTownHigh * s}; }));
    for (int v = 0; v < 12; ++v) {
      const double left = west + kVillageWide * (v % 4), low = south + kVillageHigh * (v / 4);
      if (v % 4 != 0 && v % 4 != 2) roads.line("次干道", fmt::format("{}{}路", kNames[t], v % 4), {{left, low}, {left, low + kVillageHigh}});
      if (v / 4 != 0) roads.line("次干道", fmt::format("{}东西{}街", kNames[t], v / 4), {{left, low}, {left + kVillageWide, low}});
      for (int i = 1; i <= 3; ++i) {
        const double lat = low + kVillageHigh * i / 4, lon = left + kVillageWide * i / 4;
        roads.line("支路", fmt::format("{}{}巷", kNames[t], 10 * v + i), {{left + 0.001, lat}, {left + kVillageWide - 0.001, lat}});
        roads.line(i == 2 ? "支路" : "小路", "", {{lon, low + 0.001}, {lon, low + kVillageHigh - 0.001}});
      }
    }
  }
}

void draw_water(const World& w, Shapes& water) {
  const double west = w.west, south = w.south;
  Line banks = curve(240, [&](double t) { return Place{west - 0.04 + (kWide + 0.08) * t, south + river(t) - 0.0009 - 0.0003 * wave(t, 7)}; });
  const Line north = curve(240, [&](double t) { return Place{west - 0.04 + (kWide + 0.08) * (1 - t), south + river(1 - t) + 0.0009 + 0.0003 * wave(t, 5)}; });
  banks.insert(banks.end(), north.begin(), north.end());
  banks.push_back(banks.front());
  water.area("水面", "", banks);
  water.line("河流", "示范河", curve(240, [&](double t) { return Place{west - 0.04 + (kWide + 0.08) * t, south + river(t)}; }));
  water.area("水面", "镜湖", ring({west + 0.085, south + 0.205}, 0.018, 0.011, 0.12));
  water.area("水面", "月牙水库", ring({west + 0.43, south + 0.03}, 0.014, 0.009, 0.15));
  for (int t = 0; t < 5; ++t)
    water.line(t % 2 == 0 ? "沟渠" : "溪流", fmt::format("{}{}", kNames[t], t % 2 == 0 ? "渠" : "溪"), curve(60, [&](double s) { return Place{west + kTownWide * t + 0.02 + 0.006 * wave(s, 1.2), south + river((0.06 + kTownWide * t) / (kWide + 0.08)) * s}; }));
}

void draw_land(const World& w, Shapes& land) {
  land.area("公园", "中央公园", ring({w.west + 0.22, w.south + 0.085}, 0.012, 0.008, 0.1));
  land.area("林地", "北山林场", ring({w.west + 0.34, w.south + 0.215}, 0.045, 0.016, 0.18));
  land.area("林地", "", ring({w.west + 0.03, w.south + 0.02}, 0.022, 0.014, 0.2));
  for (const Village& v : w.villages)
    if (v.town == w.town_code(9) && v.drawn) land.area("工业用地", "", {{v.west, v.south}, {v.east, v.south}, {v.east, v.north}, {v.west, v.north}, {v.west, v.south}});
}

void write_basemap_recipe(World& w) {
  w.open("basemap.toml") << "# Made by gridward simulate: 演示数据·合成. No road or river in it exists.\n"
                         << fmt::format("[basemap]\nscheme = \"sim-{}\"\ncredit = \"gridward simulate\"\nsynthetic = true\n", w.code)
                         << "[[table]]\nkind = \"road\"\nfile = \"roads.geojson\"\ncolumns = { class = \"等级\", name = \"名称\" }\n"
                            "values.class = { \"高速公路\" = \"motorway\", \"国道\" = \"trunk\", \"省道\" = \"primary\", \"主干道\" = \"secondary\", \"次干道\" = \"tertiary\", \"支路\" = \"residential\", \"小路\" = \"path\" }\n"
                            "[[table]]\nkind = \"rail\"\nfile = \"rails.geojson\"\ncolumns = { name = \"名称\" }\n"
                            "[[table]]\nkind = \"water\"\nfile = \"water.geojson\"\ncolumns = { class = \"等级\", name = \"名称\" }\n"
                            "values.class = { \"水面\" = \"water\", \"河流\" = \"river\", \"沟渠\" = \"canal\", \"溪流\" = \"stream\" }\n"
                            "[[table]]\nkind = \"land\"\nfile = \"land.geojson\"\ncolumns = { class = \"等级\", name = \"名称\" }\n"
                            "values.class = { \"公园\" = \"park\", \"林地\" = \"forest\", \"工业用地\" = \"industrial\" }\n"
                            "[[table]]\nkind = \"place\"\nfile = \"places.geojson\"\ncolumns = { name = \"名称\" }\nconstants = { class = \"locality\" }\n";
}

}  // namespace

void make_roads(World& world) {
  Shapes roads(world.open("roads.geojson")), rails(world.open("rails.geojson")), water(world.open("water.geojson")), land(world.open("land.geojson")), places(world.open("places.geojson"));
  draw_great_roads(world, roads);
  draw_streets(world, roads);
  rails.line("", "示范铁路", curve(150, [&](double t) { return Place{world.west - 0.03 + (kWide + 0.06) * t, world.south + 0.09 + 0.015 * wave(t, 0.75)}; }));
  draw_water(world, water);
  draw_land(world, land);
  places.point("", "老渡口", {world.west + 0.31, world.south + 0.112});
  places.point("", "北山垭口", {world.west + 0.352, world.south + 0.226});
  write_basemap_recipe(world);
}

}  // namespace gridward::service::simulated
