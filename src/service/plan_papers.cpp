#include "service/plan_papers.h"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "map/form.h"
#include "service/plan_access.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using Value = rapidjson::Value;
using map::Form;
using map::FormRow;

constexpr double kLabel = 0.16;
constexpr double kDotsPerInch = 110;  // of a preview

/// A member as text; "" where it is null.
std::string text_of(const Value& v, const char* name) {
  const Value& m = v[name];
  if (m.IsString()) return m.GetString();
  return m.IsInt64() ? std::to_string(m.GetInt64()) : "";
}

/// A day as it is written on papers: 2025年6月1日; blanks to write in where there is none.
std::string day_zh(const std::string& day) {
  if (day.size() != 10) return "　　　　年　　月　　日";
  return fmt::format("{}年{}月{}日", day.substr(0, 4), std::stoi(day.substr(5, 2)), std::stoi(day.substr(8, 2)));
}

std::string status_zh(const std::string& status) {
  constexpr std::pair<const char*, const char*> words[] = {{"draft", "草案"}, {"approved", "已批准"}, {"scheduled", "已排期"}, {"blocked", "受阻"}, {"applied", "已实施"}, {"acknowledged", "已实施并签收"}, {"reverted", "已撤回"}, {"withdrawn", "已作废"}};
  for (const auto& [word, zh] : words)
    if (status == word) return zh;
  return status;
}

const char* follows_zh(const std::string& policy) { return policy == "move" ? "随责任移交" : "由原责任方办结"; }

FormRow pair_row(const std::string& a, const std::string& x, const std::string& b, const std::string& y) {
  const double rest = 0.5 - kLabel;
  return {{{kLabel, a, true}, {rest, x}, {kLabel, b, true}, {rest, y}}};
}

Form begin_form(const Value& plan, const std::string& name) {
  Form form;
  form.title = text_of(plan, "district") + name;
  const std::string number = text_of(plan, "document_no");
  form.left = "文号：" + (number.empty() ? std::string("＿＿＿＿＿＿＿＿") : number);
  form.right = "打印日期：" + day_zh(text_of(plan, "today"));
  form.mark = plan["synthetic"].GetBool() ? "演示数据·合成" : "";
  form.foot = fmt::format("方案 {}　第 {} 稿　{}", text_of(plan, "id"), text_of(plan, "revision"), status_zh(text_of(plan, "status")));
  form.rows.push_back({{{kLabel, "方案名称", true}, {1 - kLabel, text_of(plan, "title")}}});
  return form;
}

/// 调整前 and 调整后 of each operation.
void add_operations(Form& form, const Value& plan) {
  form.rows.push_back({{{0.07, "序号", true}, {0.33, "调整事项", true}, {0.3, "调整前", true}, {0.3, "调整后", true}}, 8, true});
  int n = 0;
  for (const Value& o : plan["operations"].GetArray()) {
    const std::string note = text_of(o, "note");
    form.rows.push_back({{{0.07, std::to_string(++n)}, {0.33, text_of(o, "what") + (note.empty() ? "" : "\n注：" + note)}, {0.3, text_of(o, "before")}, {0.3, text_of(o, "after")}}});
  }
}

/// An opinion with its signature: what was given over the system, or blanks to write in.
void add_opinion(Form& form, const std::string& label, const std::string& opinion, const std::string& name, const std::string& day) {
  const std::string signature = fmt::format("　　　　　　　　　　　　　　　　签字：{}　　　{}", name.empty() ? "　　　　　　" : name, day_zh(day));
  map::add_text(form, label, kLabel, (opinion.empty() ? "\n" : opinion) + "\n\n" + signature, 24);
}

Form approval_form(const Value& plan) {
  Form form = begin_form(plan, "网格责任调整审批表");
  form.rows.push_back(pair_row("起草人", text_of(plan, "author"), "起草日期", day_zh(text_of(plan, "drafted_on"))));
  form.rows.push_back(pair_row("生效日期", day_zh(text_of(plan, "effective_on")), "方案状态", status_zh(text_of(plan, "status"))));
  form.rows.push_back(pair_row("未整改隐患", follows_zh(text_of(plan, "open_hazards")), "未结执法案件", follows_zh(text_of(plan, "open_cases"))));
  map::add_text(form, "调整事由", kLabel, text_of(plan, "reason"), 16);
  add_operations(form, plan);
  add_opinion(form, "承办科室意见", "", "", "");
  const auto approvals = plan["approvals"].GetArray();
  for (const Value& a : approvals) {
    const std::string comment = text_of(a, "comment");
    add_opinion(form, "审批意见", (comment.empty() ? "同意。" : comment) + "（系统内批准）", text_of(a, "name"), text_of(a, "on"));
  }
  if (approvals.Empty()) add_opinion(form, plan["needs_approval"].GetBool() ? "审批意见" : "负责人意见", "", "", "");
  add_opinion(form, "分管领导意见", "", "", "");
  form.note = plan["needs_approval"].GetBool() ? "本方案涉及隶属、界线、拆并、追溯或主要负责人，须由起草人以外的人员审批。调整自生效日零时起执行，此前的统计不因本次调整改变。"
                                               : "本方案仅涉及街镇内岗位交接，一人办理即可，可追溯、可撤回。调整自生效日零时起执行，此前的统计不因本次调整改变。";
  return form;
}

/// Who signs on one side: who has done so over the system with the day, all others with a line.
void add_signers(Form& form, const Value& plan, const std::string& side, const std::string& label) {
  bool any = false;
  for (const Value& s : plan["signers"].GetArray()) {
    if (text_of(s, "side") != side) continue;
    any = true;
    const std::string on = text_of(s, "acknowledged_on");
    form.rows.push_back({{{0.16, label}, {0.24, text_of(s, "name")}, {0.32, on.empty() ? "" : "已在系统内签收（" + text_of(s, "acknowledged_by") + "）"}, {0.28, day_zh(on)}}, 12});
  }
  if (!any) form.rows.push_back({{{0.16, label}, {0.24, ""}, {0.32, ""}, {0.28, day_zh("")}}, 12});
}

void add_what_goes_along(Form& form, const Value& plan) {
  form.rows.push_back({{{0.07, "序号", true}, {0.27, "移交事项", true}, {0.2, "移交前", true}, {0.2, "移交后", true}, {0.08, "企业", true}, {0.09, "未整改隐患", true}, {0.09, "未结案件", true}}, 8, true});
  int n = 0;
  for (const Value& o : plan["operations"].GetArray())
    form.rows.push_back({{{0.07, std::to_string(++n)}, {0.27, text_of(o, "what")}, {0.2, text_of(o, "before")}, {0.2, text_of(o, "after")}, {0.08, text_of(o, "enterprises")}, {0.09, text_of(o, "hazards")}, {0.09, text_of(o, "cases")}}});
}

Form handover_note(const Value& plan) {
  Form form = begin_form(plan, "网格责任交接单");
  form.rows.push_back(pair_row("交接日期", day_zh(text_of(plan, "effective_on")), "方案状态", status_zh(text_of(plan, "status"))));
  form.rows.push_back(pair_row("未整改隐患", follows_zh(text_of(plan, "open_hazards")), "未结执法案件", follows_zh(text_of(plan, "open_cases"))));
  map::add_text(form, "交接事由", kLabel, text_of(plan, "reason"), 14);
  add_what_goes_along(form, plan);
  map::add_text(form, "资料清单", kLabel, "□ 企业台账　□ 检查记录　□ 隐患整改台账　□ 执法案卷　□ 其他：＿＿＿＿＿＿＿＿", 12);
  map::add_text(form, "遗留问题", kLabel, "", 18);
  form.rows.push_back({{{0.16, "身份", true}, {0.24, "姓名", true}, {0.32, "签名", true}, {0.28, "日期", true}}, 8, true});
  add_signers(form, plan, "giver", "移交人");
  add_signers(form, plan, "receiver", "接收人");
  form.rows.push_back({{{0.16, "监交人"}, {0.24, ""}, {0.32, ""}, {0.28, day_zh("")}}, 12});
  form.note = "企业、未整改隐患和未结案件为打印日所涉网格（企业）内的数量；未结案件指已移送执法而未关闭的隐患。本单一式三份，移交人、接收人和监管部门各存一份。";
  return form;
}

}  // namespace

Result<std::string> draw_plan_paper(storage::Pool& pool, const Principal& who, const std::string& id, PlanPaper paper, geo::Canvas::Kind kind, const std::string& made_by) {
  const auto doc = pool.read<std::string>([&](storage::Tx& tx) -> Result<std::string> {
    if (const auto seen = seen_plan(tx, who, id); !seen) return fail(seen.error());
    return tx.run(sql::reassignments_paper, {id}).text(0, "doc");
  });
  if (!doc) return fail(doc.error());
  rapidjson::Document plan;
  plan.Parse(doc->data(), doc->size());
  const Form form = paper == PlanPaper::approval_form ? approval_form(plan) : handover_note(plan);
  geo::Canvas canvas(kind, 210, 297, kDotsPerInch, {form.title, made_by, form.foot + " " + form.mark, text_of(plan, "today")});
  map::draw_form(form, canvas, kind == geo::Canvas::Kind::png);
  if (const auto missing = canvas.missing_characters(); missing > 0)
    return fail(Errc::rule_violated, fmt::format("No font of the server has {} characters of this paper, Chinese ones for example: install fonts-noto-cjk (or fonts-wqy-microhei, which is smaller) there.", missing));
  return canvas.finish();
}

}  // namespace gridward::service
