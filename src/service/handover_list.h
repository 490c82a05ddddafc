#pragma once

#include <string>

#include "base/result.h"

namespace gridward::service {

/// The rows of a list of handovers as a JSON array of objects with row, cell, post, person, from and to, each as text. The first line of the table, or one of the first twenty,
/// names its columns: cell (网格编码), post (岗位), person (人员), and from (起), to (止) if there are any. `bytes` is a CSV (UTF-8 or GBK) or, with `xlsx`, a workbook.
/// invalid_argument where a column is missing or the file cannot be read; too_large beyond 1000 rows.
Result<std::string> read_handovers(const std::string& bytes, bool xlsx);

}  // namespace gridward::service
