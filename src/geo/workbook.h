#pragma once

#include <string>

#include "base/result.h"

struct lxw_workbook;

namespace gridward::geo {

/// An XLSX workbook in the making, in a file that is gone with this object: libxlsxwriter writes to files only. The same calls give the same bytes.
class Workbook {
 public:
  /// `row_by_row`: rows go to disk as they come, in their order, so that memory does not grow with them; cells cannot be merged down then.
  explicit Workbook(bool row_by_row);
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;
  /// nullptr when it could not be begun.
  [[nodiscard]] lxw_workbook* book() { return book_; }
  /// Ends it and gives its bytes; nothing can be written after.
  Result<std::string> finish();

 private:
  std::string path_;
  lxw_workbook* book_ = nullptr;
};

/// A text as a cell of a sheet can hold it: what is longer than 32,000 bytes is cut, and says so.
[[nodiscard]] std::string fitting(const std::string& text);

}  // namespace gridward::geo
