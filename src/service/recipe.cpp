#include "service/recipe.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "base/day.h"
#include "service/import_values.h"

namespace gridward::service {
namespace {

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

/// Reads the parts of a recipe and gathers what is wrong with them.
class Reader {
 public:
  explicit Reader(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void wrong(const std::string& field, std::string why) { errors_.push_back({field, std::move(why)}); }
  [[nodiscard]] const std::vector<FieldError>& errors() const { return errors_; }

  void read_district(const toml::table& root, Recipe& recipe) {
    const auto* from = root["district"].as_table();
    if (from == nullptr) return wrong("district", "is needed: a [district] with scheme and holds_from");
    for (const auto& [key, node] : *from) read_district_key(std::string(key.str()), node, recipe);
    if (recipe.scheme.empty()) wrong("district.scheme", "is needed: the name of the scheme that the codes belong to");
    if (recipe.holds_from.empty()) wrong("district.holds_from", "is needed: the day from which the map holds, such as 2024-01-01");
    if (recipe.enterprise_scheme.empty()) recipe.enterprise_scheme = recipe.scheme + "-enterprise";
  }

  void read_basemap(const toml::node& node, Recipe& recipe) {
    const auto* from = node.as_table();
    if (from == nullptr) return wrong("basemap", "must be [basemap] with scheme, code, credit, synthetic, or nothing");
    BasemapOwner& owner = recipe.basemap.emplace();
    for (const auto& [key, value] : *from) {
      const std::string field = "basemap." + std::string(key.str());
      if (key == "scheme") owner.scheme = text(field, value).value_or("");
      else if (key == "code") owner.code = text(field, value).value_or("");
      else if (key == "credit") owner.credit = text(field, value).value_or("");
      else if (key == "synthetic") recipe.synthetic = flag(field, value);
      else wrong(field, "is not known: [basemap] has scheme, code, credit, synthetic");
    }
    if (owner.scheme.empty() && !owner.code.empty()) wrong("basemap.scheme", "is needed beside code: the scheme that the code belongs to");
  }

  /// Whether the kinds of all tables are those that go with [basemap], or none is.
  void check_kinds(const Recipe& recipe) {
    for (const RecipeTable& table : recipe.tables)
      if (!value_rules(table.kind).empty() && is_of_basemap(table.kind) != recipe.basemap.has_value())
        wrong(table.name + ".kind", recipe.basemap ? fmt::format("\"{}\" does not go with [basemap], which has road, rail, water, land, place: give it a recipe with [district]", table.kind)
                                                   : fmt::format("\"{}\" is of a basemap: give it a recipe with [basemap] in the place of [district]", table.kind));
  }

  RecipeTable read_table(const toml::table& from, std::size_t number) {
    RecipeTable table;
    table.name = fmt::format("table[{}]", number);
    if (const auto* kind = from.get("kind")) table.kind = as_text(*kind);
    for (const auto& [key, node] : from) read_table_key(std::string(key.str()), node, table);
    if (value_rules(table.kind).empty()) {
      wrong(table.name + ".kind", fmt::format("\"{}\" is not a kind of table: give district, town, village, enterprise, person, assignment, certificate, exemption, contact_point, overlay_area, overlay_holder, hazard, step, inspection, patrol or accident, or with [basemap] road, rail, water, land or place", table.kind));
      return table;
    }
    check_values(table);
    if (table.columns.contains("lon") != table.columns.contains("lat")) wrong(table.name + ".columns", "give lon and lat, or neither");
    if (table.columns.contains("lon") && table.columns.contains("lat")) {
      table.open.x_column = table.columns["lon"].front();
      table.open.y_column = table.columns["lat"].front();
    }
    return table;
  }

 private:
  std::optional<std::string> text(const std::string& field, const toml::node& node) {
    if (node.is_string()) return as_text(node);
    wrong(field, "must be a text between quotation marks");
    return std::nullopt;
  }
  bool flag(const std::string& field, const toml::node& node) {
    if (!node.is_boolean()) wrong(field, "must be true or false, without quotation marks");
    return node.value_or(false);
  }
  std::size_t number(const std::string& field, const toml::node& node, std::int64_t least, std::int64_t most) {
    const auto n = node.is_integer() ? node.value_or(std::int64_t{-1}) : -1;
    if (n < least || n > most) wrong(field, fmt::format("must be a number from {} to {}", least, most));
    return n < least || n > most ? 0 : static_cast<std::size_t>(n);
  }
  std::string day(const std::string& field, const toml::node& node) {
    const std::string said = as_text(node);
    if (!parse_day(said)) wrong(field, "must be a day such as 2024-01-01");
    return said;
  }
  std::string one_of(const std::string& field, const toml::node& node, std::initializer_list<const char*> choices) {
    const std::string said = as_text(node);
    if (std::ranges::find(choices, said) == choices.end()) wrong(field, fmt::format("must be \"{}\"", fmt::join(choices, "\" or \"")));
    return said;
  }

  void read_district_key(const std::string& key, const toml::node& node, Recipe& recipe) {
    const std::string field = "district." + key;
    if (key == "scheme") recipe.scheme = text(field, node).value_or("");
    else if (key == "enterprise_scheme") recipe.enterprise_scheme = text(field, node).value_or("");
    else if (key == "time_zone") recipe.time_zone = text(field, node).value_or("");
    else if (key == "holds_from") recipe.holds_from = day(field, node);
    else if (key == "changes_from") recipe.changes_from = day(field, node);
    else if (key == "identity") recipe.identity = one_of(field, node, {"code", "code and name"});
    else if (key == "shape") recipe.shape = one_of(field, node, {"own", "children"});
    else if (key == "each") recipe.each = number(field, node, 1, 40);
    else if (key == "code_length") recipe.code_length = number(field, node, 1, 40);
    else if (key == "gone") recipe.close_gone = one_of(field, node, {"end", "stay"}) == "end";
    else if (key == "synthetic") recipe.synthetic = flag(field, node);
    else wrong(field, "is not known: [district] has scheme, enterprise_scheme, time_zone, holds_from, changes_from, identity, shape, each, code_length, gone, synthetic");
  }

  void read_table_key(const std::string& key, const toml::node& node, RecipeTable& table) {
    const std::string field = table.name + "." + key;
    if (key == "kind") return;
    if (key == "file") read_file(field, node, table);
    else if (key == "layer") table.open.layer = text(field, node).value_or("");
    else if (key == "crs") table.open.crs = text(field, node).value_or("");
    else if (key == "encoding") table.open.encoding = text(field, node).value_or("");
    else if (key == "header") table.open.header = std::max(1, static_cast<int>(number(field, node, 1, 1000)));
    else if (key == "repair") table.open.repair = flag(field, node);
    else if (key == "repeated") table.repeated = one_of(field, node, {"error", "first", "union"});
    else if (key == "shift") read_shift(field, node, table);
    else if (key == "columns") each_member(field, node, [&](const std::string& what, const toml::node& value) { read_columns(field + "." + what, what, value, table); });
    else if (key == "constants") each_member(field, node, [&](const std::string& what, const toml::node& value) { table.constants.emplace(what, as_text(value)); });
    else if (key == "where") each_member(field, node, [&](const std::string& column, const toml::node& value) { table.where.emplace(column, as_text(value)); });
    else if (key == "values") each_member(field, node, [&](const std::string& what, const toml::node& pairs) {
        each_member(field + "." + what, pairs, [&](const std::string& from, const toml::node& to) { table.values[what].emplace(from, as_text(to)); });
      });
    else wrong(field, "is not known: a table has kind, file, layer, crs, encoding, header, shift, repair, where, columns, constants, values, repeated");
  }

  template <class Take>
  void each_member(const std::string& field, const toml::node& node, const Take& take) {
    const auto* members = node.as_table();
    if (members == nullptr) return wrong(field, "must be pairs between braces, such as { code = \"编号\" }");
    for (const auto& [key, value] : *members) take(std::string(key.str()), value);
  }

  void read_columns(const std::string& field, const std::string& what, const toml::node& node, RecipeTable& table) {
    const auto* list = node.as_array();
    const bool texts = list == nullptr ? node.is_string() : !list->empty() && std::ranges::all_of(*list, [](const toml::node& n) { return n.is_string(); });
    if (!texts) return wrong(field, "must be the name of a column of the file, or several in brackets");
    table.columns.emplace(what, as_list(node));
  }

  void read_file(const std::string& field, const toml::node& node, RecipeTable& table) {
    const std::string name = text(field, node).value_or("");
    if (name.empty()) return;
    if (!inside_folder(name)) return wrong(field, "\"" + name + "\" must be in the recipe's folder");
    table.file = folder_ / name;
    // A file of an archive is named as in "streets.zip/streets.shp": the archive is there.
    const auto zip = name.find(".zip/");
    if (!std::filesystem::exists(folder_ / (zip == std::string::npos ? name : name.substr(0, zip + 4)))) wrong(field, "\"" + name + "\" is not there, beside recipe.toml");
  }

  void read_shift(const std::string& field, const toml::node& node, RecipeTable& table) {
    if (const auto* list = node.as_array())
      for (const auto& n : *list) table.open.shift.push_back(n.value_or(std::nan("")));
    if (table.open.shift.size() != 7 || !std::ranges::all_of(table.open.shift, [](double n) { return std::isfinite(n); }))
      wrong(field, "shift must be seven numbers: dx, dy, dz in metres, rx, ry, rz in seconds, s in ppm (position vector)");
  }

  /// Whether a table says what it must, only what it can, and constants that can be read.
  void check_values(RecipeTable& table) {
    std::vector<std::string_view> known;
    for (const ValueRule& rule : value_rules(table.kind)) known.push_back(rule.what);
    const auto check = [&](const char* part, const std::string& what) {
      if (value_rule(table.kind, what) == nullptr) wrong(fmt::format("{}.{}.{}", table.name, part, what), fmt::format("is not known: a {} has {}", table.kind, fmt::join(known, ", ")));
    };
    for (const auto& [what, columns] : table.columns) {
      check("columns", what);
      if (table.constants.contains(what)) wrong(table.name + ".constants." + what, "is given as a column too: give one of them");
    }
    for (const auto& [what, pairs] : table.values) check("values", what);
    for (auto& [what, constant] : table.constants) {
      check("constants", what);
      const ValueRule* rule = value_rule(table.kind, what);
      if (rule == nullptr || table.values.contains(what)) continue;
      if (const ReadValue read = read_value(*rule, constant); !read.problem.empty()) wrong(table.name + ".constants." + what, read.problem.en);
    }
    for (const ValueRule& rule : value_rules(table.kind)) {
      const std::string what(rule.what);
      if (rule.needed && !table.columns.contains(what) && !table.constants.contains(what))
        wrong(table.name + ".columns." + what, fmt::format("is needed: which column of {} has it; or give it in constants", table.file.empty() ? "the file" : table.file.filename().string()));
    }
    const bool drawn = table.kind == "district" || table.kind == "town" || table.kind == "village";
    if (table.repeated == "union" && !drawn) wrong(table.name + ".repeated", "\"union\" is for districts, towns and villages: their shapes become one");
    if (is_of_basemap(table.kind) && table.file.empty()) wrong(table.name + ".file", "is needed: the file that has the shapes");
    if (table.file.empty() && !table.columns.empty() && !is_of_basemap(table.kind)) wrong(table.name + ".file", "is needed, as columns are named");
  }

  std::filesystem::path folder_;
  std::vector<FieldError> errors_;
};

Error bad_recipe(const std::filesystem::path& path, std::vector<FieldError> errors) {
  Error error{Errc::invalid_argument, path.filename().string() + ": ", std::move(errors)};
  for (const FieldError& f : error.fields) error.detail += (&f == &error.fields.front() ? "" : "; ") + f.field + ": " + f.detail;
  return error;
}

}  // namespace

Result<Recipe> read_recipe(const std::filesystem::path& path) try {
  const toml::table root = toml::parse_file(path.string());
  Recipe recipe;
  recipe.time_zone = "Asia/Shanghai";
  Reader reader(path.parent_path());
  for (const auto& [key, node] : root)
    if (key.str() != "district" && key.str() != "basemap" && key.str() != "table") reader.wrong(std::string(key.str()), "is not known: a recipe has [district], or [basemap], and [[table]]");
  if (const auto* basemap = root.get("basemap")) reader.read_basemap(*basemap, recipe);
  if (recipe.basemap && root.contains("district")) reader.wrong("district", "does not go with [basemap]: give the basemap a recipe of its own");
  if (!recipe.basemap) reader.read_district(root, recipe);
  const auto* tables = root["table"].as_array();
  if (tables == nullptr || tables->empty()) reader.wrong("table", "is needed: a [[table]] for each file");
  for (std::size_t i = 0; tables != nullptr && i < tables->size(); ++i) {
    if (const auto* table = tables->get_as<toml::table>(i)) recipe.tables.push_back(reader.read_table(*table, i + 1));
    else reader.wrong(fmt::format("table[{}]", i + 1), "must be a [[table]]");
  }
  reader.check_kinds(recipe);
  if (!reader.errors().empty()) return fail(bad_recipe(path, reader.errors()));
  return recipe;
} catch (const toml::parse_error& e) {
  return fail(bad_recipe(path, {{fmt::format("line {}", e.source().begin.line), "is not TOML: " + std::string(e.description())}}));
}

}  // namespace gridward::service
