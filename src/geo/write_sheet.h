#pragma once

#include <string>

#include "base/result.h"
#include "geo/write_file.h"

namespace gridward::geo {

/// A table as CSV by RFC 4180, beginning with a byte order mark so that Excel reads it as UTF-8. Shapes come as WKT in a first column,
/// unless the table has their longitude and latitude. A text that a spreadsheet would run as a formula (it begins with = + - @, a tab
/// or a line end) has an apostrophe before it.
[[nodiscard]] std::string write_csv(const Table& table);

/// The same as XLSX: numbers, days and true or false as what they are, all else as text that is never a formula; without shapes. The
/// table's notes are a second sheet. Equal tables give equal bytes. Fails with more rows than a sheet holds (1,048,575).
[[nodiscard]] Result<std::string> write_xlsx(const Table& table);

}  // namespace gridward::geo
