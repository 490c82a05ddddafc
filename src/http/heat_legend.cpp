#include "http/heat_legend.h"

#include <fmt/format.h>

namespace gridward::http {
namespace {

constexpr int kStep = 48, kBar = 16, kLeft = 24;  // pixels

}  // namespace

void encode_scale(Json& json, const ColourScale& scale) {
  member(json, "ramp", scale.ramp());
  json.Key("stops");
  json.StartArray();
  const Palette palette = scale.palette();
  for (const double value : scale.breaks()) {
    const Colour& colour = palette[scale.number_of(value)];
    json.StartObject();
    member(json, "value", std::optional(value));
    member(json, "colour", hex(colour));
    member(json, "opacity", std::optional(colour.opacity / 255.0));
    json.EndObject();
  }
  json.EndArray();
}

std::string draw_legend(const ColourScale& scale, const std::string& title, const std::string& unit, const std::string& masked) {
  const Palette palette = scale.palette();
  const auto& breaks = scale.breaks();
  const int length = kStep * static_cast<int>(breaks.size() - 1);
  std::string stops, labels;
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    const Colour& colour = palette[scale.number_of(breaks[i])];
    const int x = kStep * static_cast<int>(i);
    stops += fmt::format("<stop offset=\"{:.4f}\" stop-color=\"{}\" stop-opacity=\"{:.3f}\"/>", static_cast<double>(x) / length, hex(colour), colour.opacity / 255.0);
    const char* const beyond = i + 1 == breaks.size() ? "≥ " : i == 0 && breaks[0] < 0 ? "≤ " : "";
    labels += fmt::format("<line x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\" stroke=\"#333\"/><text x=\"{0}\" y=\"{3}\" text-anchor=\"middle\">{4}{5:g}</text>", kLeft + x, 28 + kBar, 32 + kBar, 46 + kBar,
                          beyond, breaks[i]);
  }
  if (!masked.empty()) {
    const Colour& colour = palette[kMasked];
    labels += fmt::format("<rect x=\"{}\" y=\"8\" width=\"12\" height=\"12\" fill=\"{}\" fill-opacity=\"{:.3f}\" stroke=\"#333\"/><text x=\"{}\" y=\"18\">{}</text>", kLeft + length - 90, hex(colour),
                          colour.opacity / 255.0, kLeft + length - 72, masked);
  }
  return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">"
                     "<defs><linearGradient id=\"ramp\">{2}</linearGradient></defs><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
                     "<text x=\"{3}\" y=\"18\">{4} ({5})</text><rect x=\"{3}\" y=\"28\" width=\"{6}\" height=\"{7}\" fill=\"url(#ramp)\" stroke=\"#333\"/>{8}</svg>\n",
                     length + 2 * kLeft, 54 + kBar, stops, kLeft, title, unit, length, kBar, labels);
}

}  // namespace gridward::http
