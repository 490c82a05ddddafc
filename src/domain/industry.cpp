#include "domain/industry.h"

#include <algorithm>
#include <cctype>
#include <iterator>

#include <fmt/format.h>

#include "industries.gen.h"

namespace gridward {
namespace {

const IndustryName* find(std::string_view code) {
  const auto* const found = std::ranges::lower_bound(industry_names, code, {}, &IndustryName::code);
  return found != std::end(industry_names) && found->code == code ? found : nullptr;
}

bool is_letter(std::string_view key) { return key.size() == 1 && key[0] >= 'A' && key[0] <= 'T'; }

/// Whether it is a code of GB/T 4754: a letter, then up to four digits.
bool is_coded(std::string_view industry) {
  return is_letter(industry.substr(0, 1)) && industry.size() <= 5 && std::ranges::all_of(industry.substr(1), [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

int rank(const IndustrySection& s) { return is_letter(s.key) ? 0 : s.key.empty() ? 2 : 1; }

}  // namespace

IndustrySection industry_section(std::string_view industry) {
  if (industry.empty()) return {"", "行业不明", "unknown"};
  if (!is_coded(industry)) return {std::string(industry), std::string(industry), std::string(industry)};
  const IndustryName& name = *find(industry.substr(0, 1));
  return {std::string(name.code), std::string(name.zh), std::string(name.en)};
}

std::string industry_text(std::string_view industry, bool chinese) {
  std::string_view code = is_coded(industry) ? industry : "";
  for (; code.size() >= 3 || (!code.empty() && code == industry); code.remove_suffix(1))
    if (const IndustryName* name = find(code)) return fmt::format("{} {}", chinese ? name->zh : name->en, industry);
  return std::string(industry);
}

bool before(const IndustrySection& a, const IndustrySection& b) { return rank(a) != rank(b) ? rank(a) < rank(b) : a.key < b.key; }

}  // namespace gridward
