#pragma once

#include <string>
#include <string_view>

namespace gridward {

/// What an industry is counted under.
struct IndustrySection {
  std::string key;     // the letter of a 门类 of GB/T 4754 (A to T); else the source's own words; empty: unknown
  std::string zh, en;  // its name
};

/// The section of what a register says of an enterprise's industry: a code of GB/T 4754 (a letter, then up to four digits), anything else as it is, or nothing.
[[nodiscard]] IndustrySection industry_section(std::string_view industry);

/// What is shown of an industry: the name of the longest beginning of its code that api/industries.json knows, at least its 大类, and the code; all else as it is.
[[nodiscard]] std::string industry_text(std::string_view industry, bool chinese);

/// Where a section stands in a table: letters in their order, then a source's own words in byte order, unknown ones last.
[[nodiscard]] bool before(const IndustrySection& a, const IndustrySection& b);

}  // namespace gridward
