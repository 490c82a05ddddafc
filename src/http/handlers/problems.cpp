#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "http/dispatch.h"
#include "problems.gen.h"

namespace gridward::http {
namespace {

/// A heading of api/problems.md and the lines below it.
struct Section {
  std::string_view slug, text;
};

std::vector<Section> sections() {
  constexpr std::string_view mark = "\n## ";
  std::vector<Section> out;
  for (std::size_t at = problems_md.find(mark); at != std::string_view::npos;) {
    const std::size_t begin = at + mark.size(), line = problems_md.find('\n', begin);
    at = problems_md.find(mark, begin);
    const std::size_t end = at == std::string_view::npos ? problems_md.size() - 1 : at;  // without the end of its last line
    out.push_back({problems_md.substr(begin, line - begin), problems_md.substr(line + 1, end - line - 1)});
  }
  return out;
}

/// Text as HTML: lines as paragraphs, `code` as such.
std::string paragraphs(std::string_view text) {
  std::string out = "<p>";
  bool code = false;
  for (const char c : text) {
    if (c == '`') out += std::exchange(code, !code) ? "</code>" : "<code>";
    else if (c == '\n') out += "</p>\n<p>";
    else if (c == '<') out += "&lt;";
    else if (c == '&') out += "&amp;";
    else out += c;
  }
  return out + "</p>\n";
}

std::string page(const Section& section, const std::vector<Section>& all) {
  std::string out = fmt::format("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{0}</title>\n"
                                "<style>body {{ max-width: 40em; margin: 3em auto; padding: 0 1em; font: 1rem/1.6 sans-serif }}</style>\n<h1>{0}</h1>\n{1}<p>Others:",
                                section.slug, paragraphs(section.text));
  for (const Section& other : all) out += fmt::format(" <a href=\"/problems/{0}\">{0}</a>", other.slug);
  return out + "</p>\n</html>\n";
}

}  // namespace

Result<Response> get_problem(const Call& call) {
  const std::vector<Section> all = sections();
  const auto found = std::ranges::find(all, call.parameters.text("slug"), &Section::slug);
  if (found == all.end()) return fail(Errc::not_found, "No problem has this name.");
  Response response;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "public, max-age=3600"}};
  response.body = std::make_shared<const std::string>(page(*found, all));
  return response;
}

}  // namespace gridward::http
