#include "http/figure_legend.h"

#include <fmt/format.h>

#include "domain/map_classes.h"
#include "service/measures.h"

namespace gridward::http {
namespace {

std::string hex(geo::Rgb colour) { return fmt::format("#{:06x}", colour); }

}  // namespace

void encode_legend(Json& json, const std::vector<std::string>& measures) {
  json.Key("legend");
  json.StartObject();
  for (const std::string& measure : measures) {
    const std::string unit = service::unit_of(measure);
    json.Key(measure.c_str());
    json.StartObject();
    member(json, "unit", unit);
    member(json, "tendency", tendency_name(tendency_of(measure)));
    member(json, "zero", hex(kZeroColour));
    member(json, "no_data", hex(kNoDataColour));
    json.Key("classes");
    json.StartArray();
    for (const MapClass& c : map_classes(measure, unit)) {
      json.StartObject();
      member(json, "low", std::optional(c.low));
      member(json, "high", c.high);
      member(json, "colour", hex(c.colour));
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndObject();
}

}  // namespace gridward::http
