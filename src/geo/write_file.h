#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace gridward::geo {

enum class FieldType { text, integer, real, day };
struct Field {
  std::string name;
  FieldType type = FieldType::text;
};

/// A table with or without geometry (WKB in EPSG:4490), on its way into a file.
struct Table {
  struct Row {
    std::vector<std::optional<std::string>> values;  // one for each field
    std::string wkb;                                 // empty: none
  };
  std::string name;
  bool drawn = false;  // rows may have geometry
  std::vector<Field> fields;
  std::vector<Row> rows;
};

/// The formats that can be written: gpkg, geojson, fgb, csv, xlsx.
[[nodiscard]] const std::vector<std::string>& file_formats();
/// "application/geopackage+sqlite3" and the like.
[[nodiscard]] std::string media_type_of(const std::string& format);

/// The bytes of a file of a format. CSV has geometry as WKT and begins with a byte order mark, so that Excel reads it as UTF-8; XLSX has none.
[[nodiscard]] Result<std::string> write_file(const Table& table, const std::string& format);

}  // namespace gridward::geo
