#include "http/hotspot_query.h"

#include <algorithm>

namespace gridward::http {

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

Result<service::HotspotsAsked> read_hotspots_asked(const Input& p) {
  const auto linking = read_linking(p);
  if (!linking) return fail(linking.error());
  const std::string statistic = p.text("statistic"), rates = p.text("rates");
  service::HotspotsAsked asked;
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
  return asked;
}

Result<std::string> read_measure(const Input& p) {
  const auto& known = service::measure_names();
  std::string measure = p.text("measure");
  if (std::ranges::find(known, measure) == known.end()) return fail(Error::field("measure", "\"" + measure + "\" is not a measure: docs/figures.md has them"));
  return measure;
}

}  // namespace gridward::http
