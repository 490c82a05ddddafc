#include "http/encode_hotspots.h"

#include <array>

#include <fmt/format.h>

#include "http/encode_figure.h"
#include "http/figure_table.h"

namespace gridward::http {
namespace {

using service::HotspotArea;
using service::Hotspots;
using service::HotspotsAsked;
using Value = std::optional<std::string>;

std::string_view name_of(service::AreaValue value) {
  switch (value) {
    case service::AreaValue::standardised: return "standardised";
    case service::AreaValue::smoothed: return "smoothed";
    case service::AreaValue::raw: return "raw";
  }
  return "";
}

std::string_view name_of(service::Linking::Kind kind) {
  switch (kind) {
    case service::Linking::Kind::rook: return "rook";
    case service::Linking::Kind::queen: return "queen";
    case service::Linking::Kind::distance: return "distance";
  }
  return "";
}

std::string_view name_of(service::Mode mode) { return mode == service::Mode::as_was ? "as_was" : mode == service::Mode::as_is ? "as_is" : "as_of"; }

bool is_significant(stats::Cluster cluster) {
  return cluster != stats::Cluster::not_significant && cluster != stats::Cluster::island && cluster != stats::Cluster::no_data;
}

void encode_local(Json& json, const char* name, const std::optional<stats::LocalStatistic>& s, bool moran) {
  if (!s) return;
  json.Key(name);
  json.StartObject();
  if (moran) member(json, "i", s->value);
  member(json, "z", s->z);
  member(json, "p", s->p);
  member(json, "q", s->p_adjusted);
  json.Key("significant");
  json.Bool(is_significant(s->cluster));
  member(json, "cluster", stats::cluster_name(s->cluster));
  member(json, "tendency", stats::cluster_name(s->tendency));
  json.EndObject();
}

void encode_contiguity(Json& json, const Hotspots& found) {
  std::size_t links = 0;
  for (const HotspotArea& area : found.areas) links += area.neighbours.size();
  const auto& [kind, min_shared, distance] = found.linking;
  json.Key("contiguity");
  json.StartObject();
  member(json, "kind", name_of(kind));
  member(json, "min_shared_m", kind == service::Linking::Kind::rook ? std::optional(min_shared) : std::nullopt);
  member(json, "distance_m", kind == service::Linking::Kind::distance ? std::optional(distance) : std::nullopt);
  member(json, "tolerance_m", kind == service::Linking::Kind::distance ? std::nullopt : std::optional(service::kBorderTolerance));
  member(json, "mean_neighbours", found.areas.empty() ? std::nullopt : std::optional(static_cast<double>(links) / static_cast<double>(found.areas.size())));
  json.EndObject();
}

void encode_global(Json& json, const std::optional<stats::GlobalMoran>& moran) {
  json.Key("moran_global");
  if (!moran || !moran->value) {
    json.Null();
    return;
  }
  json.StartObject();
  member(json, "i", moran->value);
  member(json, "expectation", std::optional(moran->expectation));
  member(json, "variance", moran->variance);
  member(json, "z", moran->z);
  member(json, "p_normal", moran->p_normal);
  member(json, "p", moran->p ? moran->p : moran->p_normal);
  json.EndObject();
}

/// Which areas have data, and which of these lie alone.
void encode_basis(Json& json, const Hotspots& found) {
  member(json, "n", static_cast<std::int64_t>(found.basis.n));
  member(json, "without_data", static_cast<std::int64_t>(found.basis.no_data.size()));
  json.Key("islands");
  json.StartArray();
  for (const std::size_t i : found.basis.islands) encode_named(json, found.table.rows[i].cell);
  json.EndArray();
  json.Key("warnings");
  json.StartArray();
  for (const Sentence& warning : found.warnings) encode(json, warning);
  json.EndArray();
}

Value given(std::string_view text) { return text.empty() ? Value{} : Value{std::string(text)}; }
Value number(const std::optional<double>& n) { return n ? Value{fmt::format("{}", *n)} : Value{}; }

void add_columns(geo::Table& table, const char* name, bool moran) {
  using enum geo::FieldType;
  if (moran) table.fields.push_back({fmt::format("{}_i", name), real});
  for (const char* column : {"z", "p", "q"}) table.fields.push_back({fmt::format("{}_{}", name, column), real});
  table.fields.push_back({fmt::format("{}_cluster", name), text});
}

void add_values(geo::Table::Row& row, const stats::LocalStatistic& s, bool moran) {
  if (moran) row.values.push_back(number(s.value));
  row.values.insert(row.values.end(), {number(s.z), number(s.p), number(s.p_adjusted), std::string(stats::cluster_name(s.cluster))});
}

/// A value of a table as JSON.
void encode_value(Json& json, const geo::Field& field, const Value& value) {
  json.Key(field.name.c_str());
  if (!value) json.Null();
  else if (field.type == geo::FieldType::integer || field.type == geo::FieldType::real) json.RawValue(value->data(), value->size(), rapidjson::kNumberType);
  else json.String(value->data(), static_cast<rapidjson::SizeType>(value->size()));
}

}  // namespace

void encode_head(Json& json, const HotspotsAsked& asked, const Hotspots& found) {
  encode(json, "window", found.table.period);
  member(json, "mode", name_of(asked.figures.mode));
  member_or_null(json, "as_of", found.table.as_of);
  member_or_null(json, "known_at", asked.figures.known_at);
  member(json, "version", found.table.version);
  member(json, "measure", asked.figures.measures.front());
  member(json, "level", level_name(asked.figures.level));
  member(json, "at", found.at);
  member(json, "rates", name_of(found.value));
  encode_contiguity(json, found);
  member(json, "permutations", std::int64_t{found.permutations});
  member(json, "seed", static_cast<std::int64_t>(found.seed));
  member(json, "fdr", std::optional(found.fdr));
  member(json, "tail", "two_sided");
  encode_basis(json, found);
  json.Key("significant");
  json.StartObject();
  if (asked.gi_star) member(json, "gi_star", static_cast<std::int64_t>(found.gi_star_significant));
  if (asked.moran_local) member(json, "moran_local", static_cast<std::int64_t>(found.moran_local_significant));
  json.EndObject();
  json.Key("evidence");
  encode(json, found.evidence);
  encode_global(json, found.moran_global);
}

void encode_rows(Json& json, const Hotspots& found) {
  json.StartArray();
  for (std::size_t i = 0; i < found.areas.size(); ++i) {
    const HotspotArea& area = found.areas[i];
    json.StartObject();
    encode_cell(json, found.table.rows[i].cell);
    member(json, "value", area.value);
    member_or_null(json, "no_data", area.no_data);
    json.Key("neighbours");
    json.StartArray();
    for (const std::int64_t id : area.neighbours) json.Int64(id);
    json.EndArray();
    encode_local(json, "gi_star", area.gi_star, false);
    encode_local(json, "moran_local", area.moran_local, true);
    json.Key("figure");
    encode(json, found.table.rows[i].figures.front().second);
    json.EndObject();
  }
  json.EndArray();
}

geo::Table hotspot_table(const HotspotsAsked& asked, const Hotspots& found, const District& district) {
  geo::Table table = figure_table(asked.figures, found.table, district);
  table.fields.insert(table.fields.end(), {{"value", geo::FieldType::real}, {"no_data", geo::FieldType::text}, {"neighbours", geo::FieldType::integer}});
  if (asked.gi_star) add_columns(table, "gi_star", false);
  if (asked.moran_local) add_columns(table, "moran_local", true);
  for (std::size_t i = 0; i < found.areas.size(); ++i) {
    const HotspotArea& area = found.areas[i];
    geo::Table::Row& row = table.rows[i];
    row.values.insert(row.values.end(), {number(area.value), given(area.no_data), std::to_string(area.neighbours.size())});
    if (area.gi_star) add_values(row, *area.gi_star, false);
    if (area.moran_local) add_values(row, *area.moran_local, true);
  }
  table.notes.emplace_back("seed", std::to_string(found.seed));
  table.notes.emplace_back("permutations", std::to_string(found.permutations));
  table.notes.emplace_back("fdr", fmt::format("{}", found.fdr));
  for (const Sentence& warning : found.warnings) table.notes.emplace_back("warning", warning.zh + " " + warning.en);
  if (!found.evidence.no_evidence.zh.empty()) table.notes.emplace_back("evidence", found.evidence.no_evidence.zh + " " + found.evidence.no_evidence.en);
  return table;
}

void encode_features(Json& json, const HotspotsAsked& asked, const Hotspots& found, const District& district) {
  const geo::Table table = hotspot_table(asked, found, district);
  json.StartObject();
  member(json, "type", "FeatureCollection");
  json.Key("hotspots");
  json.StartObject();
  encode_head(json, asked, found);
  json.EndObject();
  json.Key("features");
  json.StartArray();
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    json.StartObject();
    member(json, "type", "Feature");
    member(json, "id", found.table.rows[i].cell.id);
    json.Key("properties");
    json.StartObject();
    for (std::size_t f = 0; f < table.fields.size(); ++f) encode_value(json, table.fields[f], table.rows[i].values[f]);
    json.EndObject();
    json.Key("geometry");
    const std::string& geometry = found.areas[i].geometry;
    if (geometry.empty()) json.Null();
    else json.RawValue(geometry.data(), geometry.size(), rapidjson::kObjectType);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

}  // namespace gridward::http
