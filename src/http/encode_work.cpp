#include "http/encode_work.h"

namespace gridward::http {

void encode_minutes(Json& json, const service::WorkMinutes& minutes) {
  json.Key("minutes");
  json.StartObject();
  member(json, "inspection", std::optional(minutes.inspection));
  member(json, "patrol", std::optional(minutes.patrol));
  member(json, "travel", std::optional(minutes.travel));
  member(json, "follow_up", std::optional(minutes.follow_up));
  json.EndObject();
}

void encode_spread(Json& json, const stats::Spread& spread) {
  member(json, "max_to_mean", std::optional(spread.max_to_mean));
  member(json, "cv", std::optional(spread.cv));
  member(json, "gini", std::optional(spread.gini));
}

}  // namespace gridward::http
