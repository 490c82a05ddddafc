#pragma once

#include <memory>
#include <string>
#include <utility>

#include <gdal_priv.h>

#include "base/result.h"
#include "geo/vector_file.h"

namespace gridward::geo {

/// What a column of a text table may be called that has shapes as WKT.
constexpr const char* kShapeColumns = "WKT,geom,geometry,the_geom,shape";

/// An open data set, and the copies in memory that it may be read from.
class OpenFile {
 public:
  OpenFile() = default;
  OpenFile(OpenFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), folder_(std::exchange(other.folder_, {})), rows_before_names_(other.rows_before_names_) {}
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();

  GDALDataset* operator->() const { return data_; }
  /// How many rows of data stand before the one with the names of the columns; 0 where the format itself knows the names.
  [[nodiscard]] int rows_before_names() const { return rows_before_names_; }

 private:
  friend Result<OpenFile> open_file(const std::string& path, const OpenOptions& options);
  GDALDataset* data_ = nullptr;
  std::string folder_;  // in /vsimem/, or empty
  int rows_before_names_ = 0;
};

/// Opens a file of any format that GDAL reads: from .gz and .zip, Shapefiles without .shx, text in an encoding that it does not
/// state or states wrongly, tables with lines above the names of their columns. The file itself is never touched. The error says what to add to the recipe.
[[nodiscard]] Result<OpenFile> open_file(const std::string& path, const OpenOptions& options);

/// An error about a file: its name and why.
[[nodiscard]] Error unreadable(const std::string& path, const std::string& why);

}  // namespace gridward::geo
