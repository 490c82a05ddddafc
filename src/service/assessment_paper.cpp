#include "service/assessment_paper.h"

#include <algorithm>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "domain/map_classes.h"
#include "map/form.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using Value = rapidjson::Value;
using map::Form;

constexpr double kLabel = 0.16;
constexpr double kDotsPerInch = 110;      // of a preview
constexpr std::size_t kMostLines = 2000;  // some fifty pages

std::string text_of(const Value& v, const char* name) { return v[name].IsString() ? v[name].GetString() : ""; }

std::string day_zh(const std::string& day) {
  if (day.size() != 10) return "　　　　年　　月　　日";
  return fmt::format("{}年{}月{}日", day.substr(0, 4), std::stoi(day.substr(5, 2)), std::stoi(day.substr(8, 2)));
}

std::string status_zh(const std::string& status) {
  constexpr std::pair<const char*, const char*> words[] = {{"draft", "待签发"}, {"signed", "已签发"}, {"superseded", "已被取代"}, {"withdrawn", "已撤销"}, {"discarded", "已作废"}};
  for (const auto& [word, zh] : words)
    if (status == word) return zh;
  return status;
}

std::string level_zh(const std::string& level) { return level == "district" ? "区县" : level == "town" ? "街镇（园区）" : "村居"; }

std::string area_zh(const PeriodFigure& f) {
  if (f.part == "unplaced") return level_zh(f.level) + "：未落入任何网格";
  return f.cell.name + (f.part == "direct" ? "（未落入下级网格的部分）" : "");
}

/// Whether a side has nothing to tell: of what lies in no cell there is often nothing.
bool is_empty(const PeriodFigure* of) { return of == nullptr || (of->part != "cell" && !of->figure.value && of->figure.numerator == 0); }

/// A value with what it is made of.
std::string figure_zh(const PeriodFigure* of) {
  if (of == nullptr) return "无此网格";
  const Figure& f = of->figure;
  if (!f.value) return "—";
  const std::string value = f.unit == "1" ? fmt::format("{:.2f}%", *f.value * 100) : fmt::format("{:.4g}{}", *f.value, unit_zh(f.unit));
  return f.denominator ? fmt::format("{}（{:.6g}/{:.6g}）", value, f.numerator, *f.denominator) : value;
}

void add_facts(Form& form, const Value& a) {
  const double rest = 0.5 - kLabel;
  const auto pair_row = [&](const char* x, const std::string& y, const char* z, const std::string& w) { form.rows.push_back({{{kLabel, x, true}, {rest, y}, {kLabel, z, true}, {rest, w}}}); };
  form.rows.push_back({{{kLabel, "标题", true}, {1 - kLabel, text_of(a, "title")}}});
  pair_row("考核对象", text_of(a, "cell_label"), "状态", status_zh(text_of(a, "status")));
  pair_row("考核期", day_zh(text_of(a, "from")) + "至" + day_zh(text_of(a, "last_day")), "归属口径", text_of(a, "mode") == "as_of" ? "按" + day_zh(text_of(a, "as_of")) + "归属" : "按当时归属");
  pair_row("拟稿人", text_of(a, "author_name"), "拟稿日期", day_zh(text_of(a, "drafted_on")));
  pair_row("签发人", text_of(a, "signer_name"), "签发日期", day_zh(text_of(a, "signed_on")));
  map::add_text(form, "事由", kLabel, text_of(a, "reason"), 12);
}

Form make_form(const Value& a, const RestatedFigures& figures) {
  Form form;
  form.title = "安全生产考核结果表";
  const std::string number = text_of(a, "document_no");
  form.left = "文号：" + (number.empty() ? std::string("＿＿＿＿＿＿＿＿") : number);
  form.right = "打印日期：" + day_zh(text_of(a, "today"));
  form.mark = a["synthetic"].GetBool() ? "演示数据·合成" : "";
  form.foot = fmt::format("考核 {}　{}", text_of(a, "id"), status_zh(text_of(a, "status")));
  add_facts(form, a);
  form.rows.push_back({{{0.24, "网格", true}, {0.24, "指标", true}, {0.26, "签发值", true}, {0.26, "重述值（打印时）", true}}, 8, true});
  std::size_t differing = 0;
  for (const FigurePair& pair : pair_figures(figures.then, figures.now)) {
    if (is_empty(pair.one) && is_empty(pair.two)) continue;
    const PeriodFigure& f = pair.any();
    const bool differs = figures.is_signed && pair.differs();
    differing += differs ? 1 : 0;
    form.rows.push_back({{{0.24, area_zh(f)}, {0.24, measure_zh(f.measure)}, {0.26, figures.is_signed ? figure_zh(pair.one) : "（待签发）"}, {0.26, figures.is_signed && !differs ? "同左" : figure_zh(pair.two)}}, 7});
  }
  form.note = figures.is_signed ? fmt::format("签发值按 {} 所知的数据计算，签发后不变。此后数据有更正的，另列重述值：与签发时不同的指标 {} 项。括号内为分子／分母。", text_of(a, "known_text"), differing)
                                : "尚未签发：所列为打印时的数，签发时以当时的数为准。括号内为分子／分母。";
  return form;
}

}  // namespace

Result<std::string> draw_assessment_paper(FigureSources& sources, const Principal& who, const std::string& id, const std::string& level, geo::Canvas::Kind kind, const std::string& made_by) {
  const auto figures = restate_assessment(sources, who, id, level);
  if (!figures) return fail(figures.error());
  if (std::max(figures->then.size(), figures->now.size()) > kMostLines)
    return fail(Errc::rule_violated, fmt::format("It has more than {} figures: name a level that has less, or take it as XLSX.", kMostLines));
  const auto doc = sources.reads.read<std::string>([&](storage::Tx& tx) -> Result<std::string> { return tx.run(sql::assessments_paper, {id}).text(0, "doc"); });
  if (!doc) return fail(doc.error());
  rapidjson::Document assessment;
  assessment.Parse(doc->data(), doc->size());
  const Form form = make_form(assessment, *figures);
  geo::Canvas canvas(kind, 210, 297, kDotsPerInch, {form.title, made_by, form.foot + " " + form.mark, text_of(assessment, "today")});
  map::draw_form(form, canvas, kind == geo::Canvas::Kind::png);
  if (const auto missing = canvas.missing_characters(); missing > 0)
    return fail(Errc::rule_violated, fmt::format("No font of the server has {} characters of this paper, Chinese ones for example: install fonts-noto-cjk (or fonts-wqy-microhei, which is smaller) there.", missing));
  return canvas.finish();
}

}  // namespace gridward::service
