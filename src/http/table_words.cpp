#include "http/table_words.h"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "domain/industry.h"
#include "domain/map_classes.h"

namespace gridward::http {
namespace {

using Words = std::map<std::string_view, std::string_view>;

/// Columns by their names in the contract.
const Words& heads() {
  static const Words all = {
      {"id", "编号"}, {"username", "用户名"}, {"display_name", "显示名"}, {"disabled", "停用"}, {"person", "人员编号"}, {"certified_until", "执法证有效期止"}, {"locked_until", "锁定至"}, {"grants", "授权"}, {"label", "名称"},
      {"created_at", "建立时间"}, {"expires_at", "失效时间"}, {"cell", "网格编号"}, {"scheme", "代码体系"}, {"time_zone", "时区"}, {"holds_from", "网格起始日"}, {"synthetic", "演示数据"}, {"today", "今日"}, {"last_day", "数据截至"},
      {"district", "区县编号"}, {"level", "层级"}, {"kind", "类型"}, {"name", "名称"}, {"code", "代码"}, {"parent", "上级编号"}, {"valid_from", "存续起"}, {"valid_to", "存续止（不含）"}, {"area_km2", "面积（km²）"}, {"area_m2", "面积（m²）"},
      {"post", "岗位代码"}, {"person_name", "姓名"}, {"acting", "代理"}, {"from", "起"}, {"to", "止（不含）"}, {"external_id", "外部编号"}, {"phone", "电话"}, {"name_zh", "中文名称"}, {"name_en", "英文名称"}, {"is_primary", "主要岗位"}, {"required", "必设"},
      {"certificate", "证件"}, {"number", "证号"}, {"enterprise", "企业编号"}, {"ground", "理由"}, {"proof", "依据"}, {"risk_grade", "风险等级（1–4）"}, {"risk_colour", "风险颜色"}, {"industry", "行业"}, {"interval_days", "间隔天数"},
      {"grace_days", "宽限天数"}, {"yearly_cap", "每年上限"}, {"scale", "权重表"}, {"grade", "等级"}, {"weight", "权重"}, {"visit_days", "到点间隔天数"}, {"department", "部门"}, {"body", "机构"}, {"document_no", "文号"}, {"published", "公布"},
      {"matters", "事项"}, {"powers", "权限"}, {"limit_person_yuan", "对个人限额（元）"}, {"limit_unit_yuan", "对单位限额（元）"}, {"overlay", "专题网格编号"}, {"overlay_name", "专题网格"}, {"version", "版本"}, {"holders", "责任人"},
      {"severity", "程度"}, {"cell_id", "网格编号"}, {"cell_code", "网格代码"}, {"cell_name", "网格"}, {"others", "其他网格"}, {"count", "个数"}, {"sliver", "狭条"}, {"width_m", "宽（米）"}, {"lon", "经度"}, {"lat", "纬度"}, {"message_zh", "问题"},
      {"message_en", "问题（英文）"}, {"repair", "修复"}, {"area", "区域编号"}, {"address", "地址"}, {"headcount", "人数"}, {"principal", "负责人"}, {"lead_department", "牵头部门"}, {"counts", "计入"}, {"due_on", "到期日"}, {"faults", "原因"},
      {"day", "日期"}, {"at", "时间"}, {"rule", "归属依据"}, {"source", "来源"}, {"category", "类别"}, {"description", "描述"}, {"rectified_on", "整改日期"}, {"closed_on", "销号日期"}, {"reviewed_on", "复查日期"}, {"extensions", "延期次数"},
      {"listed_on", "挂牌日期"}, {"unlisted_on", "摘牌日期"}, {"listed_by", "挂牌级别"}, {"standard", "判定标准"}, {"in_plan", "列入治理计划"}, {"five_in_place", "五落实"}, {"funds_yuan", "治理资金（元）"}, {"visit_id", "检查编号"}, {"found_by", "发现人"},
      {"registered_on", "登记日期"}, {"graded_on", "定级日期"}, {"ordered_on", "责令日期"}, {"transferred_on", "移送日期"}, {"transferred_to", "移送至"}, {"state", "状态"}, {"step", "步骤"}, {"reason", "原因"}, {"actor", "操作人"},
      {"due_before", "原期限"}, {"passed", "通过"}, {"changes", "变更"}, {"result", "结果"}, {"visit_kind", "检查方式"}, {"outcome", "结论"}, {"officer", "人员"}, {"joint_id", "联合检查编号"}, {"deaths", "死亡"}, {"serious_injuries", "重伤"},
      {"direct_loss_yuan", "直接经济损失（元）"}, {"event", "事件编号"}, {"plan", "方案编号"}, {"media_type", "文件类型"}, {"sha256", "校验值"}, {"bytes", "字节数"}, {"component", "评分项"}, {"measure", "指标"}, {"zero_at", "零分值"},
      {"full_at", "满分值"}, {"value", "数值"}, {"post_name_zh", "岗位"}, {"post_name_en", "岗位（英文）"}, {"since", "自何日起"}, {"days", "天数"}, {"action", "操作"}, {"entity", "对象"}, {"entity_id", "对象编号"}, {"before", "之前"}, {"after", "之后"},
      {"request", "请求编号"}, {"data_note", "数据性质"}, {"part", "部分"}, {"unit", "单位"}, {"differs", "有差别"}, {"title", "名称"}, {"status", "状态"}, {"mode", "归属口径"}, {"as_of", "归属日期"}, {"known_at", "认知时点"}, {"signed_by", "签发人"}, {"signed", "签发值"},
      {"restated", "重述值"}, {"enterprise_code", "企业代码"}, {"enterprise_name", "企业"}, {"data_until", "数据截至"}, {"grades", "等级"}, {"district_name", "区县"}};
  return all;
}

/// What the names of columns of a figure end in, after what it is.
const Words& endings() {
  static const Words all = {{"_n", "分子"}, {"_d", "分母"}, {"_low", "下限"}, {"_high", "上限"}, {"_reason", "无值的原因"}, {"_unit", "单位"}, {"_label", "说明"}, {"_detail", "明细"}};
  return all;
}

/// Values by their column.
const std::map<std::string_view, Words>& values() {
  static const std::map<std::string_view, Words> all = {
      {"level", {{"district", "区县"}, {"town", "街镇(园区)"}, {"village", "村居"}, {"enterprise", "企业"}}},
      {"grade", {{"general", "一般"}, {"major", "重大"}, {"ordinary", "一般"}, {"larger", "较大"}, {"serious", "重大"}, {"extraordinary", "特别重大"}}},
      {"source", {{"inspection", "执法检查"}, {"patrol", "巡查"}, {"self_check", "自查"}, {"public_report", "举报"}, {"other", "其他"}}},
      {"state", {{"found", "已发现"}, {"graded", "已定级"}, {"rectifying", "整改中"}, {"rectified", "已整改"}, {"reviewed", "已复查"}, {"closed", "已销号"}, {"transferred", "已移送"}}},
      {"result", {{"completed", "完成"}, {"attempted", "未成"}}},
      {"rule", {{"enterprise", "企业"}, {"shape", "图形"}, {"code", "代码"}, {"unplaced", "未落"}}},
      {"risk_colour", {{"red", "红"}, {"orange", "橙"}, {"yellow", "黄"}, {"blue", "蓝"}}},
      {"severity", {{"error", "错误"}, {"warning", "提醒"}, {"note", "说明"}}},
      {"part", {{"cell", "网格"}, {"direct", "未落村居"}, {"unplaced", "未落区内任何网格"}}},
      {"status", {{"draft", "待签发"}, {"signed", "已签发"}, {"superseded", "已被取代"}, {"withdrawn", "已撤销"}, {"discarded", "已作废"}}},
      {"mode", {{"as_was", "按当时归属"}, {"as_is", "按现行归属"}, {"as_of", "按指定日归属"}}},
      {"kind", {{"district", "区县"}, {"town", "街镇(园区)"}, {"village", "村居"}, {"enterprise", "企业"}, {"city", "市"}, {"county", "县"}, {"sub_district", "街道"}, {"township", "乡"}, {"park", "园区"}, {"development_zone", "开发区"},
                {"community", "社区"}, {"residential_community", "居民社区"}, {"neighbourhood", "居委会"}, {"administrative_village", "行政村"}}}};
  return all;
}

std::string head_of(const std::string& name) {
  if (const auto whole = heads().find(name); whole != heads().end()) return std::string(whole->second);
  if (std::string measure = measure_zh(name); measure != name) return measure;
  for (const auto& [ending, word] : endings())
    if (name.ends_with(ending)) return fmt::format("{}·{}", head_of(name.substr(0, name.size() - ending.size())), word);
  return name;
}

void tell_value(const std::string& column, std::string& value) {
  if (column == "industry" || column == "kind") value = industry_text(value, true);
  if (column == "measure") value = measure_zh(value);
  if (column == "unit") value = unit_zh(value);
  const auto words = values().find(column);
  if (words == values().end()) return;
  if (const auto word = words->second.find(value); word != words->second.end()) value = word->second;
}

}  // namespace

void tell_in_chinese(geo::Table& table) {
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    geo::Field& field = table.fields[i];
    if (field.type == geo::FieldType::text)
      for (geo::Table::Row& row : table.rows)
        if (row.values[i]) tell_value(field.name, *row.values[i]);
    field.name = head_of(field.name);
  }
}

}  // namespace gridward::http
