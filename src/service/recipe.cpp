#include "service/recipe.h"

#include <algorithm>
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

bool known_kind(const std::string& kind) {
  constexpr const char* kinds[] = {"district", "town", "village", "enterprise", "hazard", "inspection", "patrol", "accident"};
  return std::ranges::find(kinds, kind) != std::end(kinds);
}

Result<RecipeTable> read_table(const std::filesystem::path& path, const toml::table& from) {
  RecipeTable table;
  for (const auto& [key, node] : from) {
    const std::string name(key.str());
    if (name == "kind") table.kind = as_text(node);
    else if (name == "file") table.file = path.parent_path() / as_text(node);
    else if (name == "layer") table.open.layer = as_text(node);
    else if (name == "crs") table.open.crs = as_text(node);
    else if (name == "encoding") table.open.encoding = as_text(node);
    else if (name == "repeated") table.repeated = as_text(node);
    else if (name == "columns" && node.is_table())
      for (const auto& [what, column] : *node.as_table()) table.columns.emplace(what.str(), as_text(column));
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
  table.open.x_column = table.columns.contains("lon") ? table.columns["lon"] : "";
  table.open.y_column = table.columns.contains("lat") ? table.columns["lat"] : "";
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
