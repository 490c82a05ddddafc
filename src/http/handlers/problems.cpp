#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "http/dispatch.h"
#include "http/lost_page.h"
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

/// Where the Chinese lines of a section begin: those after the first two.
std::size_t chinese_at(std::string_view text) { return text.find('\n', text.find('\n') + 1) + 1; }

/// The title of a section in Chinese, without the status before it and the full stop.
std::string_view title_of(std::string_view chinese) {
  constexpr std::string_view stop = "。";
  const std::size_t begin = chinese.find(' ') + 1;
  return chinese.substr(begin, chinese.find('\n') - begin - stop.size());
}

/// Chinese first, English one click away.
std::string page(const Section& section, const std::vector<Section>& all) {
  const std::size_t at = chinese_at(section.text);
  std::string out = fmt::format("<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0} {1}</title>\n"
                                "{2}<h1>{0} <code>{1}</code></h1>\n{3}<details lang=\"en\">\n<summary>English</summary>\n{4}</details>\n<p>其他：",
                                title_of(section.text.substr(at)), section.slug, kPageStyle, paragraphs(section.text.substr(at)), paragraphs(section.text.substr(0, at - 1)));
  for (const Section& other : all) out += fmt::format(" <a href=\"/problems/{0}\" title=\"{0}\">{1}</a>", other.slug, title_of(other.text.substr(chinese_at(other.text))));
  return out + "</p>\n<p><a href=\"/docs\">接口文档</a> <a href=\"/\">首页</a></p>\n</html>\n";
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
