#include "http/negotiate.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gridward::http {
namespace {

struct Known {
  Format format;
  std::string_view name, media_type;  // as the parameter and the contract say it
  const char* header;
};

constexpr Known kKnown[] = {{Format::json, "json", "application/json", "application/json"},
                            {Format::geojson, "geojson", "application/geo+json", "application/geo+json"},
                            {Format::csv, "csv", "text/csv", "text/csv; charset=utf-8"},
                            {Format::xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
                            {Format::png, "png", "image/png", "image/png"},
                            {Format::pdf, "pdf", "application/pdf", "application/pdf"},
                            {Format::svg, "svg", "image/svg+xml", "image/svg+xml"},
                            {Format::tiff, "tiff", "image/tiff", "image/tiff; application=geotiff; profile=cloud-optimized"}};

/// The parts of a list, without the spaces around them.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    std::string_view part = text.substr(0, end);
    while (!part.empty() && (part.front() == ' ' || part.front() == '\t')) part.remove_prefix(1);
    while (!part.empty() && (part.back() == ' ' || part.back() == '\t')) part.remove_suffix(1);
    if (!part.empty()) parts.push_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string lower(const std::string* text) {
  std::string out = text == nullptr ? "" : *text;
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c; });
  return out;
}

/// A media range of Accept: its type, then its parameters.
using Range = std::vector<std::string_view>;

/// How specific a media range is for a type: 3 the type itself, 2 its family, 1 anything, 0 it does not fit.
int fits(std::string_view range, std::string_view type) {
  if (range == "*/*" || range == "*") return 1;
  if (range == type) return 3;
  return range.ends_with("/*") && type.starts_with(range.substr(0, range.size() - 1)) ? 2 : 0;
}

double weight_of(const Range& range) {
  for (std::size_t i = 1; i < range.size(); ++i) {
    if (!range[i].starts_with("q=")) continue;
    double q = 0;
    const std::string_view text = range[i].substr(2);
    return std::from_chars(text.data(), text.data() + text.size(), q).ec == std::errc{} ? q : 0;
  }
  return 1;
}

/// How much a client wants a type; 0 where it does not take it.
double wish(const std::vector<Range>& ranges, std::string_view type) {
  int best = 0;
  double weight = 0;
  for (const auto& range : ranges) {
    const int fit = fits(range.front(), type);
    if (fit > best) {
      best = fit;
      weight = weight_of(range);
    }
  }
  return weight;
}

}  // namespace

const char* media_type(Format format) {
  for (const Known& known : kKnown)
    if (known.format == format) return known.header;
  return "application/octet-stream";
}

Result<Format> negotiate(const Route& route, const Request& request, const Input& parameters) {
  const auto offers = split(route.offers, ' ');
  const auto has_choice = [](std::string_view offer) { return std::ranges::find(kKnown, offer, &Known::media_type) != std::end(kKnown); };
  if (std::ranges::none_of(offers, has_choice)) return Format::any;
  const std::string asked = parameters.text("format");
  const std::string accept = lower(request.header("accept"));
  std::vector<Range> ranges;
  for (const std::string_view range : split(accept, ','))
    if (auto parts = split(range, ';'); !parts.empty()) ranges.push_back(std::move(parts));
  Format chosen = Format::any;
  double best = 0;
  for (const std::string_view offer : offers) {
    const auto known = std::ranges::find(kKnown, offer, &Known::media_type);
    if (known == std::end(kKnown)) continue;
    if (known->name == asked) return known->format;
    const double wanted = ranges.empty() ? 1 : wish(ranges, offer);
    if (wanted <= best) continue;
    best = wanted;
    chosen = known->format;
  }
  if (best > 0) return chosen;
  return fail(Errc::not_acceptable, fmt::format("What Accept names cannot be made here. There is {}{}.", fmt::join(offers, ", "), offers.size() > 1 ? " (?format= says it too)" : ""));
}

}  // namespace gridward::http
