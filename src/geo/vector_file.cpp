#include "geo/vector_file.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "geo/open_file.h"
#include "geo/take_geometry.h"
#include "geo/way.h"

namespace gridward::geo {
namespace {

OGRLayer* find_layer(const OpenFile& data, const std::string& name) {
  return name.empty() ? data->GetLayer(0) : data->GetLayerByName(name.c_str());
}

std::string layer_names(const OpenFile& data) {
  std::string names;
  for (int i = 0; i < data->GetLayerCount(); ++i) names += (i == 0 ? "" : ", ") + std::string(data->GetLayer(i)->GetName());
  return names;
}

/// Where a table without geometry keeps its points: the positions of longitude and latitude (or x and y of its system).
using PointColumns = std::optional<std::pair<std::size_t, std::size_t>>;

PointColumns point_columns(const std::vector<std::string>& names, const OpenOptions& options) {
  const auto x = std::ranges::find(names, options.x_column), y = std::ranges::find(names, options.y_column);
  if (options.x_column.empty() || x == names.end() || y == names.end()) return std::nullopt;
  return std::pair{static_cast<std::size_t>(x - names.begin()), static_cast<std::size_t>(y - names.begin())};
}

/// Keeps the first failure that GDAL tells while this object lives.
class Failures {
 public:
  Failures() { CPLPushErrorHandlerEx(keep, this); }
  ~Failures() { CPLPopErrorHandler(); }
  Failures(const Failures&) = delete;
  Failures& operator=(const Failures&) = delete;
  /// The failure since the last call, or "".
  std::string take() { return std::exchange(first_, ""); }

 private:
  static void CPL_STDCALL keep(CPLErr kind, CPLErrorNum, const char* message) {
    auto* self = static_cast<Failures*>(CPLGetErrorHandlerUserData());
    if (kind >= CE_Failure && self->first_.empty()) self->first_ = message;
  }
  std::string first_;
};

/// Without the spaces of ASCII, the full-width one, the one that does not break, and the mark that some write before a text.
std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks[] = {" ", "\t", "\r", "\n", "\u3000", "\u00A0", "\uFEFF", "\u200B"};
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : blanks) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size()), again = true;
      if (text.ends_with(blank)) text.remove_suffix(blank.size()), again = true;
    }
  }
  return std::string(text);
}

/// A text of a DBF may end in the middle of a character, as its fields have fixed widths: what is left of that is cut off.
void drop_half_character(std::string& text) {
  for (int back = 0; back < 3 && !text.empty() && CPLIsUTF8(text.c_str(), -1) == 0; ++back) text.pop_back();
}

/// Reads the features of a layer, one after another.
class Reader {
 public:
  /// `drawn_table`: it is a CSV with a column of shapes as WKT. `dbf`: its texts have fixed widths.
  Reader(std::vector<std::string> names, Way way, PointColumns points, const OpenOptions& options, bool drawn_table, bool dbf)
      : names_(std::move(names)), way_(std::move(way)), points_(points), options_(options), dbf_(dbf) {
    const CPLStringList shapes(drawn_table ? CSLTokenizeString2(kShapeColumns, ",", 0) : nullptr);
    for (std::size_t i = 0; i < names_.size() && !wkt_; ++i)
      if (shapes.FindString(names_[i].c_str()) >= 0) wkt_ = i;
  }

  Feature read(OGRFeature& source, std::int64_t row) {
    Feature out;
    out.row = row;
    for (int i = 0; i < source.GetFieldCount(); ++i) take_value(source, i, out);
    const OGRGeometry* g = source.GetGeometryRef();
    if (g != nullptr && !g->IsEmpty()) take_geometry(*g, way_, options_.repair, out);
    else if (g == nullptr && wkt_ && out.values[*wkt_] && !out.values[*wkt_]->empty()) fail(out, names_[*wkt_], {"图形无法读取：不是WKT", "the shape cannot be read: it is not WKT"});
    if (points_ && out.problem.empty()) take_point(out);
    return out;
  }

 private:
  static void fail(Feature& out, const std::string& column, Sentence why) {
    if (!out.problem.empty()) return;
    out.problem = std::move(why);
    out.problem_column = column;
  }

  void take_value(OGRFeature& source, int i, Feature& out) {
    if (!source.IsFieldSetAndNotNull(i)) {
      out.values.emplace_back();
      return;
    }
    std::string text = source.GetFieldAsString(i);
    const std::string& column = names_[static_cast<std::size_t>(i)];
    if (CPLIsUTF8(text.c_str(), -1) == 0) {
      if (dbf_) drop_half_character(text);
      if (CPLIsUTF8(text.c_str(), -1) == 0) fail(out, column, {"不是UTF-8文字：请在配方中写明编码，如 encoding = \"GBK\"", "it is not UTF-8: give encoding = \"GBK\" (or the right one) in the recipe"});
    }
    if (text.find("\xEF\xBF\xBD") != std::string::npos) fail(out, column, {"有编码无法识别的字节：请核对编码（encoding）", "it has bytes that its encoding does not know: is encoding right?"});
    out.values.emplace_back(trimmed(text));
  }

  /// The point of a row, if both columns are filled with numbers.
  void take_point(Feature& out) {
    double xy[2];
    const std::size_t at[] = {points_->first, points_->second};
    const auto filled = [&](std::size_t i) { return out.values[i] && !out.values[i]->empty(); };
    if (!filled(at[0]) && !filled(at[1])) return;
    for (const int i : {0, 1}) {
      const std::string& column = names_[at[i]];
      if (!filled(at[i])) return fail(out, column, {"为空，而“" + names_[at[1 - i]] + "”不空：请两者都填，或都不填", "is empty, though \"" + names_[at[1 - i]] + "\" is not: give both or neither"});
      const std::string& text = *out.values[at[i]];
      char* end = nullptr;
      xy[i] = CPLStrtod(text.c_str(), &end);
      if (*end == ',') return fail(out, column, {"“" + text + "”含有逗号：小数点请写作“.”", "\"" + text + "\" has a comma: write the decimal point as a point"});
      if (*end != '\0' || !std::isfinite(xy[i])) return fail(out, column, {"“" + text + "”不是坐标：请写成十进制数，不要写度分秒", "\"" + text + "\" is not a coordinate: write a decimal number, without degree signs and minutes"});
    }
    if (xy[0] == 0 && xy[1] == 0) return fail(out, names_[at[0]], {"坐标0, 0不是有效位置：位置不明时两项都应留空", "0, 0 is no place: leave both empty where the place is not known"});
    take_geometry(OGRPoint(xy[0], xy[1]), way_, false, out);
    if (!out.problem.empty()) out.problem_column = names_[at[0]] + ", " + names_[at[1]];
  }

  std::vector<std::string> names_;
  Way way_;
  PointColumns points_;
  const OpenOptions& options_;
  bool dbf_;
  std::optional<std::size_t> wkt_;
};

bool blank(const OGRFeature& source, const Feature& feature) {
  return source.GetGeometryRef() == nullptr && std::ranges::all_of(feature.values, [](const auto& v) { return !v || v->empty(); });
}

/// The names of columns that stand in a row of a sheet; those of empty fields stay GDAL's.
std::vector<std::string> names_in(const OGRFeature& row) {
  std::vector<std::string> names;
  for (int i = 0; i < row.GetFieldCount(); ++i) {
    const std::string name = row.IsFieldSetAndNotNull(i) ? trimmed(row.GetFieldAsString(i)) : "";
    names.push_back(name.empty() ? row.GetFieldDefnRef(i)->GetNameRef() : name);
  }
  return names;
}

std::vector<std::string> names_of(const OGRFeatureDefn& columns) {
  std::vector<std::string> names;
  for (int i = 0; i < columns.GetFieldCount(); ++i) names.push_back(trimmed(columns.GetFieldDefn(i)->GetNameRef()));
  return names;
}

/// The layers of a file, without empty sheets of a workbook: Excel used to make three.
std::vector<OGRLayer*> filled_layers(const OpenFile& data) {
  const std::string driver = data->GetDriverName();
  const bool sheets = driver == "XLSX" || driver == "XLS" || driver == "ODS";
  std::vector<OGRLayer*> out;
  for (int i = 0; i < data->GetLayerCount(); ++i)
    if (OGRLayer* layer = data->GetLayer(i); !sheets || layer->GetFeatureCount() > 0 || layer->GetLayerDefn()->GetFieldCount() > 0) out.push_back(layer);
  return out;
}

Result<OGRLayer*> wanted_layer(const std::string& path, const OpenFile& data, const OpenOptions& options) {
  if (const auto filled = filled_layers(data); options.layer.empty() && filled.size() == 1) return filled.front();
  OGRLayer* layer = find_layer(data, options.layer);
  if (layer == nullptr) return fail(unreadable(path, "it has no layer \"" + options.layer + "\"; it has " + layer_names(data) + "."));
  if (options.layer.empty() && data->GetLayerCount() > 1)
    return fail(unreadable(path, "it has several layers: name one with layer = \"…\" in the recipe. They are " + layer_names(data) + "."));
  return layer;
}

}  // namespace

Result<void> read_vector_file(const std::string& path, const OpenOptions& options,
                              const std::function<Result<void>(const std::vector<std::string>&)>& fields,
                              const std::function<bool(Feature&)>& each) {
  auto data = open_file(path, options);
  if (!data) return fail(data.error());
  Failures failures;
  const auto found = wanted_layer(path, *data, options);
  if (!found) return fail(found.error());
  OGRLayer& layer = **found;
  OGRFeatureUniquePtr source;
  for (int i = 0; i <= data->rows_before_names() && data->rows_before_names() > 0; ++i) source.reset(layer.GetNextFeature());
  if (data->rows_before_names() > 0 && !source) return fail(unreadable(path, "it has no row " + std::to_string(options.header) + " (header)."));
  const auto names = source ? names_in(*source) : names_of(*layer.GetLayerDefn());
  if (auto ok = fields(names); !ok) return ok;
  const bool drawn = layer.GetLayerDefn()->GetGeomFieldCount() > 0 && layer.GetLayerDefn()->GetGeomType() != wkbNone;
  const PointColumns points = drawn ? std::nullopt : point_columns(names, options);
  Way way;
  if (drawn || points) {
    auto settled = way_from(path, drawn ? layer.GetSpatialRef() : nullptr, options);
    if (!settled) return fail(settled.error());
    way = std::move(*settled);
  }
  const std::string driver = (*data)->GetDriverName();
  Reader reader(names, std::move(way), points, options, drawn && driver == "CSV", driver == "ESRI Shapefile");
  failures.take();
  std::int64_t row = 0;
  while (source.reset(layer.GetNextFeature()), source != nullptr) {
    Feature out = reader.read(*source, ++row);
    if (const std::string why = failures.take(); !why.empty() && out.problem.empty()) {
      out.problem = {"数据损坏：" + why, "it is damaged: " + why};
      out.problem_column = "geometry";
    }
    if (!blank(*source, out) && !each(out)) return {};
  }
  if (const std::string why = failures.take(); !why.empty()) return fail(unreadable(path, "it is damaged after row " + std::to_string(row) + ": " + why));
  return {};
}

Result<std::vector<std::string>> layers_of(const std::string& path, const OpenOptions& options) {
  const auto data = open_file(path, options);
  if (!data) return fail(data.error());
  std::vector<std::string> names;
  for (OGRLayer* layer : filled_layers(*data)) names.emplace_back(layer->GetName());
  return names;
}

int find_header(const std::string& path, const OpenOptions& options, const std::vector<std::string>& names) {
  for (int line = 2; line <= 20; ++line) {
    OpenOptions tried = options;
    tried.header = line;
    bool all = false;
    const auto look = [&](const std::vector<std::string>& there) -> Result<void> {
      all = std::ranges::all_of(names, [&](const std::string& name) { return std::ranges::find(there, name) != there.end(); });
      return fail(Errc::not_found, "");
    };
    static_cast<void>(read_vector_file(path, tried, look, [](Feature&) { return false; }));
    if (all) return line;
  }
  return 0;
}

}  // namespace gridward::geo
