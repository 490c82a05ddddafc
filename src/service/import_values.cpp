#include "service/import_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/day.h"

namespace gridward::service {
namespace {

using enum Writing;
using re2::RE2;

using Rules = std::vector<ValueRule>;

/// What every event can say, and what those of a kind say beside it.
Rules event_rules(std::initializer_list<ValueRule> own) {
  Rules rules = {{"key", code, true}, {"day", day, true}, {"enterprise", code}, {"cell_code", code}, {"lon", degrees}, {"lat", degrees}};
  rules.insert(rules.end(), own);
  return rules;
}

const std::map<std::string_view, Rules>& all_rules() {
  static const Rules part = {{"code", code, true}, {"name"}, {"kind"}, {"parent", code, true}, {"from", day}, {"to", day}};
  static const Rules visit = event_rules({{"visit_kind"}, {"result", choice, true, "completed attempted"}, {"outcome"}, {"officer"}, {"department"}, {"joint_id", code}});
  static const std::map<std::string_view, Rules> rules = {
      {"district", {{"code", code, true}, {"name"}, {"kind"}, {"from", day}, {"to", day}}},
      {"town", part},
      {"village", part},
      {"enterprise", {{"code", code, true}, {"name"}, {"kind"}, {"parent", code}, {"from", day}, {"to", day}, {"lon", degrees}, {"lat", degrees}, {"address"}, {"industry"}, {"headcount", whole},
                      {"risk_grade", choice, false, "1 2 3 4"}, {"principal"}, {"phone"}, {"lead_department"}}},
      {"person", {{"key", code, true}, {"name", text, true}, {"phone"}}},
      {"assignment", {{"key", code, true}, {"cell", code, true}, {"post", text, true}, {"person", code, true}, {"from", day, true}, {"to", day}, {"acting", flag}}},
      {"certificate", {{"key", code, true}, {"person", code, true}, {"kind", choice, true, "enforcement safety_officer safety_manager safety_engineer"}, {"number", code, true}, {"from", day, true}, {"to", day}}},
      {"exemption", {{"key", code, true}, {"enterprise", code, true}, {"ground", choice, true, "suspended seasonal closed"}, {"proof", text, true}, {"from", day, true}, {"to", day}}},
      {"contact_point", {{"key", code, true}, {"cell", code}, {"enterprise", code}, {"person", code, true}, {"visit_days", whole}, {"from", day, true}, {"to", day}}},
      {"overlay_area", {{"code", code, true}, {"overlay", code, true}, {"overlay_name"}, {"overlay_kind"}, {"name", text, true}, {"from", day}, {"to", day}}},
      {"overlay_holder", {{"key", code, true}, {"overlay", code, true}, {"area", code, true}, {"person", code, true}, {"post", text, true}, {"acting", flag}, {"from", day, true}, {"to", day}}},
      {"step", {{"key", code, true}, {"hazard", code, true}, {"step", choice, true, "registered graded ordered extended rectified reviewed closed listed unlisted transferred reopened"}, {"day", day, true},
                {"person", text, true}, {"reason", text, true}, {"grade", choice, false, "general major"}, {"standard"}, {"due_on", day}, {"passed", flag}, {"listed_by", choice, false, "district prefecture province"},
                {"transferred_to"}, {"in_plan", flag}, {"five_in_place", flag}, {"funds_yuan", amount}}},
      {"hazard", event_rules({{"source", choice, true, "self_check patrol inspection public_report other"}, {"grade", choice, true, "general major"}, {"category"}, {"description"},
                              {"visit_id", code}, {"found_by"}, {"registered_on", day}, {"graded_on", day}, {"standard"}, {"ordered_on", day}, {"due_on", day}, {"extensions", whole}, {"rectified_on", day},
                              {"reviewed_on", day}, {"closed_on", day}, {"listed_on", day}, {"unlisted_on", day}, {"listed_by", choice, false, "district prefecture province"}, {"transferred_on", day}, {"transferred_to"},
                              {"in_plan", flag}, {"five_in_place", flag}, {"funds_yuan", amount}})},
      {"inspection", visit},
      {"patrol", visit},
      {"road", {{"class", choice, true, "motorway trunk primary secondary tertiary residential service path none"}, {"name"}}},
      {"rail", {{"class", choice, false, "rail subway none"}, {"name"}}},
      {"water", {{"class", choice, false, "water river canal stream none"}, {"name"}}},
      {"land", {{"class", choice, true, "forest park grass farmland residential industrial none"}, {"name"}}},
      {"place", {{"class", choice, true, "city town village locality none"}, {"name", text, true}, {"lon", degrees}, {"lat", degrees}}},
      {"accident", event_rules({{"category"}, {"deaths", whole}, {"serious_injuries", whole}, {"direct_loss_yuan", amount}})}};
  return rules;
}

/// Digits, letters and signs of full width as those of half width, the full-width space as a space.
std::string half_width(const std::string& from) {
  if (from.find_first_of("\xEF\xE3") == std::string::npos) return from;
  std::string out;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto at = [&](std::size_t k) { return i + k < from.size() ? static_cast<unsigned char>(from[i + k]) : 0U; };
    const unsigned point = at(0) == 0xEF ? ((at(0) & 0x0FU) << 12U) | ((at(1) & 0x3FU) << 6U) | (at(2) & 0x3FU) : 0;
    if (point >= 0xFF01 && point <= 0xFF5E) {
      out += static_cast<char>(point - 0xFEE0);
      i += 2;
    } else if (from.compare(i, 3, "\u3000") == 0) {
      out += ' ';
      i += 2;
    } else {
      out += from[i];
    }
  }
  return out;
}

/// What is wrong with a value, with its beginning.
Sentence quoted(const std::string& value, const std::string& en, const std::string& zh) {
  constexpr std::size_t most = 80;
  std::string shown = value.substr(0, most);
  if (value.size() > most) {
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xC0U) == 0x80U) shown.pop_back();
    if (!shown.empty()) shown.pop_back();
    shown += "…";
  }
  return {"“" + shown + "”" + zh, "\"" + shown + "\" " + en};
}

ReadValue read_code(const std::string& value) {
  if (value.find_first_of(".eE") == std::string::npos) return {value, {}};
  static const RE2 rounded(R"([0-9]([.][0-9]+)?[eE][+]?[0-9]+)"), decimal(R"([0-9]{6,}[.]0+)");
  if (RE2::FullMatch(value, rounded))
    return {"", quoted(value, "is a number that a spreadsheet has rounded, its last digits are lost: format the column as text and fill it again", "是被电子表格舍入的数字，末尾数字已丢失：请将该列设为文本格式后重新填写")};
  if (RE2::FullMatch(value, decimal))
    return {"", quoted(value, "is a number with a decimal point, not a code: format the column as text", "是带小数点的数字，不是代码：请将该列设为文本格式")};
  return {value, {}};
}

std::optional<int> number(std::string_view digits) {
  int n = 0;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return ec == std::errc{} && end == digits.data() + digits.size() ? std::optional(n) : std::nullopt;
}

/// The day that a serial number of a spreadsheet stands for, if it can be one of 1955 to 2064.
std::string serial_day(const std::string& value) {
  const auto n = value.size() == 5 ? number(value) : std::nullopt;
  return n && *n >= 20000 && *n < 60000 ? to_string(*parse_day("1899-12-30") + std::chrono::days{*n}) : "";
}

ReadValue read_day(const std::string& value) {
  if (parse_day(value)) return {value, {}};
  static const RE2 parted(R"(([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?(?:[T ]+[^ ].*|[上下].*)?)");
  static const RE2 whole_number(R"(([0-9]{4})([0-9]{2})([0-9]{2})(?:[T ]?[0-9:]+)?)"), day_first(R"([0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}.*)");
  std::string year, month, day;
  if (RE2::FullMatch(value, parted, &year, &month, &day) || RE2::FullMatch(value, whole_number, &year, &month, &day)) {
    const std::string iso = fmt::format("{}-{:0>2}-{:0>2}", year, month, day);
    if (parse_day(iso)) return {iso, {}};
    return {"", quoted(value, "is not a day of the calendar", "不是日历上的日期")};
  }
  if (const std::string serial = serial_day(value); !serial.empty())
    return {"", quoted(value, "looks like the serial number that a spreadsheet has for " + serial + ": format the column as a date", "像是电子表格中" + serial + "的序号：请将该列设为日期格式")};
  if (RE2::FullMatch(value, day_first)) return {"", quoted(value, "can be read in more than one way: write the year first, as in 2024-05-31", "有多种读法：请先写年份，如 2024-05-31")};
  return {"", quoted(value, "is not a day: write it as in 2024-05-31", "不是日期：请写成 2024-05-31 的样式")};
}

ReadValue read_whole(const std::string& value) {
  std::string digits = value;
  if (const auto point = digits.find('.'); point != std::string::npos && digits.find_first_not_of('0', point + 1) == std::string::npos) digits.resize(point);
  if (const auto n = number(digits); n && *n >= 0) return {std::to_string(*n), {}};
  return {"", quoted(value, "is not a whole number of 0 or more", "不是非负整数")};
}

ReadValue read_amount(const std::string& value) {
  double n = 0;
  const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), n);
  if (ec == std::errc{} && end == value.data() + value.size() && std::isfinite(n) && n >= 0 && n < 1e14) return {value, {}};
  return {"", quoted(value, "is not an amount: write a number of 0 or more, without signs or words, such as 120000.50", "不是金额：请只写非负数字，如 120000.50")};
}

ReadValue read_flag(const std::string& value) {
  for (const auto& [said, meant] : {std::pair{"true", "true"}, {"TRUE", "true"}, {"True", "true"}, {"1", "true"}, {"t", "true"}, {"是", "true"}, {"yes", "true"},
                                    {"false", "false"}, {"FALSE", "false"}, {"False", "false"}, {"0", "false"}, {"f", "false"}, {"否", "false"}, {"no", "false"}})
    if (value == said) return {meant, {}};
  return {"", quoted(value, "is neither true nor false", "既不是“是”也不是“否”")};
}

ReadValue read_choice(const ValueRule& rule, const std::string& value) {
  for (std::string_view rest = rule.choices; !rest.empty();) {
    const auto end = rest.find(' ');
    if (rest.substr(0, end) == value) return {value, {}};
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  std::string list(rule.choices);
  for (std::size_t at = 0; (at = list.find(' ', at)) != std::string::npos; at += 2) list.replace(at, 1, ", ");
  return {"", quoted(value, fmt::format("is none of {}: translate it with values.{} in the recipe", list, rule.what), fmt::format("不是{}之一：请在配方中用 values.{} 对照", list, rule.what))};
}

}  // namespace

std::span<const ValueRule> value_rules(std::string_view kind) {
  const auto found = all_rules().find(kind);
  return found == all_rules().end() ? std::span<const ValueRule>() : found->second;
}

bool is_of_basemap(std::string_view kind) {
  constexpr std::string_view kinds[] = {"road", "rail", "water", "land", "place"};
  return std::ranges::find(kinds, kind) != std::end(kinds);
}

const ValueRule* value_rule(std::string_view kind, std::string_view what) {
  const auto rules = value_rules(kind);
  const auto found = std::ranges::find(rules, what, &ValueRule::what);
  return found == rules.end() ? nullptr : &*found;
}

ReadValue read_value(const ValueRule& rule, const std::string& from) {
  if (from.empty()) return {};
  const std::string value = rule.writing == text ? from : half_width(from);
  switch (rule.writing) {
    case text: case degrees: return {value, {}};
    case code: return read_code(value);
    case day: return read_day(value);
    case whole: return read_whole(value);
    case amount: return read_amount(value);
    case flag: return read_flag(value);
    case choice: return read_choice(rule, value);
  }
  return {value, {}};
}

}  // namespace gridward::service
