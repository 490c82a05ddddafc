#include "http/heat_query.h"

#include <algorithm>

#include "service/event_points.h"
#include "service/heat_maps.h"
#include "service/known.h"

namespace gridward::http {
namespace {

constexpr std::pair<const char*, map::EdgeCorrection> kCorrections[] = {
    {"jones_diggle", map::EdgeCorrection::jones_diggle}, {"uniform", map::EdgeCorrection::uniform}, {"none", map::EdgeCorrection::none}};

constexpr std::pair<const char*, service::BandwidthRule> kRules[] = {{"fixed", service::BandwidthRule::fixed},
                                                                      {"scott", service::BandwidthRule::scott},
                                                                      {"likelihood", service::BandwidthRule::likelihood},
                                                                      {"adaptive", service::BandwidthRule::adaptive}};

/// By which bandwidth: one that is given is fixed unless it is the pilot of adaptive ones.
Result<void> read_bandwidth(const Input& p, service::HeatAsked& asked) {
  using Rule = service::BandwidthRule;
  asked.bandwidth = p.number("bandwidth");
  asked.rule = asked.bandwidth ? Rule::fixed : Rule::scott;
  for (const auto& [name, rule] : kRules)
    if (p.text("bandwidth_rule") == name) asked.rule = rule;
  if (asked.rule == Rule::fixed && !asked.bandwidth) return fail(Error::field("bandwidth", "is needed with bandwidth_rule=fixed"));
  if (asked.bandwidth && (asked.rule == Rule::scott || asked.rule == Rule::likelihood)) return fail(Error::field("bandwidth", "is what that bandwidth_rule chooses: give one or the other"));
  if (asked.rule != Rule::adaptive) return {};
  if (asked.correction == map::EdgeCorrection::uniform) return fail(Error::field("edge_correction", "uniform knows one bandwidth: with bandwidth_rule=adaptive there are jones_diggle and none"));
  if (asked.of_two()) return fail(Error::field("bandwidth_rule", "adaptive has a bandwidth for each event, so it compares nothing: take fixed, scott or likelihood"));
  return {};
}

/// At the top of the scale, of a density and of a difference per km². They differ by kind as the events do, and by nothing else.
struct Tops {
  const char* kind;
  double density, difference;
};
constexpr Tops kTops[] = {{"hazard", 200, 10}, {"inspection", 500, 50}, {"patrol", 500, 50}, {"accident", 10, 1}};
constexpr double kTopRisk = 10;  // events per enterprise

/// What a surface is compared with: another window, or enterprises.
Result<void> read_second(const Input& p, service::HeatAsked& asked) {
  asked.relative = p.has("relative_to");
  if (p.has("versus_from") != p.has("versus_to")) return fail(Error::field(p.has("versus_from") ? "versus_to" : "versus_from", "is missing: a window has both"));
  if (p.has("versus_from")) {
    asked.versus = Window{*parse_day(p.text("versus_from")), *parse_day(p.text("versus_to"))};
    if (asked.versus->from >= asked.versus->to) return fail(Error::field("versus_to", "must be after versus_from"));
    if (p.has("open_at")) return fail(Error::field("versus_from", "compares windows, so it does not go with open_at"));
    if (asked.relative) return fail(Error::field("relative_to", "does not go with versus_from: ask for each window's by itself"));
  }
  if (asked.relative && asked.kind != "hazard" && asked.kind != "accident") return fail(Error::field("relative_to", "is for kind=hazard and kind=accident"));
  if (p.has("least_base") && !asked.relative) return fail(Error::field("least_base", "goes with relative_to"));
  asked.least_base = p.number("least_base").value_or(asked.least_base);
  return {};
}

}  // namespace

service::HeatSources heat_sources(const Call& call) { return {call.context.reads, call.context.figures.cells, call.context.heat_maps, call.context.event_points, call.context.known}; }

Result<service::HeatAsked> read_heat_asked(const Input& p) {
  service::HeatAsked asked;
  asked.cell = p.text("cell");
  asked.at = p.text("at");
  asked.kind = p.text("kind");
  asked.open_at = p.text("open_at");
  asked.source = p.text("source");
  asked.grade = p.text("grade");
  asked.category = p.text("category");
  if (asked.kind != "hazard")
    for (const char* name : {"open_at", "source", "grade", "category", "major_weight"})
      if (p.has(name)) return fail(Error::field(name, "is for kind=hazard"));
  if (!p.has("open_at")) {
    const auto period = read_period(p);
    if (!period) return fail(period.error());
    asked.period = *period;
  } else {
    for (const char* name : {"from", "to", "period"})
      if (p.has(name)) return fail(Error::field(name, "does not go with open_at: give one or the other"));
    const Day day = *parse_day(asked.open_at);
    asked.period.days = {day, day + std::chrono::days{1}};
  }
  asked.major_weight = p.number("major_weight").value_or(1);
  for (const auto& [name, correction] : kCorrections)
    if (p.text("edge_correction") == name) asked.correction = correction;
  if (auto ok = read_second(p, asked); !ok) return fail(ok.error());
  if (auto ok = read_bandwidth(p, asked); !ok) return fail(ok.error());
  return asked;
}

Result<ColourScale> read_scale(const Input& p) {
  const auto* const usual = std::ranges::find(kTops, p.text("kind"), [](const Tops& tops) { return std::string(tops.kind); });
  const bool differs = p.has("versus_from");
  const std::string ramp = p.has("ramp") ? p.text("ramp") : differs ? "blue_brown" : "amber";
  const double top = p.number("top").value_or(p.has("relative_to") ? kTopRisk : differs ? usual->difference : usual->density);
  return differs ? ColourScale::diverging(ramp, top) : ColourScale::sequential(ramp, top);
}

const char* quantity_of(const Input& p) { return p.has("relative_to") ? "relative_risk" : p.has("versus_from") ? "difference" : "density"; }

const char* unit_of(const Input& p) { return p.has("relative_to") ? "1/enterprise" : "1/km2"; }

void encode_asked(Json& json, const Input& parameters, const service::HeatAsked& asked) {
  member(json, "kind", asked.kind);
  member(json, "quantity", quantity_of(parameters));
  member(json, "unit", unit_of(parameters));
  member_or_null(json, "open_at", asked.open_at);
  member_or_null(json, "relative_to", asked.relative ? "enterprises" : "");
  if (asked.versus) {
    json.Key("versus");
    json.StartObject();
    member(json, "from", to_string(asked.versus->from));
    member(json, "to", to_string(asked.versus->to));
    json.EndObject();
  }
  member(json, "kernel", "gaussian");
  for (const auto& [name, correction] : kCorrections)
    if (asked.correction == correction) member(json, "edge_correction", name);
  member(json, "major_weight", std::optional(asked.major_weight));
}

void encode(Json& json, const service::HeatAsked& asked, const service::HeatBandwidth* bandwidth) {
  member(json, "bandwidth_m", bandwidth != nullptr ? std::optional(bandwidth->metres) : std::nullopt);
  for (const auto& [name, rule] : kRules)
    if (asked.rule == rule) member(json, "bandwidth_rule", name);
  if (bandwidth != nullptr && !bandwidth->each.empty()) {
    const auto [least, most] = std::ranges::minmax(bandwidth->each);
    member(json, "bandwidth_least_m", std::optional(least));
    member(json, "bandwidth_most_m", std::optional(most));
  }
  if (!asked.relative) return;
  member(json, "least_base", std::optional(asked.least_base));
  member(json, "least_base_per_km2", bandwidth != nullptr ? std::optional(service::least_base_density(asked.least_base, bandwidth->metres)) : std::nullopt);
}

}  // namespace gridward::http
