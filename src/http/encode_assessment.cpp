#include "http/encode_assessment.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "http/encode_figure.h"

namespace gridward::http {
namespace {

using service::PeriodFigure;
using service::FigurePair;
using Value = std::optional<std::string>;

void raw(Json& json, const std::string& document) { json.RawValue(document.data(), document.size(), rapidjson::kObjectType); }

bool is_differing(const service::RestatedFigures& figures, const FigurePair& pair) { return figures.is_signed && pair.differs(); }

bool same_row(const PeriodFigure& a, const PeriodFigure& b) { return a.level == b.level && a.part == b.part && a.cell.id == b.cell.id; }

void begin_row(Json& json, const PeriodFigure& f) {
  json.StartObject();
  member(json, "level", f.level);
  member(json, "part", f.part);
  encode_cell(json, f.cell);
}

void encode_rows(Json& json, const service::RestatedFigures& figures, const std::vector<FigurePair>& pairs, bool differing) {
  const PeriodFigure* row = nullptr;
  for (const FigurePair& pair : pairs) {
    const bool differs = is_differing(figures, pair);
    if (differing && !differs) continue;
    if (row == nullptr || !same_row(*row, pair.any())) {
      if (row != nullptr) json.EndArray(), json.EndObject();
      row = &pair.any();
      begin_row(json, *row);
      json.Key("figures");
      json.StartArray();
    }
    json.StartObject();
    member(json, "measure", pair.any().measure);
    json.Key("differs");
    json.Bool(differs);
    for (const auto& [key, side] : {std::pair{"signed", pair.one}, std::pair{"restated", pair.two}}) {
      if (side == nullptr) continue;
      json.Key(key);
      encode(json, side->figure);
    }
    json.EndObject();
  }
  if (row != nullptr) json.EndArray(), json.EndObject();
}

Value given(const std::string& text) { return text.empty() ? Value{} : Value{text}; }

Value number(const std::optional<double>& n) { return n && std::isfinite(*n) ? Value{fmt::format("{}", *n)} : Value{}; }

void add_figure(geo::Table::Row& row, const PeriodFigure* f) {
  if (f == nullptr) {
    row.values.resize(row.values.size() + 6);
    return;
  }
  const Figure& x = f->figure;
  row.values.insert(row.values.end(), {number(x.value), number(x.numerator), number(x.denominator), number(x.low), number(x.high), given(x.reason)});
}

/// What all rows share: members of the assessment's document.
constexpr std::pair<const char*, const char*> kShared[] = {{"title", "标题"}, {"document_no", "文号"}, {"status", "状态"}, {"from", "考核期起"}, {"to", "考核期止（不含）"}, {"mode", "归属口径"}, {"as_of", "归属日期"}, {"known_at", "认知时点"}, {"signed_by", "签发人"}};

void encode_altered_value(Json& json, const char* key, const std::optional<Figure>& f) {
  json.Key(key);
  if (!f) {
    json.Null();
    return;
  }
  json.StartObject();
  member(json, "value", f->value);
  member(json, "numerator", std::optional(f->numerator));
  member(json, "denominator", f->denominator);
  member_or_null(json, "reason", f->reason);
  json.EndObject();
}

}  // namespace

void encode(Json& json, const service::RestatedFigures& figures, bool differing) {
  const auto pairs = service::pair_figures(figures.then, figures.now);
  json.StartObject();
  json.Key("assessment");
  raw(json, figures.document);
  member_or_null(json, "restated_version", figures.version);
  member_or_null(json, "restated_reason", figures.reason);
  member(json, "figures", static_cast<std::int64_t>(pairs.size()));
  member(json, "differing", static_cast<std::int64_t>(std::ranges::count_if(pairs, [&](const FigurePair& p) { return is_differing(figures, p); })));
  json.Key("rows");
  json.StartArray();
  encode_rows(json, figures, pairs, differing);
  json.EndArray();
  json.EndObject();
}

geo::Table assessment_table(const service::RestatedFigures& figures, bool differing, bool synthetic) {
  using enum geo::FieldType;
  geo::Table table;
  table.fields = {{"level"}, {"part"}, {"id", integer}, {"scheme"}, {"code"}, {"name"}, {"measure"}, {"unit"}};
  for (const char* side : {"signed", "restated"})
    for (const auto& [suffix, type] : {std::pair{"", real}, {"_n", real}, {"_d", real}, {"_low", real}, {"_high", real}, {"_reason", text}}) table.fields.push_back({std::string(side) + suffix, type});
  table.fields.push_back({"differs", boolean});
  rapidjson::Document document;
  document.Parse(figures.document.data(), figures.document.size());
  std::vector<Value> shared;
  for (const auto& [name, chinese] : kShared) {
    const auto& value = document[name];
    shared.push_back(value.IsString() ? Value{value.GetString()} : Value{});
    table.fields.push_back({name});
    if (shared.back()) table.notes.emplace_back(fmt::format("{} {}", chinese, name), *shared.back());
  }
  if (synthetic) table.fields.push_back({"data_note"});
  for (const FigurePair& pair : service::pair_figures(figures.then, figures.now)) {
    const bool differs = is_differing(figures, pair);
    if (differing && !differs) continue;
    const PeriodFigure& f = pair.any();
    geo::Table::Row row;
    row.values = {f.level, f.part, f.cell.id == 0 ? Value{} : Value{std::to_string(f.cell.id)}, given(f.cell.scheme), given(f.cell.code), given(f.cell.name), f.measure, given(f.figure.unit)};
    add_figure(row, pair.one);
    add_figure(row, pair.two);
    row.values.push_back(differs ? "true" : "false");
    row.values.insert(row.values.end(), shared.begin(), shared.end());
    if (synthetic) row.values.push_back(kSynthetic);
    table.rows.push_back(std::move(row));
  }
  return table;
}

void encode(Json& json, const service::PlanAlters& alters) {
  json.StartObject();
  member(json, "hidden", alters.hidden);
  list(json, "assessments", alters.assessments, [&](const service::AlteredAssessment& a) {
    json.StartObject();
    json.Key("assessment");
    raw(json, a.document);
    member(json, "count", static_cast<std::int64_t>(a.count));
    list(json, "figures", a.figures, [&](const service::AlteredFigure& f) {
      begin_row(json, f.whose);
      member(json, "measure", f.whose.measure);
      member(json, "unit", f.whose.figure.unit);
      encode_altered_value(json, "signed", f.as_signed);
      encode_altered_value(json, "before", f.before);
      encode_altered_value(json, "after", f.after);
      json.EndObject();
    });
    json.EndObject();
  });
  json.EndObject();
}

}  // namespace gridward::http
