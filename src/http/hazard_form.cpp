#include "http/hazard_form.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace gridward::http {
namespace {

using Kind = OfficialColumn::Kind;
using service::HazardReport;
using service::OfficialRow;
using service::OfficialTally;
using Tally = const OfficialTally&;

double share(double part, double whole) { return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN(); }

std::optional<std::string> text_of(const OfficialColumn& column, Tally tally) {
  const double value = column.value(tally);
  return std::isnan(value) ? std::nullopt : std::optional(fmt::format("{}", value));
}

std::string mode_zh(const service::HazardReportAsked& asked, const HazardReport& report) {
  if (asked.figures.mode == service::Mode::as_was) return "按发现当日网格";
  return "按" + report.as_of + "网格";
}

/// The last day of a window.
std::string last_day(Day to) { return to_string(to - std::chrono::days{1}); }

std::string row_name(const OfficialRow& row, bool by_area) {
  if (!by_area) return row.industry.key.empty() || row.industry.key == row.industry.zh ? row.industry.zh : row.industry.key + " " + row.industry.zh;
  return row.cell.id == 0 ? "未落网格" : row.cell.name;
}

std::vector<geo::Form::Head> head_of(bool by_area) {
  std::vector<geo::Form::Head> head = {{by_area ? "网格" : "行业和领域", 0, 0, 2, 1}};
  const auto& columns = official_columns();
  for (std::size_t i = 0; i < columns.size();) {
    std::size_t end = i + 1;
    while (end < columns.size() && std::string_view(columns[end].group_zh) == columns[i].group_zh) ++end;
    const int at = static_cast<int>(i) + 1, n = static_cast<int>(end - i);
    if (*columns[i].zh == '\0') {
      head.push_back({columns[i].group_zh, 0, at, 2, 1});
    } else {
      head.push_back({columns[i].group_zh, 0, at, 1, n});
      for (std::size_t c = i; c < end; ++c) head.push_back({columns[c].zh, 1, static_cast<int>(c) + 1, 1, 1});
    }
    i = end;
  }
  return head;
}

geo::Form form_of(const HazardReport& report, const service::HazardReportAsked& asked, bool cumulative) {
  const auto part = cumulative ? &OfficialRow::cumulative : &OfficialRow::period;
  const Day from = cumulative ? report.cumulative.from : report.period.window.from;
  geo::Form form;
  form.name = cumulative ? "累计" : "本期";
  form.title = fmt::format("{}安全生产事故隐患排查治理情况统计表（{}）", report.within.name, period_zh(report, cumulative));
  if (report.synthetic) form.mark = std::string(kSynthetic);
  form.lines = {fmt::format("统计时段：{} 至 {}{}　　归属口径：{}　　数据截至：{}　　数据版本：{}{}", to_string(from), last_day(report.period.window.to), report.period.running ? "（进行中）" : "", mode_zh(asked, report),
                            report.data_until.empty() ? "无记录" : report.data_until, report.version, asked.figures.known_at.empty() ? "" : "　　认知时点：" + asked.figures.known_at)};
  form.columns = {{geo::FieldType::text, 30, false}};
  for (const OfficialColumn& c : official_columns()) form.columns.push_back({c.kind == Kind::count ? geo::FieldType::integer : geo::FieldType::real, 11, c.kind == Kind::rate});
  form.head = head_of(asked.by_area);
  const auto add = [&](const std::string& name, Tally tally) {
    std::vector<std::optional<std::string>> row = {name};
    for (const OfficialColumn& c : official_columns()) row.push_back(text_of(c, tally));
    form.rows.push_back(std::move(row));
  };
  add("合计", report.total.*part);
  for (const OfficialRow& row : report.rows) add(row_name(row, asked.by_area), row.*part);
  form.notes = {"统计口径："};
  for (const OfficialColumn& c : official_columns()) form.notes.push_back(fmt::format("{}{}：{}", c.group_zh, *c.zh == '\0' ? std::string() : "·" + std::string(c.zh), c.definition_zh));
  form.notes.emplace_back("单位负责人（签字）：　　　　　　　　　　填表人：　　　　　　　　　　填报日期：　　　　年　　月　　日");
  return form;
}

}  // namespace

const std::vector<OfficialColumn>& official_columns() {
  static const std::vector<OfficialColumn> columns = {
      {"units", "排查单位数（家）", "", "期内受过检查或巡查（已完成），或有隐患在其处登记的企业，每家计一次", "enterprises with a completed inspection or patrol in the window, or with a hazard found there in it; each once", Kind::count,
       [](Tally t) { return t.units; }},
      {"general_found", "一般隐患", "排查数（项）", "期内发现的一般隐患", "general hazards found in the window", Kind::count, [](Tally t) { return t.general_found; }},
      {"general_rectified", "一般隐患", "已整改（项）", "其中截至期末已整改并销号的", "of those, closed by its end", Kind::count, [](Tally t) { return t.general_closed; }},
      {"general_rate", "一般隐患", "整改率", "已整改÷排查数；没有排查出的不计", "rectified ÷ found; none where nothing was found", Kind::rate, [](Tally t) { return share(t.general_closed, t.general_found); }},
      {"major_found", "重大隐患", "排查数（项）", "期内发现的重大隐患", "major hazards found in the window", Kind::count, [](Tally t) { return t.major_found; }},
      {"major_rectified", "重大隐患", "已整改销号（项）", "其中截至期末已整改并销号的", "of those, rectified and closed (销号) by its end", Kind::count, [](Tally t) { return t.major_closed; }},
      {"major_rate", "重大隐患", "整改率", "已整改销号÷排查数；没有排查出的不计", "rectified ÷ found; none where nothing was found", Kind::rate, [](Tally t) { return share(t.major_closed, t.major_found); }},
      {"in_plan", "列入治理计划的重大隐患", "合计（项）", "期内发现的重大隐患中列入治理计划的", "of the major hazards found in the window, those in a governance plan", Kind::count, [](Tally t) { return t.in_plan; }},
      {"five_in_place", "列入治理计划的重大隐患", "其中五到位（项）", "其中整改措施、资金、期限、责任人和应急预案均已落实的", "of those, with measures, money, deadline, person and emergency plan in place (五到位)", Kind::count,
       [](Tally t) { return t.five_in_place; }},
      {"listed", "挂牌督办的隐患", "合计（项）", "期内挂牌督办的隐患，不论何时发现", "hazards put under listed supervision (挂牌督办) in the window, whenever they were found", Kind::count, [](Tally t) { return t.listed; }},
      {"listed_by_province", "挂牌督办的隐患", "其中省级（项）", "其中由省级挂牌的", "of those, listed by the province", Kind::count, [](Tally t) { return t.listed_by_province; }},
      {"funds_wan_yuan", "落实治理资金（万元）", "", "期内发现的隐患已落实的治理资金", "money secured for the hazards found in the window, in 10,000 yuan", Kind::money, [](Tally t) { return t.funds_yuan / 10000; }},
  };
  return columns;
}

std::string period_zh(const HazardReport& report, bool cumulative) {
  const std::chrono::year_month_day from{report.period.whole.from}, last{report.period.whole.to - std::chrono::days{1}};
  const int year = static_cast<int>(from.year());
  const auto month = static_cast<unsigned>(last.month());
  if (cumulative) return month == 1 ? fmt::format("{}年1月累计", year) : fmt::format("{}年1—{}月累计", year, month);
  if (report.period.kind == PeriodKind::month) return fmt::format("{}年{}月", year, month);
  constexpr const char* quarters[] = {"一", "二", "三", "四"};
  return fmt::format("{}年第{}季度", year, quarters[(month - 1) / 3]);
}

std::vector<geo::Form> hazard_forms(const HazardReport& report, const service::HazardReportAsked& asked) { return {form_of(report, asked, true), form_of(report, asked, false)}; }

geo::Table hazard_table(const HazardReport& report, const service::HazardReportAsked& asked) {
  using enum geo::FieldType;
  geo::Table table;
  table.fields = {{"window"}, {"from", day}, {"to", day}, {"row"}, {"key"}, {"name"}};
  std::string basis;
  for (const OfficialColumn& c : official_columns()) {
    table.fields.push_back({c.key, c.kind == Kind::count ? integer : real});
    basis += fmt::format("{}{}：{}", basis.empty() ? "" : "；", c.key, c.definition_zh);
  }
  table.fields.insert(table.fields.end(), {{"mode"}, {"as_of", day}, {"known_at"}, {"data_until", day}, {"version"}, {"statistical_basis"}});
  if (report.synthetic) table.fields.push_back({"data_note"});
  const auto add = [&](const char* kind, const std::string& key, const std::string& name, Tally tally, bool cumulative) {
    geo::Table::Row row;
    row.values = {cumulative ? "cumulative" : "period", to_string(cumulative ? report.cumulative.from : report.period.window.from), to_string(report.period.window.to), kind, key, name};
    for (const OfficialColumn& c : official_columns()) row.values.push_back(text_of(c, tally));
    const auto given = [](const std::string& text) { return text.empty() ? std::optional<std::string>() : std::optional(text); };
    row.values.insert(row.values.end(), {mode_zh(asked, report), given(report.as_of), given(asked.figures.known_at), given(report.data_until), report.version, basis});
    if (report.synthetic) row.values.emplace_back(kSynthetic);
    table.rows.push_back(std::move(row));
  };
  for (const bool cumulative : {true, false}) {
    const auto part = cumulative ? &OfficialRow::cumulative : &OfficialRow::period;
    add("total", "", "合计", report.total.*part, cumulative);
    for (const OfficialRow& row : report.rows)
      add(!asked.by_area ? "industry" : row.cell.id == 0 ? "elsewhere" : "area", asked.by_area ? row.cell.code : row.industry.key, row_name(row, asked.by_area), row.*part, cumulative);
  }
  return table;
}

}  // namespace gridward::http
