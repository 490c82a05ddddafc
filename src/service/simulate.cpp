#include "service/simulate.h"

#include <fmt/format.h>

#include "service/simulated_world.h"

namespace gridward::service {
namespace {

/// A table of a recipe: `columns` are those that are called as what they are, `others` the rest of its lines.
std::string table(const char* kind, const char* file, const std::vector<const char*>& columns, const std::string& others = "") {
  std::string out = fmt::format("[[table]]\nkind = \"{}\"\nfile = \"{}\"\ncolumns = {{ ", kind, file);
  for (const char* name : columns) out += fmt::format("{}{} = \"{}\"", name == columns.front() ? "" : ", ", name, name);
  return out + " }\n" + others;
}

void write_recipe(simulated::World& world) {
  const std::string crs = "crs = \"EPSG:4490\"\n", root = world.code + "000000";
  world.open("recipe.toml")
      << "# Made by gridward simulate: 演示数据·合成. No place, person or phone in it exists.\n"
      << fmt::format("[district]\nscheme = \"sim-{}\"\ntime_zone = \"Asia/Shanghai\"\nholds_from = 2023-01-01\nsynthetic = true\nshape = \"children\"\n", world.code)
      << fmt::format("[[table]]\nkind = \"district\"\nconstants = {{ code = \"{}\", name = \"示范区{}\" }}\n", root, world.index == 0 ? "" : std::to_string(world.index + 1))
      << table("town", "towns.geojson", {"code", "name"}, fmt::format("repair = true   # a town is written as the boxes of its villages\nconstants = {{ parent = \"{}\" }}\n", root))
      << table("village", "villages.geojson", {"code", "name", "parent", "from", "to"})
      << "[[table]]\nkind = \"enterprise\"\nfile = \"enterprises.csv\"\n" << crs
      << "columns = { code = \"code\", name = \"name\", kind = \"industry\", industry = \"industry\", headcount = \"headcount\", risk_grade = \"risk_grade\", principal = \"principal\", phone = \"phone\", "
         "lead_department = \"lead_department\", lon = \"lon\", lat = \"lat\" }\n"
      << table("person", "people.csv", {"key", "name", "phone"})
      << table("assignment", "assignments.csv", {"key", "cell", "post", "person", "from", "to", "acting"})
      << table("certificate", "certificates.csv", {"key", "person", "kind", "number", "from", "to"})
      << table("exemption", "exemptions.csv", {"key", "enterprise", "ground", "proof", "from", "to"})
      << table("patrol", "visits.csv", {"key", "day", "enterprise", "lon", "lat", "officer", "result"}, crs + "where = { kind = \"patrol\" }\n")
      << table("inspection", "visits.csv", {"key", "day", "enterprise", "lon", "lat", "officer", "result", "department", "joint_id"}, crs + "where = { kind = \"inspection\" }\n")
      << table("hazard", "hazards.csv", {"key", "day", "enterprise", "lon", "lat", "source", "grade", "category", "visit_id", "found_by", "registered_on", "graded_on", "standard", "ordered_on", "due_on", "extensions", "rectified_on",
                                         "reviewed_on", "closed_on", "listed_on", "unlisted_on", "listed_by", "in_plan", "five_in_place", "funds_yuan"}, crs)
      << table("step", "steps.csv", {"key", "hazard", "step", "day", "person", "reason", "grade", "standard", "due_on", "passed", "listed_by"})
      << table("accident", "accidents.csv", {"key", "day", "enterprise", "lon", "lat", "category", "deaths", "serious_injuries", "direct_loss_yuan"}, crs);
}

}  // namespace

void simulate(const std::filesystem::path& folder, const SimulateOptions& options, const Watcher& progress) {
  for (int i = 0; i < options.districts; ++i) {
    const std::string name = fmt::format("district-{:03}", i + 1);
    progress({name, i, options.districts});
    simulated::World world(folder / name, options, i);
    simulated::make_places(world);
    simulated::make_roads(world);
    simulated::make_people(world);
    simulated::make_events(world);
    write_recipe(world);
    world.finish();
  }
}

}  // namespace gridward::service
