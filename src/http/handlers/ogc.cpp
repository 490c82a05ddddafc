// OGC API: Features, Part 1 (OGC 17-069r4): the cells of each level as collections of features, for clients that know nothing of Gridward.
#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "http/dispatch.h"
#include "http/encode.h"
#include "service/auth.h"
#include "service/cells.h"
#include "service/known.h"

namespace gridward::http {
namespace {

struct Collection {
  const char *id, *title, *description;
  int level;  // of its cells
};
constexpr Collection kCollections[] = {{"districts", "区", "Districts: the whole of a map.", 1},
                                       {"towns", "街镇（园区）", "Streets, towns and industrial parks.", 2},
                                       {"villages", "村居", "Villages and residential communities: the least areas of responsibility.", 3},
                                       {"enterprises", "企业", "Enterprises, each at its point.", 4}};
constexpr int kMostFeatures = 10'000;
constexpr const char* kJsonType = "application/json";
constexpr const char* kFeatureType = "application/geo+json";
constexpr const char* kCrs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

Result<const Collection*> find_collection(const Call& call) {
  const std::string id = call.parameters.text("collection");
  for (const Collection& c : kCollections)
    if (id == c.id) return &c;
  return fail(Errc::not_found, "There is no such collection. There are districts, towns, villages and enterprises.");
}

struct Link {
  const char *rel, *type, *title;
  std::string target;  // below the server's address
};

void encode_links(Json& json, const std::string& base, const std::vector<Link>& links) {
  list(json, "links", links, [&](const Link& link) {
    json.StartObject();
    member(json, "href", base + link.target);
    member(json, "rel", link.rel);
    member(json, "type", link.type);
    member(json, "title", link.title);
    json.EndObject();
  });
}

std::string path_of(const Collection& c) { return fmt::format("/ogc/collections/{}", c.id); }

/// Where and since when there is anything in the districts that the caller may look into.
void encode_extent(const Call& call, Json& json, const service::Known::State& state) {
  map::DegreeBox around;
  std::string since;
  for (std::size_t i = 0; i < state.districts.size(); ++i) {
    if (!service::in_district(call.who, state.districts[i].id)) continue;
    around.extend(state.outlines[i]->extent);
    if (since.empty() || state.districts[i].holds_from < since) since = state.districts[i].holds_from;
  }
  json.Key("extent");
  json.StartObject();
  if (!around.nowhere()) {
    json.Key("spatial");
    json.StartObject();
    json.Key("bbox");
    json.StartArray();
    json.StartArray();
    for (const double edge : {around.west, around.south, around.east, around.north}) json.Double(edge);
    json.EndArray();
    json.EndArray();
    member(json, "crs", kCrs84);
    json.EndObject();
  }
  json.Key("temporal");
  json.StartObject();
  json.Key("interval");
  json.StartArray();
  json.StartArray();
  since.empty() ? json.Null() : json.String((since + "T00:00:00Z").c_str());
  json.Null();
  json.EndArray();
  json.EndArray();
  member(json, "trs", "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian");
  json.EndObject();
  json.EndObject();
}

void encode(const Call& call, Json& json, const Collection& c, const std::string& base, const service::Known::State& state) {
  json.StartObject();
  member(json, "id", c.id);
  member(json, "title", c.title);
  member(json, "description", c.description);
  member(json, "itemType", "feature");
  json.Key("crs");
  json.StartArray();
  json.String(kCrs84);
  json.EndArray();
  encode_extent(call, json, state);
  encode_links(json, base, {{"self", kJsonType, "This collection", path_of(c)}, {"items", kFeatureType, "Its features", path_of(c) + "/items"}});
  json.EndObject();
}

/// The day of the map that `datetime` asks for; "" for today.
std::string day_of(const std::string& datetime) {
  const auto slash = datetime.find('/');
  const std::string last = slash == std::string::npos ? datetime : datetime.substr(slash + 1);
  return last.empty() || last == ".." ? "" : last.substr(0, 10);
}

/// The box without heights.
std::string flat(const std::string& bbox) {
  std::vector<std::string> parts{""};
  for (const char c : bbox) {
    if (c == ',') parts.emplace_back();
    else parts.back() += c;
  }
  return parts.size() == 6 ? fmt::format("{},{},{},{}", parts[0], parts[1], parts[3], parts[4]) : bbox;
}

/// A parameter as it stands in an address: of what the contract lets through, + alone means something else there.
std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) c == '+' ? out.append("%2B") : out.append(1, c);
  return out;
}

/// The address of the page after a cell (0: the first), with what else was asked but the token.
std::string page_after(const Call& call, const Collection& c, std::int64_t id) {
  std::string target = path_of(c) + "/items";
  const auto add = [&](const char* name, const std::string& value) { target += fmt::format("{}{}={}", target.ends_with("items") ? '?' : '&', name, value); };
  for (const char* name : {"bbox", "datetime", "limit"})
    if (call.parameters.has(name)) add(name, escaped(call.parameters.plain(name)));
  if (id != 0) add("after", std::to_string(id));
  return target;
}

std::string instant() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()))); }

}  // namespace

Result<Response> ogc_landing(const Call& call) {
  const auto base = call.context.address.required_base(call.request);
  if (!base) return fail(base.error());
  Json json;
  json.StartObject();
  member(json, "title", "Gridward");
  member(json, "description", "The map of who is responsible for which district, town, village and enterprise, on any day.");
  encode_links(json, *base, {{"self", kJsonType, "This document", "/ogc"},
                             {"service-desc", "application/vnd.oai.openapi+json;version=3.0", "The contract", "/openapi.json"},
                             {"service-doc", "text/html", "The contract, to read", "/docs"},
                             {"conformance", kJsonType, "What is conformed to", "/ogc/conformance"},
                             {"data", kJsonType, "The collections", "/ogc/collections"}});
  json.EndObject();
  return json_response(200, json);
}

Result<Response> ogc_conformance(const Call&) {
  Json json;
  json.StartObject();
  list(json, "conformsTo", std::initializer_list<const char*>{"core", "geojson"}, [&](const char* name) { json.String(fmt::format("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{}", name).c_str()); });
  json.EndObject();
  return json_response(200, json);
}

Result<Response> ogc_collections(const Call& call) {
  const auto base = call.context.address.required_base(call.request);
  if (!base) return fail(base.error());
  const auto state = call.context.known.versions();
  if (!state) return fail(state.error());
  Json json;
  json.StartObject();
  encode_links(json, *base, {{"self", kJsonType, "This document", "/ogc/collections"}});
  list(json, "collections", kCollections, [&](const Collection& c) { encode(call, json, c, *base, **state); });
  json.EndObject();
  return json_response(200, json);
}

Result<Response> ogc_collection(const Call& call) {
  const auto collection = find_collection(call);
  if (!collection) return fail(collection.error());
  const auto base = call.context.address.required_base(call.request);
  if (!base) return fail(base.error());
  const auto state = call.context.known.versions();
  if (!state) return fail(state.error());
  Json json;
  encode(call, json, **collection, *base, **state);
  return json_response(200, json);
}

Result<Response> ogc_items(const Call& call) {
  const auto collection = find_collection(call);
  if (!collection) return fail(collection.error());
  const auto base = call.context.address.required_base(call.request);
  if (!base) return fail(base.error());
  const int limit = static_cast<int>(std::min<std::int64_t>(call.parameters.integer("limit", 100), kMostFeatures));
  const auto cells = service::list_cells(call.context.reads, call.who, {.at = day_of(call.parameters.text("datetime")), .bbox = flat(call.parameters.text("bbox")), .level = (*collection)->level,
                                                                       .after = call.parameters.integer("after"), .limit = limit, .geometry = true});
  if (!cells) return fail(cells.error());
  std::vector<Link> links = {{"self", kFeatureType, "This page", page_after(call, **collection, call.parameters.integer("after"))}, {"collection", kJsonType, "The collection", path_of(**collection)}};
  if (static_cast<int>(cells->size()) == limit) links.push_back({"next", kFeatureType, "The next page", page_after(call, **collection, cells->back().id)});
  Json json;
  json.StartObject();
  member(json, "type", "FeatureCollection");
  member(json, "timeStamp", instant());
  member(json, "numberReturned", static_cast<std::int64_t>(cells->size()));
  encode_links(json, *base, links);
  list(json, "features", *cells, [&](const Cell& cell) { encode_feature(json, cell); });
  json.EndObject();
  return json_response(200, json, kFeatureType);
}

Result<Response> ogc_item(const Call& call) {
  const auto collection = find_collection(call);
  if (!collection) return fail(collection.error());
  const auto base = call.context.address.required_base(call.request);
  if (!base) return fail(base.error());
  const auto cell = service::get_cell(call.context.reads, call.who, std::to_string(call.parameters.integer("feature")), "", true);
  if (!cell) return fail(cell.error());
  if (cell->level != (*collection)->level) return fail(Errc::not_found, fmt::format("There is no such feature in {}.", (*collection)->id));
  Json json;
  encode_feature(json, *cell, [&] {
    encode_links(json, *base, {{"self", kFeatureType, "This feature", fmt::format("{}/items/{}", path_of(**collection), cell->id)}, {"collection", kJsonType, "Its collection", path_of(**collection)}});
  });
  return json_response(200, json, kFeatureType);
}

}  // namespace gridward::http
