#include "http/encode_findings.h"

#include "http/encode_assessment.h"

namespace gridward::http {
namespace {

void encode(Json& json, const service::FindingCell& cell) {
  json.StartObject();
  member(json, "id", cell.id);
  member_or_null(json, "code", cell.code);
  member_or_null(json, "name", cell.name);
  json.EndObject();
}

void encode_point(Json& json, geo::LonLat p) {
  json.StartArray();
  json.Double(p.lon);
  json.Double(p.lat);
  json.EndArray();
}

/// A MultiPolygon with every digit, so that what is a millimetre wide keeps its area.
void encode_pieces(Json& json, const std::vector<geo::Outline>& pieces) {
  json.StartObject();
  member(json, "type", "MultiPolygon");
  json.Key("coordinates");
  json.StartArray();
  for (const geo::Outline& piece : pieces) {
    json.StartArray();
    for (const auto& ring : piece.rings) {
      json.StartArray();
      for (const geo::LonLat p : ring) encode_point(json, p);
      json.EndArray();
    }
    json.EndArray();
  }
  json.EndArray();
  json.EndObject();
}

void encode_place(Json& json, const service::Finding& f) {
  if (!f.pieces.empty()) return encode_pieces(json, f.pieces);
  if (!f.at) {
    json.Null();
    return;
  }
  json.StartObject();
  member(json, "type", "Point");
  json.Key("coordinates");
  encode_point(json, *f.at);
  json.EndObject();
}

void encode_counts(Json& json, const char* key, const service::FindingCounts& counts) {
  json.Key(key);
  json.StartObject();
  for (const auto& [kind, count] : counts) member(json, kind.c_str(), count);
  json.EndObject();
}

void raw(Json& json, const std::string& document, rapidjson::Type type) { json.RawValue(document.data(), document.size(), type); }

}  // namespace

std::string encode_finding(const service::Finding& f, std::int64_t district) {
  Json json;
  json.StartObject();
  member(json, "id", f.key());
  member(json, "district", district);
  member(json, "kind", f.kind);
  member(json, "severity", service::name_of(f.severity));
  member_or_null(json, "level", level_name(f.level));
  json.Key("cell");
  encode(json, f.cells.front());
  json.Key("others");
  json.StartArray();
  for (std::size_t i = 1; i < f.cells.size(); ++i) encode(json, f.cells[i]);
  json.EndArray();
  member_or_null(json, "post", f.post);
  json.Key("person");
  if (f.person != 0) json.Int64(f.person);
  else json.Null();
  member(json, "count", f.count);
  json.Key("sliver");
  json.Bool(f.sliver);
  member(json, "area_m2", f.area_m2);
  member(json, "width_m", f.width_m);
  member(json, "lon", f.at ? std::optional(f.at->lon) : std::nullopt);
  member(json, "lat", f.at ? std::optional(f.at->lat) : std::nullopt);
  const Sentence words = f.words();
  json.Key("message");
  json.StartObject();
  member(json, "zh", words.zh);
  member(json, "en", words.en);
  json.EndObject();
  json.Key("repair");
  raw(json, "[" + f.repair + "]", rapidjson::kArrayType);
  json.EndObject();
  return json.text();
}

std::string encode_finding_feature(const service::Finding& f, std::int64_t district) {
  Json json;
  json.StartObject();
  member(json, "type", "Feature");
  member(json, "id", f.key());
  json.Key("geometry");
  encode_place(json, f);
  json.Key("properties");
  raw(json, encode_finding(f, district), rapidjson::kObjectType);
  json.EndObject();
  return json.text();
}

std::string encode_validation(const service::PlanValidation& v) {
  Json json;
  json.StartObject();
  json.Key("applicable");
  json.Bool(v.applicable);
  json.Key("problems");
  raw(json, v.problems, rapidjson::kArrayType);
  json.Key("findings");
  json.StartObject();
  member(json, "at", v.at);
  json.Key("counts");
  json.StartObject();
  encode_counts(json, "new", v.findings.fresh_counts);
  encode_counts(json, "solved", v.findings.solved_counts);
  encode_counts(json, "standing", v.findings.standing_counts);
  json.EndObject();
  const auto each = [&](const service::Finding& f) { raw(json, encode_finding(f, v.district), rapidjson::kObjectType); };
  list(json, "new", v.findings.fresh, each);
  list(json, "solved", v.findings.solved, each);
  json.EndObject();
  json.Key("alters");
  encode(json, v.alters);
  json.EndObject();
  return json.text();
}

}  // namespace gridward::http
