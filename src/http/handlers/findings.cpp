#include "service/findings.h"

#include <algorithm>

#include "http/dispatch.h"
#include "http/encode_findings.h"
#include "http/listing.h"
#include "service/overlay_findings.h"

namespace gridward::http {
namespace {

service::FindingsAsked read_asked(const Call& call) {
  const Input& p = call.parameters;
  service::FindingsAsked asked;
  asked.within = p.text("within");
  asked.at = p.text("at");
  const std::string kinds = p.text("kind");
  for (std::size_t from = 0; from < kinds.size();) {
    const std::size_t to = std::min(kinds.find(',', from), kinds.size());
    asked.kinds.push_back(kinds.substr(from, to - from));
    from = to + 1;
  }
  asked.severity = p.text("severity");
  geo::CoverageTolerance& tolerance = asked.options.tolerance;
  tolerance.min_area_m2 = p.number("min_area_m2").value_or(tolerance.min_area_m2);
  tolerance.min_width_m = p.number("min_width_m").value_or(tolerance.min_width_m);
  tolerance.min_outside_m2 = p.number("min_outside_m2").value_or(tolerance.min_outside_m2);
  asked.options.certificate_days = static_cast<int>(p.integer("certificate_days", asked.options.certificate_days));
  asked.after = p.text("after");
  asked.limit = limit_of(call);
  return asked;
}

/// What the answer has before its items.
std::string head_of(const service::FindingsAsked& asked, const service::Findings& found, const service::NamedOverlay* overlay) {
  Json json;
  json.StartObject();
  if (overlay == nullptr) {
    json.Key("within");
    encode(json, found.within);
  } else {
    json.Key("overlay");
    encode(json, *overlay);
  }
  member(json, "at", found.at);
  json.Key("tolerance");
  json.StartObject();
  member(json, "min_area_m2", std::optional(asked.options.tolerance.min_area_m2));
  member(json, "min_width_m", std::optional(asked.options.tolerance.min_width_m));
  member(json, "min_outside_m2", std::optional(asked.options.tolerance.min_outside_m2));
  if (overlay == nullptr) member(json, "certificate_days", asked.options.certificate_days);
  json.EndObject();
  json.Key("counts");
  json.StartObject();
  for (const auto& [kind, count] : found.counts) member(json, kind.c_str(), count);
  json.EndObject();
  json.EndObject();
  const std::string text = json.text();
  return text.substr(1, text.size() - 2) + ",";
}

Result<Response> respond(const Call& call, const service::FindingsAsked& asked, const service::Findings& found, std::int64_t district, const service::NamedOverlay* overlay) {
  service::Page page{{}, found.next};
  if (call.format == Format::geojson) {
    for (const service::Finding& f : found.items) page.items.push_back(encode_finding_feature(f, district));
    return features_response(call, page);
  }
  for (const service::Finding& f : found.items) page.items.push_back(encode_finding(f, district));
  return list_response(call, page, head_of(asked, found, overlay));
}

}  // namespace

Result<Response> list_findings(const Call& call) {
  const auto asked = read_asked(call);
  const auto found = service::list_findings(call.context.reads, call.context.findings, call.who, asked);
  if (!found) return fail(found.error());
  return respond(call, asked, *found, found->within.district, nullptr);
}

Result<Response> list_overlay_findings(const Call& call) {
  const auto asked = read_asked(call);
  const std::int64_t district = call.parameters.integer("district");
  const auto found = service::list_overlay_findings(call.context.reads, call.context.findings, call.who, district, call.parameters.integer("id"), asked);
  if (!found) return fail(found.error());
  return respond(call, asked, found->found, district, &found->overlay);
}

}  // namespace gridward::http
