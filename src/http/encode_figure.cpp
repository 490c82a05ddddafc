#include "http/encode_figure.h"

namespace gridward::http {
namespace {

std::string_view family_name(stats::Family family) { return family == stats::Family::poisson ? "poisson" : "binomial"; }

void encode_funnel(Json& json, const SmallArea& area) {
  json.Key("funnel");
  if (!area.funnel.limits) {
    json.Null();
    return;
  }
  const stats::FunnelLimits& limits = *area.funnel.limits;
  json.StartObject();
  member(json, "expected", area.expected);
  for (const auto& [name, value] : {std::pair{"low95", limits.low_95}, {"high95", limits.high_95}, {"low998", limits.low_998}, {"high998", limits.high_998}}) member(json, name, std::optional(value));
  const auto [side, level] = outside_of(area);
  member(json, "outside", side);
  member(json, "level", level);
  json.EndObject();
}

void encode_small_area(Json& json, const SmallArea& area) {
  json.Key("smoothed");
  json.StartObject();
  member(json, "value", area.smoothed.rate);
  member(json, "low", area.smoothed.low);
  member(json, "high", area.smoothed.high);
  member(json, "weight", area.smoothed.rate ? std::optional(area.smoothed.weight) : std::nullopt);
  member(json, "method", area.local ? "local_empirical_bayes" : "global_empirical_bayes");
  json.Key("flags");
  json.StartArray();
  for (const std::string_view flag : flags_of(area)) json.String(flag.data(), static_cast<rapidjson::SizeType>(flag.size()));
  json.EndArray();
  json.EndObject();
  member(json, "standardised", area.standardised);
  encode_funnel(json, area);
}

void encode(Json& json, const Earlier& e) {
  json.Key(std::string(comparison_name(e.with)).c_str());
  json.StartObject();
  for (const auto& [name, value] : {std::pair{"value", &e.value}, {"numerator", &e.numerator}, {"denominator", &e.denominator}, {"low", &e.low}, {"high", &e.high}, {"change", &e.change}, {"change_low", &e.change_low},
                                    {"change_high", &e.change_high}, {"ratio", &e.ratio}, {"ratio_low", &e.ratio_low}, {"ratio_high", &e.ratio_high}})
    member(json, name, *value);
  member_or_null(json, "reason", e.reason);
  member_or_null(json, "records", e.records);
  member_or_null(json, "base_records", e.base_records);
  json.EndObject();
}

}  // namespace

std::vector<std::string_view> flags_of(const SmallArea& area) {
  std::vector<std::string_view> flags;
  switch (area.smoothed.kind) {
    case stats::Estimate::ordinary: break;
    case stats::Estimate::no_exposure: flags.emplace_back("no_exposure"); break;
    case stats::Estimate::island: flags.emplace_back("island"); break;
    case stats::Estimate::no_data: flags.emplace_back("no_data"); break;
  }
  if (area.clipped) flags.emplace_back("clipped");
  if (!area.local && area.smoothed.kind == stats::Estimate::ordinary && outside_of(area).second) flags.emplace_back("stands_out");
  return flags;
}

std::pair<std::string_view, std::optional<double>> outside_of(const SmallArea& area) {
  switch (area.funnel.place) {
    case stats::FunnelPlace::above: return {"high", 0.95};
    case stats::FunnelPlace::far_above: return {"high", 0.998};
    case stats::FunnelPlace::below: return {"low", 0.95};
    case stats::FunnelPlace::far_below: return {"low", 0.998};
    case stats::FunnelPlace::within:
    case stats::FunnelPlace::no_exposure:
    case stats::FunnelPlace::no_data: break;
  }
  return {"none", {}};
}

void encode(Json& json, const Evidence& e) {
  json.StartObject();
  member(json, "family", family_name(e.family));
  member(json, "areas", static_cast<std::int64_t>(e.areas));
  member(json, "overall", e.overall);
  member(json, "variance", std::optional(e.variance));
  member(json, "variance_moment", std::optional(e.variance_moment));
  json.Key("clipped");
  json.Bool(e.clipped);
  member(json, "chi_square", std::optional(e.homogeneity.chi_square));
  member(json, "degrees", std::optional(e.homogeneity.degrees));
  member(json, "p", e.homogeneity.p);
  json.Key("no_evidence");
  if (e.no_evidence.en.empty()) json.Null();
  else encode(json, e.no_evidence);
  json.EndObject();
}

void encode(Json& json, const Sentence& sentence) {
  json.StartObject();
  member(json, "zh", sentence.zh);
  member(json, "en", sentence.en);
  json.EndObject();
}

void encode(Json& json, const Figure& f) {
  json.StartObject();
  member(json, "value", f.value);
  member(json, "unit", f.unit);
  member(json, "numerator", std::optional(f.numerator));
  member(json, "denominator", f.denominator);
  member_or_null(json, "denominator_unit", f.denominator_unit);
  member(json, "low", f.low);
  member(json, "high", f.high);
  member_or_null(json, "reason", f.reason);
  if (!f.detail.empty()) {
    json.Key("detail");
    json.RawValue(f.detail.data(), f.detail.size(), rapidjson::kObjectType);
  }
  member_or_null(json, "records", f.records);
  member_or_null(json, "base_records", f.base_records);
  for (const Earlier& e : f.earlier) encode(json, e);
  if (f.small_area) encode_small_area(json, *f.small_area);
  json.EndObject();
}

void encode_named(Json& json, const Cell& cell) {
  json.StartObject();
  if (cell.id != 0) {
    member(json, "id", cell.id);
    member(json, "code", cell.code);
    member(json, "scheme", cell.scheme);
    member(json, "name", cell.name);
    member(json, "level", level_name(cell.level));
  }
  json.EndObject();
}

void encode_cell(Json& json, const Cell& cell) {
  json.Key("cell");
  encode_named(json, cell);
}

void encode_members(Json& json, const FigureRow& row) {
  encode_cell(json, row.cell);
  json.Key("figures");
  json.StartObject();
  for (const auto& [name, f] : row.figures) {
    json.Key(name.c_str());
    encode(json, f);
  }
  json.EndObject();
}

void encode(Json& json, const FigureRow& row) {
  json.StartObject();
  encode_members(json, row);
  json.EndObject();
}

void encode_evidence(Json& json, const FigureTable& table) {
  json.StartObject();
  for (const auto& [name, evidence] : table.evidence) {
    json.Key(name.c_str());
    if (evidence) encode(json, *evidence);
    else json.Null();
  }
  json.EndObject();
}

}  // namespace gridward::http
