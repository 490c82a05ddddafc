#include "service/key_regions.h"

#include <fmt/format.h>

#include "http/dispatch.h"
#include "http/encode_figure.h"
#include "http/figure_query.h"

namespace gridward::http {
namespace {

/// A link to something of an area in the window, mode and knowledge of the answer.
std::string link(const service::RegionTable& table, const service::FiguresAsked& asked, const char* pattern, std::int64_t cell) {
  std::string out = fmt::format(fmt::runtime(pattern), fmt::arg("cell", cell), fmt::arg("from", to_string(table.period.window.from)), fmt::arg("to", to_string(table.period.window.to)), fmt::arg("day", table.responsible_on),
                                fmt::arg("level", level_name(asked.level)));
  if (!table.as_of.empty() && out.find("/cells/") == std::string::npos) out += "&mode=as_of&as_of=" + table.as_of;
  if (!asked.known_at.empty() && out.find("/cells/") == std::string::npos) out += "&known_at=" + asked.known_at;
  return out;
}

void encode_interval(Json& json, const char* key, const std::optional<Interval95>& x) {
  json.Key(key);
  if (!x) {
    json.Null();
    return;
  }
  json.StartObject();
  member(json, "value", std::optional(x->value));
  member(json, "low", std::optional(x->low));
  member(json, "high", std::optional(x->high));
  json.EndObject();
}

void encode_component(Json& json, const service::RegionComponent& c, const FigureRow& row) {
  const auto figure = std::ranges::find(row.figures, c.measure, [](const auto& f) { return f.first; });
  json.StartObject();
  member(json, "component", c.component);
  member(json, "measure", c.measure);
  encode_interval(json, "smoothed", c.value);
  member_or_null(json, "reason", c.value ? "" : figure->second.reason);
  member(json, "mean", std::optional(c.mean));
  encode_interval(json, "points", c.points);
  member(json, "weight", std::optional(c.weight));
  member(json, "contribution", std::optional(c.contribution()));
  json.EndObject();
}

void encode_reasons(Json& json, const std::vector<service::RegionReason>& reasons) {
  json.Key("reasons");
  json.StartArray();
  for (const service::RegionReason& r : reasons) {
    json.StartObject();
    member(json, "about", r.about);
    member(json, "zh", r.sentence.zh);
    member(json, "en", r.sentence.en);
    json.EndObject();
  }
  json.EndArray();
}

void encode_trend(Json& json, const service::KeyRegion& region) {
  json.Key("trend");
  json.StartObject();
  for (const service::RegionTrend& t : region.trend) {
    const bool both = t.score && region.rank > 0;
    json.Key(std::string(comparison_name(t.with)).c_str());
    json.StartObject();
    member(json, "score", t.score);
    member(json, "change", both ? std::optional(region.score.value - *t.score) : std::nullopt);
    member(json, "rank", t.rank > 0 ? std::optional<double>(t.rank) : std::nullopt);
    member(json, "places", both ? std::optional<double>(t.rank - region.rank) : std::nullopt);
    member_or_null(json, "reason", t.reason);
    json.EndObject();
  }
  json.EndObject();
}

void encode_responsible(Json& json, const std::vector<service::PostHolder>& holders) {
  list(json, "responsible", holders, [&](const service::PostHolder& h) {
    json.StartObject();
    member(json, "post", h.post);
    member(json, "zh", h.name_zh);
    member(json, "en", h.name_en);
    json.Key("vacant");
    json.Bool(h.person == 0);
    json.Key("acting");
    json.Bool(h.acting);
    json.Key("person");
    if (h.person == 0) json.Null();
    else encode_person(json, h.person, h.name, h.phone);
    json.EndObject();
  });
}

void encode_region(Json& json, const service::KeyRegion& region, const service::RegionTable& table, const service::FiguresAsked& asked) {
  json.StartObject();
  member(json, "rank", region.rank > 0 ? std::optional<double>(region.rank) : std::nullopt);
  encode_members(json, region.row);
  encode_interval(json, "score", region.rank > 0 ? std::optional(region.score) : std::nullopt);
  json.Key("distinguishable_from_next");
  json.Bool(region.distinguishable);
  json.Key("components");
  json.StartArray();
  for (const service::RegionComponent& c : region.components) encode_component(json, c, region.row);
  json.EndArray();
  encode_reasons(json, region.reasons);
  encode_trend(json, region);
  encode_responsible(json, region.responsible);
  json.Key("links");
  json.StartObject();
  member(json, "map", link(table, asked, "/api/v1/cells/{cell}?at={day}&format=geojson", region.row.cell.id));
  member(json, "figures", link(table, asked, "/api/v1/figures?within={cell}&level={level}&from={from}&to={to}", region.row.cell.id));
  member(json, "hazards", link(table, asked, "/api/v1/hazards?cell={cell}&open_at={to}", region.row.cell.id));
  member(json, "enterprises", link(table, asked, "/api/v1/enterprises?cell={cell}&from={from}&to={to}&counted=overdue&visits=inspection", region.row.cell.id));
  json.EndObject();
  json.EndObject();
}

void encode_setup(Json& json, const service::ScoreSetup& setup) {
  json.Key("rules");
  json.StartObject();
  member(json, "day", setup.day);
  json.Key("components");
  json.StartArray();
  for (const service::SetRule& r : setup.rules) {
    json.StartObject();
    member(json, "component", r.rule.component);
    member(json, "measure", r.rule.measure);
    member(json, "weight", std::optional(r.rule.weight));
    member(json, "scale", r.rule.of_mean ? "mean" : "value");
    member(json, "zero_at", std::optional(r.rule.zero_at));
    member(json, "full_at", std::optional(r.rule.full_at));
    json.Key("assumption");
    json.Bool(!r.own);
    member_or_null(json, "since", r.since);
    json.EndObject();
  }
  json.EndArray();
  json.Key("floors");
  json.StartObject();
  member(json, "enterprises", std::optional(setup.floors.enterprises));
  member(json, "inspection_coverage", std::optional(setup.floors.inspection_coverage));
  member(json, "patrol_coverage", std::optional(setup.floors.patrol_coverage));
  member(json, "look_back_days", static_cast<std::int64_t>(setup.floors.look_back_days));
  json.EndObject();
  json.EndObject();
}

void encode_ranking(Json& json, const service::RegionTable& table) {
  std::int64_t pairs = 0;
  for (const service::KeyRegion& region : table.ranked) pairs += region.distinguishable ? 1 : 0;
  const auto n = static_cast<std::int64_t>(table.ranked.size()), level = static_cast<std::int64_t>(table.level_with_first);
  json.Key("ranking");
  json.StartObject();
  member(json, "areas", n);
  member(json, "insufficient", static_cast<std::int64_t>(table.insufficient.size()));
  member(json, "distinguishable_neighbours", pairs);
  member(json, "level_with_first", level);
  member(json, "zh", n == 0 ? "没有可以排名的网格。" : fmt::format("{}个网格参加排名；与第一名的差别在误差之内的（含第一名）有{}个；相邻名次{}对中有{}对的差别超出误差。", n, level, n - 1, pairs));
  member(json, "en", n == 0 ? "No area can be ranked." : fmt::format("{} areas are ranked; {} of them, the first included, cannot be told from the first; {} of {} neighbours in rank can be told apart.", n, level, pairs, n - 1));
  json.Key("components");
  json.StartArray();
  for (const service::ComponentEvidence& e : table.evidence) {
    json.StartObject();
    member(json, "component", e.component);
    member(json, "mean", std::optional(e.mean));
    member(json, "p", e.p);
    json.Key("differences");
    json.Bool(e.differences);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

}  // namespace

Result<Response> get_key_regions(const Call& call) {
  auto asked = read_figures_asked(call.parameters);
  if (!asked) return fail(asked.error());
  const auto table = service::key_regions(call.context.figures, call.who, *asked);
  if (!table) return fail(table.error());
  const std::string mode = call.parameters.text("mode");
  Json json;
  json.StartObject();
  encode(json, "window", table->period);
  member(json, "mode", mode.empty() ? "as_was" : mode);
  member_or_null(json, "as_of", table->as_of);
  member_or_null(json, "known_at", asked->known_at);
  member(json, "version", table->version);
  member_or_null(json, "data_until", table->data_until);
  json.Key("synthetic");
  json.Bool(table->synthetic);
  encode(json, "compared", table->compared);
  encode_setup(json, table->setup);
  encode_ranking(json, *table);
  member(json, "responsible_on", table->responsible_on);
  for (const auto& [key, regions] : {std::pair{"ranked", &table->ranked}, std::pair{"insufficient", &table->insufficient}}) {
    json.Key(key);
    json.StartArray();
    for (const service::KeyRegion& region : *regions) encode_region(json, region, *table, *asked);
    json.EndArray();
  }
  json.Key("elsewhere");
  json.StartArray();
  for (const FigureRow& row : table->elsewhere) encode(json, row);
  json.EndArray();
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
