#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/sentence.h"

namespace gridward::geo {

/// How to read a file where it does not say itself.
struct OpenOptions {
  std::string layer;     // the only one, if empty
  std::string crs;       // "EPSG:n" of a file without one; "GCJ-02" or "BD-09" where its numbers are in that
  std::vector<double> shift;  // seven parameters to WGS 84 (m, m, m, ", ", ", ppm; position vector), for Xian 80 and Beijing 54
  std::string encoding;  // of text that does not say its own, or says a wrong one
  int header = 1;        // the line of a table, or row of a sheet, that has the names of the columns
  bool repair = false;   // make invalid polygons valid, instead of refusing them
  std::string x_column;  // of a table whose points are numbers in its columns: CSV, XLSX …
  std::string y_column;
};

/// One row of a file: its fields as UTF-8 text, its geometry in EPSG:4490 (longitude, latitude), two-dimensional.
struct Feature {
  std::int64_t row = 0;  // 1 is the first row of data, below the names of the columns
  std::vector<std::optional<std::string>> values;
  std::optional<std::string> wkb;  // polygons as MultiPolygon
  double area_m2 = 0;              // geodesic, on the GRS80 ellipsoid; 0 for points
  std::string geometry;            // "MULTIPOLYGON", "POINT", "LINESTRING" …; empty where it has none
  bool repaired = false;
  Sentence problem;                 // why this row cannot be used; empty if it can
  std::string problem_column;      // of the file; "geometry" for its shape
};

/// Reads a file of any format that GDAL reads, row by row; rows in which nothing stands are passed over. `fields` comes first, with the names of the columns; `each`
/// returns false to stop. The error says what to add to the recipe.
[[nodiscard]] Result<void> read_vector_file(const std::string& path, const OpenOptions& options,
                                            const std::function<Result<void>(const std::vector<std::string>&)>& fields,
                                            const std::function<bool(Feature&)>& each);

/// The layers or sheets of a file that have anything in them.
[[nodiscard]] Result<std::vector<std::string>> layers_of(const std::string& path, const OpenOptions& options);

/// A shape in storage: MultiPolygon as WKB, and its geodesic area.
struct StoredShape {
  std::string wkb;
  double area_m2 = 0;
};
/// Shapes (WKB in EPSG:4490) as one: what they cover together. Fails where their union has no area.
[[nodiscard]] Result<StoredShape> unite(const std::vector<std::string>& shapes);

/// The line of a table, or row of a sheet, among the first twenty that has all of these names; 0 if none has.
[[nodiscard]] int find_header(const std::string& path, const OpenOptions& options, const std::vector<std::string>& names);

}  // namespace gridward::geo
