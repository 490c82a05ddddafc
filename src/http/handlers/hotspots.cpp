#include "service/hotspots.h"

#include <algorithm>

#include "http/dispatch.h"
#include "http/encode_hotspots.h"
#include "http/figure_query.h"
#include "http/figure_table.h"
#include "http/listing.h"

namespace gridward::http {
namespace {

Result<service::Linking> read_linking(const Input& p) {
  using Kind = service::Linking::Kind;
  service::Linking linking;
  const std::string kind = p.text("contiguity");
  linking.kind = kind == "queen" ? Kind::queen : kind == "distance" ? Kind::distance : Kind::rook;
  const auto min_shared = p.number("min_shared_m"), distance = p.number("distance_m");
  if (min_shared && linking.kind != Kind::rook) return fail(Error::field("min_shared_m", "goes with contiguity=rook, and only with it"));
  if (distance.has_value() != (linking.kind == Kind::distance)) return fail(Error::field("distance_m", "goes with contiguity=distance, and only with it"));
  if (min_shared) linking.min_shared_m = *min_shared;
  if (distance) linking.distance_m = *distance;
  return linking;
}

Result<service::HotspotsAsked> read_asked(const Call& call) {
  const Input& p = call.parameters;
  const auto& known = service::measure_names();
  const std::string measure = p.text("measure"), statistic = p.text("statistic"), rates = p.text("rates");
  if (std::ranges::find(known, measure) == known.end()) return fail(Error::field("measure", "\"" + measure + "\" is not a measure: docs/figures.md has them"));
  auto figures = read_figures_asked(p);
  if (!figures) return fail(figures.error());
  figures->measures = {measure};
  figures->source = p.text("source");
  figures->grade = p.text("grade");
  const auto linking = read_linking(p);
  if (!linking) return fail(linking.error());
  service::HotspotsAsked asked;
  asked.figures = std::move(*figures);
  asked.at = p.text("at");
  const bool all = statistic.empty() || statistic == "all";
  asked.gi_star = all || statistic == "gi_star";
  asked.moran_local = all || statistic == "moran_local";
  asked.moran_global = all || statistic == "moran_global";
  asked.value = rates == "smoothed" ? service::AreaValue::smoothed : rates == "raw" ? service::AreaValue::raw : service::AreaValue::standardised;
  asked.linking = *linking;
  if (p.has("permutations")) asked.permutations = static_cast<int>(p.integer("permutations"));
  if (p.has("seed")) asked.seed = static_cast<std::uint64_t>(p.integer("seed"));
  asked.fdr = p.number("fdr").value_or(asked.fdr);
  asked.drawn = call.format == Format::geojson;
  return asked;
}

}  // namespace

Result<Response> get_hotspots(const Call& call) {
  const auto asked = read_asked(call);
  if (!asked) return fail(asked.error());
  const auto found = service::hotspots(call.context.figures, call.who, *asked);
  if (!found) return fail(found.error());
  Json json;
  if (call.format == Format::json) {
    json.StartObject();
    encode_head(json, *asked, *found);
    json.Key("rows");
    encode_rows(json, *found);
    json.EndObject();
    return json_response(200, json);
  }
  const auto district = district_of(call, found->table);
  if (!district) return fail(district.error());
  if (call.format != Format::geojson) return sheet_response(call, hotspot_table(*asked, *found, *district));
  encode_features(json, *asked, *found, *district);
  return json_response(200, json, media_type(Format::geojson));
}

}  // namespace gridward::http
