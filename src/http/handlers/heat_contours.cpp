#include "service/heat_contours.h"

#include <cmath>

#include "http/dispatch.h"
#include "http/encode.h"
#include "http/heat_query.h"

namespace gridward::http {
namespace {

/// A place with seven digits, a centimetre.
void encode_place(Json& json, const geo::PlanePoint& p) {
  json.StartArray();
  for (const double degrees : {p.x, p.y}) json.Double(std::round(degrees * 1e7) / 1e7);
  json.EndArray();
}

void encode_line(Json& json, const std::vector<geo::PlanePoint>& line) {
  json.StartArray();
  for (const geo::PlanePoint& p : line) encode_place(json, p);
  json.EndArray();
}

/// The breaks at which is contoured: 0 is no border of anything.
std::vector<double> contoured(const ColourScale& scale) {
  std::vector<double> out;
  for (const double value : scale.breaks())
    if (value != 0) out.push_back(value);
  return out;
}

class Features {
 public:
  Features(Json& json, const ColourScale& scale, std::vector<double> breaks, const char* unit) : json_(json), scale_(scale), palette_(scale.palette()), breaks_(std::move(breaks)), unit_(unit) {}

  void add(const geo::Isoband& band) {
    const auto above = static_cast<std::size_t>(band.break_index + 1);
    std::optional<double> low, high;
    if (above > 0) low = breaks_[above - 1];
    else if (breaks_[0] > 0) low = 0;
    if (above < breaks_.size()) high = breaks_[above];
    begin("MultiPolygon");
    for (const geo::PlanePolygon& polygon : band.polygons) {
      json_.StartArray();
      for (const auto& ring : polygon) encode_line(json_, ring);
      json_.EndArray();
    }
    properties();
    member(json_, "low", low);
    member(json_, "high", high);
    end(low && high ? (*low + *high) / 2 : low ? *low : *high);
  }
  void add(const geo::Isoline& line) {
    const double value = breaks_[static_cast<std::size_t>(line.break_index)];
    begin("MultiLineString");
    for (const auto& part : line.lines) encode_line(json_, part);
    properties();
    member(json_, "value", std::optional(value));
    end(value);
  }

 private:
  void begin(const char* geometry) {
    json_.StartObject();
    member(json_, "type", "Feature");
    json_.Key("geometry");
    json_.StartObject();
    member(json_, "type", geometry);
    json_.Key("coordinates");
    json_.StartArray();
  }
  void properties() {
    json_.EndArray();
    json_.EndObject();
    json_.Key("properties");
    json_.StartObject();
  }
  void end(double value) {
    const Colour& colour = palette_[scale_.number_of(value)];
    member(json_, "unit", unit_);
    member(json_, "colour", hex(colour));
    member(json_, "opacity", std::optional(colour.opacity / 255.0));
    json_.EndObject();
    json_.EndObject();
  }

  Json& json_;
  const ColourScale& scale_;
  const Palette palette_;
  const std::vector<double> breaks_;
  const char* const unit_;
};

}  // namespace

Result<Response> get_heat_contours(const Call& call) {
  const auto asked = read_heat_asked(call.parameters);
  if (!asked) return fail(asked.error());
  const auto scale = read_scale(call.parameters);
  if (!scale) return fail(scale.error());
  const auto breaks = contoured(*scale);
  auto sources = heat_sources(call);
  const auto contours = service::make_contours(sources, call.who, *asked, breaks, call.parameters.text("geometry") == "line");
  if (!contours) return fail(contours.error());
  Json json;
  json.StartObject();
  member(json, "type", "FeatureCollection");
  encode_asked(json, call.parameters, *asked);
  json.Key("cell");
  encode(json, contours->cell);
  member(json, "map_day", contours->map_day);
  if (contours->period) encode(json, "window", *contours->period);
  encode(json, *asked, contours->bandwidth.get());
  member(json, "count", static_cast<std::int64_t>(contours->count));
  member(json, "off_map", static_cast<std::int64_t>(contours->off_map));
  json.Key("features");
  json.StartArray();
  Features features(json, *scale, breaks, unit_of(call.parameters));
  for (const geo::Isoband& band : contours->bands) features.add(band);
  for (const geo::Isoline& line : contours->lines) features.add(line);
  json.EndArray();
  json.EndObject();
  return json_response(200, json, "application/geo+json");
}

}  // namespace gridward::http
