#include "app/basemaps.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "http/public_address.h"

namespace gridward::app {
namespace {

constexpr int kDeepestZoom = 24;
constexpr const char* kForm = "\"name=电子地图; crs=EPSG:3857; url=https://tiles.example.cn/vec/{z}/{x}/{y}.png\"";
constexpr const char* kInDegrees =
    "is a grid in degrees, which a map in a browser cannot be drawn on. Take the same layer in EPSG:3857 (Web Mercator): at 天地图 vec_w with TILEMATRIXSET=w in place of vec_c with c; "
    "in GeoServer the gridset EPSG:900913 (WebMercatorQuad), in MapProxy the grid GLOBAL_WEBMERCATOR; or have the tiles cut anew (gdalwarp -t_srs EPSG:3857, gdal2tiles.py)";

Error refused(const std::string& why) { return {Errc::invalid_argument, why}; }

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

using Members = std::map<std::string, std::string, std::less<>>;

/// "name=value; name=value": a semicolon ends a value where a space or nothing follows.
Result<Members> members_of(std::string_view text) {
  constexpr std::string_view known[] = {"name", "crs", "url", "zooms", "pixels", "credit"};
  Members out;
  while (!trimmed(text).empty()) {
    const auto end = std::min(text.find("; "), text.ends_with(';') ? text.size() - 1 : text.size());
    const std::string_view pair = trimmed(text.substr(0, end));
    const auto equals = pair.find('=');
    const std::string name(trimmed(pair.substr(0, equals)));
    if (equals == std::string_view::npos || std::ranges::find(known, name) == std::end(known)) return fail(refused(fmt::format("must be as {}, with zooms, pixels and credit if need be; \"{}\" is none of these", kForm, pair)));
    if (!out.emplace(name, trimmed(pair.substr(equals + 1))).second) return fail(refused(fmt::format("names {} twice", name)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  for (const char* needed : {"name", "crs", "url"})
    if (!out.contains(needed) || out[needed].empty()) return fail(refused(fmt::format("has no {}: it must be as {}", needed, kForm)));
  return out;
}

/// Whether a word names a grid in degrees, as codes, WMTS and 天地图 call them.
bool is_in_degrees(std::string_view word) {
  const std::string w = lower(word);
  const bool tianditu = w == "c" || (w.size() == 5 && w.ends_with("_c"));
  return tianditu || w.find("4490") != std::string::npos || w.find("4326") != std::string::npos || w.find("cgcs2000") != std::string::npos || w.find("crs84") != std::string::npos;
}

/// The part of an address that says so of its grid: TILEMATRIXSET=c, /vec_c/, T=vec_c, /EPSG:4490/; empty where none does.
std::string_view part_in_degrees(std::string_view url) {
  while (!url.empty()) {
    const auto end = std::min(url.find_first_of("/?&"), url.size());
    const std::string_view part = url.substr(0, end), value = part.substr(part.find('=') + 1);
    const bool set = lower(part).starts_with("tilematrixset=");
    if (is_in_degrees(value) && (set || value.size() > 1)) return part;
    url.remove_prefix(std::min(end + 1, url.size()));
  }
  return "";
}

Result<bool> read_crs(const std::string& crs) {
  const std::string c = lower(crs);
  if (c == "epsg:3857") return false;
  if (c == "gcj-02" || c == "gcj02") return true;
  if (is_in_degrees(c)) return fail(refused(fmt::format("has crs={}, which {}", crs, kInDegrees)));
  if (c == "bd-09" || c == "bd09") return fail(refused("has crs=BD-09, whose tiles are cut by a grid of their own: take a basemap in EPSG:3857 or GCJ-02"));
  return fail(refused(fmt::format("has crs={}: it must be EPSG:3857, or GCJ-02 for tiles of that grid whose content is moved as on Chinese internet maps", crs)));
}

/// Puts {z}, {x} and {y} for what else is said for them, and takes note of rows from the south.
Result<void> read_places(std::string& url, bool& from_south) {
  const std::map<std::string, std::string_view, std::less<>> words = {{"z", "{z}"}, {"x", "{x}"}, {"y", "{y}"}, {"-y", "{y}"}, {"tilematrix", "{z}"}, {"tilecol", "{x}"}, {"tilerow", "{y}"}};
  for (std::size_t at = url.find('{'); at != std::string::npos; at = url.find('{', at + 1)) {
    const auto end = url.find('}', at);
    const std::string word = lower(std::string_view(url).substr(at + 1, end == std::string::npos ? end : end - at - 1));
    const auto found = words.find(word);
    if (end == std::string::npos || found == words.end()) return fail(refused(fmt::format("has {{{}}} in its url: known are {{z}}, {{x}}, {{y}}, {{-y}} for rows from the south, and WMTS's {{TileMatrix}}, {{TileCol}}, {{TileRow}}; write out the rest, such as the style", word)));
    from_south = from_south || word == "-y";
    url.replace(at, end - at + 1, found->second);
  }
  for (const char* needed : {"{z}", "{x}", "{y}"})
    if (url.find(needed) == std::string::npos) return fail(refused(fmt::format("has no {} in its url, such as https://tiles.example.cn/vec/{{z}}/{{x}}/{{y}}.png, or …&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}} of a WMTS", needed)));
  return {};
}

/// Scheme and host of an address; empty for a path of our own.
std::string_view origin_of(std::string_view url) {
  const auto begin = url.starts_with("https://") ? 8U : url.starts_with("http://") ? 7U : 0U;
  return begin == 0 ? "" : url.substr(0, url.find('/', begin));
}

Result<void> read_url(Basemap& out, std::string url) {
  const std::string_view origin = origin_of(url), host = origin.substr(origin.find("://") == std::string_view::npos ? 0 : origin.find("://") + 3);
  const bool own = url.starts_with('/') && !url.starts_with("//");
  const bool clean = std::ranges::all_of(url, [](unsigned char c) { return c > ' ' && c != 0x7f && c != '"' && c != '<' && c != '>' && c != '\\'; });
  if (!clean || (!own && (!http::is_host(host) || host.find('{') != std::string_view::npos)))
    return fail(refused("must have a url such as https://tiles.example.cn/vec/{z}/{x}/{y}.png, or a path such as /basemap/{z}/{x}/{y}.png where the proxy in front of this server has the tiles"));
  if (const auto part = part_in_degrees(std::string_view(url).substr(origin.size())); !part.empty()) return fail(refused(fmt::format("has {} in its url, which {}", part, kInDegrees)));
  if (auto done = read_places(url, out.from_south); !done) return done;
  out.url = std::move(url);
  return {};
}

std::optional<int> number(std::string_view text) {
  int n = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), n);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

Result<void> read_size(Basemap& out, const Members& members) {
  if (const auto zooms = members.find("zooms"); zooms != members.end()) {
    const std::string_view text = zooms->second;
    const auto dash = std::min(text.find('-'), text.size());
    const auto from = number(text.substr(0, dash)), to = number(text.substr(std::min(dash + 1, text.size())));
    if (!from || !to || *from < 0 || *from > *to || *to > kDeepestZoom) return fail(refused(fmt::format("has zooms={}: it must be such as 3-18, the lowest and the highest that has tiles", text)));
    out.min_zoom = *from;
    out.max_zoom = *to;
  }
  if (const auto pixels = members.find("pixels"); pixels != members.end()) {
    if (pixels->second != "256" && pixels->second != "512") return fail(refused(fmt::format("has pixels={}: a tile is 256 or 512 wide", pixels->second)));
    out.tile_pixels = *number(pixels->second);
  }
  return {};
}

}  // namespace

Result<Basemap> parse_basemap(std::string_view text) {
  auto members = members_of(text);
  if (!members) return fail(members.error());
  Basemap out;
  out.name = (*members)["name"];
  const auto gcj02 = read_crs((*members)["crs"]);
  if (!gcj02) return fail(gcj02.error());
  out.gcj02 = *gcj02;
  if (auto done = read_url(out, (*members)["url"]); !done) return fail(done.error());
  if (auto done = read_size(out, *members); !done) return fail(done.error());
  if (const auto credit = members->find("credit"); credit != members->end()) out.credit = credit->second;
  return out;
}

std::vector<std::string> origins_of(const std::vector<Basemap>& basemaps) {
  std::vector<std::string> out;
  for (const Basemap& b : basemaps)
    if (std::string origin(origin_of(b.url)); !origin.empty() && std::ranges::find(out, origin) == out.end()) out.push_back(std::move(origin));
  return out;
}

}  // namespace gridward::app
