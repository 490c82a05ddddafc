#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace gridward::geo {

enum class FieldType { text, integer, real, day, boolean };
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
  std::vector<std::pair<std::string, std::string>> notes;  // what a reader should know of it; XLSX has them on a sheet of their own
};

/// The formats that can be written: gpkg, geojson, fgb, csv, xlsx.
[[nodiscard]] const std::vector<std::string>& file_formats();
/// "application/geopackage+sqlite3" and the like.
[[nodiscard]] std::string media_type_of(const std::string& format);

/// The bytes of a file of a format: CSV and XLSX by write_sheet.h, the others by GDAL.
[[nodiscard]] Result<std::string> write_file(const Table& table, const std::string& format);

}  // namespace gridward::geo
