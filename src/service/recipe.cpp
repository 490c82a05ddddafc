#include "service/recipe.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <toml++/toml.h>

#include "base/day.h"

namespace gridward::service {
namespace {

Error bad_recipe(const std::filesystem::path& path, const std::string& why) {
  return {Errc::invalid_argument, path.string() + ": " + why};
}

std::string as_text(const toml::node& node) {
  if (const auto* s = node.as_string()) return s->get();
  std::ostringstream out;
  node.visit([&](const auto& n) { out << n; });
  return out.str();
}

std::vector<std::string> as_list(const toml::node& node) {
  std::vector<std::string> out;
  if (const auto* list = node.as_array())
    for (const auto& one : *list) out.push_back(as_text(one));
  else out.push_back(as_text(node));
  return out;
}

/// A recipe may come from afar: it names files beside it and no others.
bool inside_folder(const std::filesystem::path& file) {
  return file.is_relative() && std::ranges::none_of(file, [](const auto& part) { return part == ".."; });
}

bool known_kind(const std::string& kind) {
  constexpr const char* kinds[] = {"district", "town", "village", "enterprise", "person", "assignment", "hazard", "inspection", "patrol", "accident"};
  return std::ranges::find(kinds, kind) != std::end(kinds);
}

Result<RecipeTable> read_table(const std::filesystem::path& path, const toml::table& from) {
  RecipeTable table;
  for (const auto& [key, node] : from) {
    const std::string name(key.str());
    if (name == "kind") table.kind = as_text(node);
    else if (name == "file" && inside_folder(as_text(node))) table.file = path.parent_path() / as_text(node);
    else if (name == "file") return fail(bad_recipe(path, "file = \"" + as_text(node) + "\" must be in the recipe's folder."));
    else if (name == "shift" && node.is_array()) for (const auto& n : *node.as_array()) table.open.shift.push_back(n.value_or(std::nan("")));
    else if (name == "where" && node.is_table()) for (const auto& [column, value] : *node.as_table()) table.where.emplace(column.str(), as_text(value));
    else if (name == "layer") table.open.layer = as_text(node);
    else if (name == "crs") table.open.crs = as_text(node);
    else if (name == "encoding") table.open.encoding = as_text(node);
    else if (name == "repair") table.open.repair = node.value_or(false);
    else if (name == "repeated") table.repeated = as_text(node);
    else if (name == "columns" && node.is_table())
      for (const auto& [what, column] : *node.as_table()) table.columns.emplace(what.str(), as_list(column));
    else if (name == "constants" && node.is_table())
      for (const auto& [what, value] : *node.as_table()) table.constants.emplace(what.str(), as_text(value));
    else if (name == "values" && node.is_table())
      for (const auto& [what, pairs] : *node.as_table())
        if (const auto* t = pairs.as_table())
          for (const auto& [a, b] : *t) table.values[std::string(what.str())].emplace(a.str(), as_text(b));
        else return fail(bad_recipe(path, "values." + std::string(what.str()) + " must be a table of pairs."));
    else return fail(bad_recipe(path, "the key \"" + name + "\" of a table is not known."));
  }
  if (!known_kind(table.kind)) return fail(bad_recipe(path, "kind = \"" + table.kind + "\" is not a kind of table."));
  if (!table.open.shift.empty() && (table.open.shift.size() != 7 || !std::ranges::all_of(table.open.shift, [](double n) { return std::isfinite(n); })))
    return fail(bad_recipe(path, "shift must be seven numbers: dx, dy, dz in metres, rx, ry, rz in seconds, s in ppm (position vector)."));
  table.open.x_column = table.columns.contains("lon") ? table.columns["lon"].front() : "";
  table.open.y_column = table.columns.contains("lat") ? table.columns["lat"].front() : "";
  return table;
}

}  // namespace

Result<Recipe> read_recipe(const std::filesystem::path& path) try {
  const toml::table root = toml::parse_file(path.string());
  Recipe recipe;
  recipe.scheme = root["district"]["scheme"].value_or(std::string{});
  recipe.enterprise_scheme = root["district"]["enterprise_scheme"].value_or(recipe.scheme + "-enterprise");
  recipe.time_zone = root["district"]["time_zone"].value_or(std::string{"Asia/Shanghai"});
  if (const auto* node = root["district"]["holds_from"].node()) recipe.holds_from = as_text(*node);
  recipe.synthetic = root["district"]["synthetic"].value_or(false);
  if (const auto* node = root["district"]["changes_from"].node()) recipe.changes_from = as_text(*node);
  recipe.identity = root["district"]["identity"].value_or(recipe.identity);
  recipe.shape = root["district"]["shape"].value_or(recipe.shape);
  recipe.each = root["district"]["each"].value_or(std::size_t{0});
  recipe.code_length = root["district"]["code_length"].value_or(std::size_t{0});
  recipe.close_gone = root["district"]["gone"].value_or(std::string{}) == "end";
  constexpr const char* known[] = {"scheme", "enterprise_scheme", "time_zone", "holds_from", "changes_from", "identity", "shape", "each", "code_length", "gone", "synthetic"};
  if (const auto* district = root["district"].as_table())
    for (const auto& [key, node] : *district)
      if (std::ranges::find(known, key.str()) == std::end(known)) return fail(bad_recipe(path, "the key \"" + std::string(key.str()) + "\" of [district] is not known."));
  if (recipe.scheme.empty() || !parse_day(recipe.holds_from))
    return fail(bad_recipe(path, "[district] needs scheme and holds_from (a day)."));
  const auto* tables = root["table"].as_array();
  if (tables == nullptr) return fail(bad_recipe(path, "it has no [[table]]."));
  for (const toml::node& node : *tables) {
    auto table = node.is_table() ? read_table(path, *node.as_table()) : Result<RecipeTable>(fail(bad_recipe(path, "[[table]] must be a table.")));
    if (!table) return fail(table.error());
    recipe.tables.push_back(std::move(*table));
  }
  return recipe;
} catch (const toml::parse_error& e) {
  return fail(bad_recipe(path, std::string(e.description())));
}

}  // namespace gridward::service
