#include "http/encode_comparison.h"

#include "http/encode_figure.h"
#include "http/encode_work.h"

namespace gridward::http {
namespace {

void raw_member(Json& json, const char* key, const std::string& document, rapidjson::Type type) {
  json.Key(key);
  json.RawValue(document.data(), document.size(), type);
}

void encode_load(Json& json, const std::optional<service::Carrier>& load) {
  if (!load) {
    json.Null();
    return;
  }
  json.StartObject();
  list(json, "cells", load->cells, [&](std::int64_t cell) { json.Int64(cell); });
  member(json, "enterprises", std::optional(load->enterprises));
  member(json, "visits_due", std::optional(load->visits));
  member(json, "open_hazards", std::optional(load->open_hazards));
  member(json, "minutes", std::optional(load->minutes));
  json.EndObject();
}

void encode_loads(Json& json, const service::PlanComparison& compared) {
  const service::PlanLoads& loads = compared.foreseen->loads;
  json.Key("loads");
  json.StartObject();
  json.Key("window");
  json.StartObject();
  member(json, "from", to_string(day_of(loads.window.from)));
  member(json, "to", to_string(day_of(loads.window.to)));
  json.EndObject();
  encode_minutes(json, loads.minutes);
  list(json, "posts", loads.spread, [&](const auto& post) {
    json.StartObject();
    member(json, "post", post.first);
    for (const auto& [key, spread] : {std::pair{"before", &post.second.first}, std::pair{"after", &post.second.second}}) {
      json.Key(key);
      json.StartObject();
      encode_spread(json, *spread);
      json.EndObject();
    }
    json.EndObject();
  });
  list(json, "people", compared.loads, [&](const service::ComparedLoad& load) {
    const service::Carrier& someone = load.before ? *load.before : *load.after;
    json.StartObject();
    member(json, "person", someone.person);
    member(json, "person_name", someone.name);
    member(json, "post", someone.post);
    json.Key("before");
    encode_load(json, load.before);
    json.Key("after");
    encode_load(json, load.after);
    json.EndObject();
  });
  json.EndObject();
}

}  // namespace

void encode(Json& json, const service::PlanComparison& compared) {
  json.StartObject();
  encode(json, "window", compared.period);
  member(json, "as_of", compared.as_of);
  raw_member(json, "problems", compared.foreseen->plan->problems, rapidjson::kArrayType);
  raw_member(json, "effects", compared.foreseen->effects, rapidjson::kObjectType);
  json.Key("affected");
  json.StartObject();
  member(json, "enterprises", compared.foreseen->affected_enterprises);
  list(json, "enterprise_cells", compared.foreseen->affected, [&](std::int64_t cell) { json.Int64(cell); });
  json.EndObject();
  encode_loads(json, compared);
  list(json, "rows", compared.rows, [&](const service::ComparedCell& cell) {
    json.StartObject();
    for (const auto& [key, row] : {std::pair{"before", &cell.before}, std::pair{"after", &cell.after}}) {
      json.Key(key);
      *row ? encode(json, **row) : static_cast<void>(json.Null());
    }
    json.EndObject();
  });
  json.EndObject();
}

}  // namespace gridward::http
