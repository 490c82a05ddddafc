#include "http/router.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace gridward::http {
namespace {

struct Pattern {
  const Route* route;
  std::vector<std::string_view> parts;
  std::ptrdiff_t names = 0;  // how many parts take any segment
};

bool is_name(std::string_view part) { return part.starts_with('{'); }

/// The patterns of all routes, by their number of parts.
const std::vector<std::vector<Pattern>>& patterns() {
  static const auto all = [] {
    std::vector<std::vector<Pattern>> out;
    for (const Route& route : routes) {
      Pattern pattern{&route, {}};
      for (std::string_view rest = route.pattern; !rest.empty();) {
        rest.remove_prefix(1);
        pattern.parts.push_back(rest.substr(0, rest.find('/')));
        rest.remove_prefix(pattern.parts.back().size());
      }
      pattern.names = std::ranges::count_if(pattern.parts, is_name);
      if (out.size() <= pattern.parts.size()) out.resize(pattern.parts.size() + 1);
      out[pattern.parts.size()].push_back(std::move(pattern));
    }
    return out;
  }();
  return all;
}

/// What follows {name} in its part, such as ".mvt".
std::string_view suffix_of(std::string_view part) { return part.substr(part.find('}') + 1); }

/// {name} takes any segment but an empty one; {name}.mvt one that ends so.
bool takes(std::string_view part, std::string_view segment) {
  if (!is_name(part)) return part == segment;
  const std::string_view suffix = suffix_of(part);
  return segment.size() > suffix.size() && segment.ends_with(suffix);
}

bool matches(const Pattern& pattern, const std::vector<std::string>& segments) {
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (!takes(pattern.parts[i], segments[i])) return false;
  return true;
}

/// The patterns of an address, one for each of its methods: where one has a word for what another has a name for, the address is that one's.
std::vector<const Pattern*> matching(const std::vector<std::string>& segments) {
  std::vector<const Pattern*> out;
  if (segments.size() >= patterns().size()) return out;
  for (const Pattern& pattern : patterns()[segments.size()]) {
    if (!matches(pattern, segments)) continue;
    if (!out.empty() && pattern.names < out.front()->names) out.clear();
    if (out.empty() || pattern.names == out.front()->names) out.push_back(&pattern);
  }
  return out;
}

Routed routed(const Pattern& pattern, const std::vector<std::string>& segments) {
  Routed out{pattern.route, {}};
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (const auto part = pattern.parts[i]; is_name(part))
      out.path.emplace_back(part.substr(1, part.find('}') - 1), segments[i].substr(0, segments[i].size() - suffix_of(part).size()));
  return out;
}

}  // namespace

Result<Routed> find_route(const Request& request) {
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  for (const Pattern* pattern : matching(request.segments))
    if (pattern->route->method == method) return routed(*pattern, request.segments);
  if (const std::string methods = allowed_methods(request); !methods.empty())
    return fail(Errc::method_not_allowed, request.method + " is not a method of this address: it has " + methods + ".");
  return fail(Errc::not_found, "There is nothing at this address. See /openapi.json.");
}

std::string allowed_methods(const Request& request) {
  std::string methods;
  for (const Pattern* pattern : matching(request.segments)) methods.append(pattern->route->method).append(pattern->route->method == "GET" ? ", HEAD, " : ", ");
  return methods.empty() ? methods : methods + "OPTIONS";
}

}  // namespace gridward::http
