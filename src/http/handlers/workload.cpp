#include "service/workload.h"

#include <algorithm>

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/encode_work.h"
#include "http/listing.h"
#include "service/vacancies.h"

namespace gridward::http {
namespace {

void encode_people(Json& json, const std::vector<service::Carrier>& people) {
  json.StartArray();
  for (const service::Carrier& c : people) {
    json.StartObject();
    member(json, "person", c.person);
    member(json, "person_name", c.name);
    member(json, "post", c.post);
    json.Key("cells");
    json.StartArray();
    for (const std::int64_t cell : c.cells) json.Int64(cell);
    json.EndArray();
    member(json, "acting", static_cast<std::int64_t>(c.acting));
    member(json, "enterprises", std::optional(c.enterprises));
    member(json, "visits_due", std::optional(c.visits));
    member(json, "open_hazards", std::optional(c.open_hazards));
    member(json, "minutes", std::optional(c.minutes));
    json.EndObject();
  }
  json.EndArray();
}

void encode_posts(Json& json, const service::Workload& found) {
  json.StartArray();
  for (const service::VisitingPost& visiting : service::kVisitingPosts) {
    const auto spread = found.spread.find(visiting.post);
    if (spread == found.spread.end()) continue;
    json.StartObject();
    member(json, "post", visiting.post);
    member(json, "visits", visiting.kind == VisitKind::inspection ? "inspection" : "patrol");
    member(json, "people", static_cast<std::int64_t>(std::ranges::count(found.people, visiting.post, &service::Carrier::post)));
    member(json, "mean_minutes", std::optional(spread->second.mean));
    member(json, "max_minutes", std::optional(spread->second.most));
    encode_spread(json, spread->second);
    member(json, "unheld_minutes", std::optional(found.unheld.at(visiting.post)));
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

Result<Response> list_vacancies(const Call& call) {
  const Input& p = call.parameters;
  const auto page = service::list_vacancies(call.context.reads, call.who, {p.text("within"), p.text("at"), p.text("level"), p.text("post"), p.text("after"), limit_of(call)});
  if (!page) return fail(page.error());
  return list_response(call, *page);
}

Result<Response> get_workload(const Call& call) {
  const Input& p = call.parameters;
  const auto found = service::workload(call.context.figures, call.who, {p.text("within"), p.text("at"), p.text("post"), static_cast<int>(p.integer("days", 365))});
  if (!found) return fail(found.error());
  Json json;
  json.StartObject();
  json.Key("within");
  encode(json, found->within);
  member(json, "at", found->at);
  json.Key("window");
  json.StartObject();
  member(json, "from", to_string(day_of(found->work.window.from)));
  member(json, "to", to_string(day_of(found->work.window.to)));
  json.EndObject();
  encode_minutes(json, found->work.minutes);
  json.Key("posts");
  encode_posts(json, *found);
  json.Key("people");
  encode_people(json, found->people);
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
