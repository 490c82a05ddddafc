#include "service/finding.h"

#include <fmt/format.h>

namespace gridward::service {
namespace {

std::string zh_of(const FindingCell& c) { return c.hidden ? "辖区外的网格" : c.name.empty() ? fmt::format("网格 {}", c.id) : fmt::format("{}（{}）", c.name, c.code); }
std::string en_of(const FindingCell& c) { return c.hidden ? "a cell outside your area" : c.name.empty() ? fmt::format("cell {}", c.id) : fmt::format("{} ({})", c.name, c.code); }

/// An area as people say it: in km² from a square kilometre on, in whole m² from a hundred.
std::string area_of(const Finding& f, std::string_view m2, std::string_view km2) {
  const double area = f.area_m2.value_or(0);
  if (area >= 1e6) return fmt::format("{:.2f} {}", area / 1e6, km2);
  return area >= 100 ? fmt::format("{:.0f} {}", area, m2) : fmt::format("{:.3g} {}", area, m2);
}
std::string area_zh(const Finding& f) { return area_of(f, "平方米", "平方公里"); }
std::string area_en(const Finding& f) { return area_of(f, "m²", "km²"); }
/// A width in whole metres from a hundred on.
std::string width_of(const Finding& f) { const double width = f.width_m.value_or(0); return width >= 100 ? fmt::format("{:.0f}", width) : fmt::format("{:.3g}", width); }
std::string size_zh(const Finding& f) { return fmt::format("{}，最宽 {} 米", area_zh(f), width_of(f)); }
std::string size_en(const Finding& f) { return fmt::format("{}, {} m at its widest", area_en(f), width_of(f)); }

/// Of shapes that do not fit together.
Sentence words_of_misfit(const Finding& f) {
  const FindingCell& a = f.cells.at(0);
  if (f.kind == "gap") {
    Sentence out = f.sliver ? Sentence{fmt::format("{}与其下级之间有 {} 条细缝，共 {}。", zh_of(a), f.count, size_zh(f)), fmt::format("Between {} and the cells below it are {} slivers: {}.", en_of(a), f.count, size_en(f))}
                            : Sentence{fmt::format("{}有一块地不属于任何下级：{}。", zh_of(a), size_zh(f)), fmt::format("Ground of {} belongs to none of the cells below it: {}.", en_of(a), size_en(f))};
    if (!f.overlay.empty())
      out = f.sliver ? Sentence{fmt::format("“{}”各辖区与{}之间有 {} 条细缝，共 {}。", f.overlay, zh_of(a), f.count, size_zh(f)), fmt::format("Between {} and the areas of {} are {} slivers: {}.", en_of(a), f.overlay, f.count, size_en(f))}
                     : Sentence{fmt::format("{}有一块地不属于“{}”的任何辖区：{}。", zh_of(a), f.overlay, size_zh(f)), fmt::format("Ground of {} belongs to no area of {}: {}.", en_of(a), f.overlay, size_en(f))};
    if (f.cells.size() > 1) out.zh += fmt::format("该处在{}界内。", zh_of(f.cells[1])), out.en += fmt::format(" It lies in {}.", en_of(f.cells[1]));
    return out;
  }
  if (f.kind == "overlap")
    return {fmt::format("{}与{}重叠 {} 处，共 {}。", zh_of(a), zh_of(f.cells.at(1)), f.count, size_zh(f)), fmt::format("{} and {} both cover {}: {}.", en_of(a), en_of(f.cells.at(1)), f.count == 1 ? "a place" : fmt::format("{} places", f.count), size_en(f))};
  return {fmt::format("{}越出{}的界线，共 {}。", zh_of(a), zh_of(f.cells.at(1)), size_zh(f)), fmt::format("{} reaches outside {}: {}.", en_of(a), en_of(f.cells.at(1)), size_en(f))};
}

/// A kind of certificate, as the offices call it.
Sentence certificate_words(const std::string& kind) {
  if (kind == "enforcement") return {"行政执法证", "enforcement certificate"};
  if (kind == "safety_officer") return {"安全员证", "safety officer's certificate"};
  if (kind == "safety_manager") return {"安全生产管理人员证", "safety manager's certificate"};
  if (kind == "safety_engineer") return {"注册安全工程师证", "safety engineer's certificate"};
  return {kind, kind};
}

Sentence words_of_post(const Finding& f) {
  const FindingCell& a = f.cells.at(0);
  const Sentence certificate = certificate_words(f.why);
  if (f.kind == "vacant_post" && f.level == 4)
    return {fmt::format("{}有 {} 家企业无{}。", zh_of(a), f.count, f.post_name.zh), fmt::format("{} {} of {} {} no {}.", f.count, f.count == 1 ? "enterprise" : "enterprises", en_of(a), f.count == 1 ? "has" : "have", f.post_name.en)};
  if (f.kind == "vacant_post") return {fmt::format("{}的{}空缺。", zh_of(a), f.post_name.zh), fmt::format("{} has no {}.", en_of(a), f.post_name.en)};
  if (f.kind == "certificate_missing")
    return {fmt::format("{}任{}的{}，没有所需的有效{}。", f.person_name, zh_of(a), f.post_name.zh, certificate.zh), fmt::format("{}, {} of {}, has no valid {}, which the post needs.", f.person_name, f.post_name.en, en_of(a), certificate.en)};
  return {fmt::format("{}任{}的{}，{}只到 {}，不足任期。", f.person_name, zh_of(a), f.post_name.zh, certificate.zh, f.day), fmt::format("The {} of {}, {} of {}, ends on {}, before the term does or soon.", certificate.en, f.person_name, f.post_name.en, en_of(a), f.day)};
}

Sentence words_of_enterprise(const Finding& f) {
  const FindingCell& a = f.cells.at(0);
  if (f.kind == "enterprise_outside") return {fmt::format("企业{}的位置不在任何网格内。", zh_of(a)), fmt::format("The point of the enterprise {} lies in no cell.", en_of(a))};
  if (f.kind == "enterprise_unlocated") return {fmt::format("企业{}没有位置。", zh_of(a)), fmt::format("The enterprise {} has no point.", en_of(a))};
  return {fmt::format("企业{}登记在{}，位置却在{}。", zh_of(a), zh_of(f.cells.at(1)), zh_of(f.cells.at(2))), fmt::format("The enterprise {} is registered in {}, but its point lies in {}.", en_of(a), en_of(f.cells.at(1)), en_of(f.cells.at(2)))};
}

}  // namespace

const char* name_of(Severity severity) { return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note"; }

std::string Finding::key() const {
  std::string out = kind;
  if (sliver) out += ":sliver";
  for (const FindingCell& cell : cells) out += fmt::format(":{}", cell.id);
  if (!post.empty()) out += ":" + post;
  if (person != 0) out += fmt::format(":{}", person);
  if (at && !pieces.empty() && !sliver && kind != "outside_parent") out += fmt::format(":{:.6f},{:.6f}", at->lon, at->lat);
  return out;
}

Sentence Finding::words() const {
  const FindingCell& a = cells.at(0);
  if (kind == "gap" || kind == "overlap" || kind == "outside_parent") return words_of_misfit(*this);
  if (kind == "vacant_post" || kind.starts_with("certificate_")) return words_of_post(*this);
  if (kind.starts_with("enterprise_")) return words_of_enterprise(*this);
  if (kind == "exclave")
    return {fmt::format("{}有飞地：{}与主体不相连。", zh_of(a), area_zh(*this)), fmt::format("{} of {} lie apart from the rest of it.", area_en(*this), en_of(a))};
  if (kind == "edge_mismatch")
    return {fmt::format("{}与{}的边界有 {} 个节点不一致。", zh_of(a), zh_of(cells.at(1)), count), fmt::format("The borders of {} and {} do not match at {} {}.", en_of(a), en_of(cells.at(1)), count, count == 1 ? "vertex" : "vertices")};
  if (kind == "invalid_shape") return {fmt::format("{}的图形无效（{}）。", zh_of(a), why), fmt::format("The shape of {} is not valid ({}).", en_of(a), why)};
  if (kind == "no_shape") return {fmt::format("{}没有图形，而同级网格有。", zh_of(a)), fmt::format("{} has no shape, though its siblings do.", en_of(a))};
  if (kind == "code_scheme") return {fmt::format("{}的代码不属于本区的编码体系（{}）。", zh_of(a), why), fmt::format("The code of {} is of another scheme than the district's ({}).", en_of(a), why)};
  if (kind == "code_prefix") return {fmt::format("{}的代码与上级{}的代码不符。", zh_of(a), zh_of(cells.at(1))), fmt::format("The code of {} is not one of those under {}.", en_of(a), en_of(cells.at(1)))};
  return {fmt::format("{}的代码曾属{}，到 {} 为止。", zh_of(a), zh_of(cells.at(1)), day), fmt::format("The code of {} was that of {} until {}.", en_of(a), en_of(cells.at(1)), day)};
}

}  // namespace gridward::service
