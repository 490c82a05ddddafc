#include "service/balances.h"

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/encode_work.h"

namespace gridward::http {
namespace {

constexpr const char* kReasons[] = {"mean", "unit", "locked", "pigeonhole", "ground"};

service::BalanceAsked read_asked(const Input& b) {
  service::BalanceAsked asked;
  asked.within = b.text("within");
  asked.at = b.text("at");
  if (b.has("people"))
    for (const auto& person : b.value("people").GetArray()) asked.people.push_back(person.GetInt64());
  asked.zones = static_cast<std::size_t>(b.integer("zones"));
  asked.days = static_cast<int>(b.integer("days", asked.days));
  if (b.has("locked"))
    for (const auto& cell : b.value("locked").GetArray()) asked.locked.emplace_back(cell.GetString());
  if (b.has("barriers"))
    for (const auto& pair : b.value("barriers").GetArray()) asked.barriers.emplace_back(pair[0].GetString(), pair[1].GetString());
  asked.min_shared_m = b.number("min_shared_m").value_or(asked.min_shared_m);
  if (b.has("most_moved")) asked.options.most_cost = static_cast<double>(b.integer("most_moved"));
  asked.options.moved_weight = b.number("moved_weight").value_or(asked.options.moved_weight);
  asked.options.perimeter_weight = b.number("perimeter_weight").value_or(asked.options.perimeter_weight);
  asked.options.seed = static_cast<std::uint64_t>(b.integer("seed", 1));
  asked.options.restarts = static_cast<int>(b.integer("restarts", asked.options.restarts));
  return asked;
}

void number_or_null(Json& json, const char* key, std::optional<std::int64_t> value) {
  json.Key(key);
  if (value) json.Int64(*value);
  else json.Null();
}

std::optional<std::int64_t> person_of(const service::Balance& found, std::size_t zone) {
  if (zone == kNoZone || found.zones[zone].person == 0) return std::nullopt;
  return found.zones[zone].person;
}

void encode_measures(Json& json, const char* key, const ZoningMeasures& m) {
  json.Key(key);
  json.StartObject();
  encode_spread(json, m.spread);
  member(json, "mean_minutes", std::optional(m.spread.mean));
  member(json, "max_minutes", std::optional(m.spread.most));
  member(json, "moved", static_cast<std::int64_t>(m.moved));
  member(json, "moved_enterprises", static_cast<std::int64_t>(m.moved_cost));
  member(json, "border_m", std::optional(m.border_metres));
  member(json, "objective", std::optional(m.objective));
  json.EndObject();
}

void encode_asked(Json& json, const service::BalanceAsked& asked, const service::Balance& found) {
  json.Key("within");
  encode(json, found.within);
  member(json, "at", found.at);
  encode_minutes(json, found.minutes);
  member(json, "seed", static_cast<std::int64_t>(asked.options.seed));
  member(json, "restarts", static_cast<std::int64_t>(asked.options.restarts));
  member(json, "steps", static_cast<std::int64_t>(found.zoning.steps));
  member(json, "min_shared_m", std::optional(asked.min_shared_m));
  member(json, "borders", static_cast<std::int64_t>(found.borders));
  member(json, "moved_weight", std::optional(asked.options.moved_weight));
  member(json, "perimeter_weight", std::optional(asked.options.perimeter_weight));
  number_or_null(json, "most_moved", asked.options.most_cost ? std::optional(static_cast<std::int64_t>(*asked.options.most_cost)) : std::nullopt);
}

void encode_verdict(Json& json, const service::Balance& found) {
  const ZoningBound& bound = found.zoning.bound;
  json.Key("bound");
  json.StartObject();
  member(json, "max_to_mean", std::optional(bound.max_to_mean));
  member(json, "reason", kReasons[static_cast<std::size_t>(bound.reason)]);
  number_or_null(json, "cell", bound.reason == ZoningBound::Reason::unit ? std::optional(found.villages[bound.unit].cell.id) : std::nullopt);
  json.EndObject();
  json.Key("possible");
  json.Bool(found.possible);
  json.Key("verdict");
  json.StartObject();
  member(json, "zh", found.verdict.zh);
  member(json, "en", found.verdict.en);
  json.EndObject();
  encode_measures(json, "before", found.zoning.before);
  encode_measures(json, "after", found.zoning.after);
}

void encode_zones(Json& json, const service::Balance& found) {
  json.Key("zones");
  json.StartArray();
  for (std::size_t z = 0; z < found.zones.size(); ++z) {
    json.StartObject();
    number_or_null(json, "person", person_of(found, z));
    member_or_null(json, "person_name", found.zones[z].name);
    member(json, "minutes_before", std::optional(found.zoning.before.load[z]));
    member(json, "minutes_after", std::optional(found.zoning.after.load[z]));
    member(json, "pieces_before", static_cast<std::int64_t>(found.zoning.before.pieces[z]));
    member(json, "pieces_after", static_cast<std::int64_t>(found.zoning.after.pieces[z]));
    json.Key("cells");
    json.StartArray();
    for (std::size_t u = 0; u < found.villages.size(); ++u)
      if (found.zoning.zone[u] == z) json.Int64(found.villages[u].cell.id);
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
}

void encode_move(Json& json, const service::Balance& found, std::size_t u) {
  const std::size_t from = found.current[u], to = found.zoning.zone[u];
  const service::BalancedVillage& village = found.villages[u];
  json.StartObject();
  json.Key("cell");
  json.StartObject();
  member(json, "id", village.cell.id);
  member(json, "code", village.cell.code);
  member(json, "name", village.cell.name);
  json.EndObject();
  number_or_null(json, "from_zone", from == kNoZone ? std::nullopt : std::optional(static_cast<std::int64_t>(from)));
  member(json, "to_zone", static_cast<std::int64_t>(to));
  number_or_null(json, "from_person", person_of(found, from));
  number_or_null(json, "to_person", person_of(found, to));
  member(json, "minutes", std::optional(village.minutes));
  member(json, "enterprises", village.enterprises);
  json.EndObject();
}

void encode_operation(Json& json, std::int64_t cell, std::int64_t person) {
  json.StartObject();
  member(json, "kind", "assign");
  member(json, "cell", std::to_string(cell));
  member(json, "post", service::kBalancedPost);
  member(json, "person", person);
  json.EndObject();
}

}  // namespace

Result<Response> balance_workload(const Call& call) {
  const auto asked = read_asked(call.body);
  const auto found = service::balance(call.context.figures, call.who, asked);
  if (!found) return fail(found.error());
  std::vector<std::size_t> moves;
  for (std::size_t u = 0; u < found->villages.size(); ++u)
    if (found->current[u] != found->zoning.zone[u]) moves.push_back(u);
  Json json;
  json.StartObject();
  encode_asked(json, asked, *found);
  encode_verdict(json, *found);
  encode_zones(json, *found);
  json.Key("moves");
  json.StartArray();
  for (const std::size_t u : moves) encode_move(json, *found, u);
  json.EndArray();
  json.Key("operations");
  json.StartArray();
  for (const std::size_t u : moves)
    if (const auto person = person_of(*found, found->zoning.zone[u])) encode_operation(json, found->villages[u].cell.id, *person);
  json.EndArray();
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
