#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "geo/write_file.h"

namespace gridward::geo {

/// A table as an office prints it: a title, lines about it, a head of merged cells, rows with numbers, and notes below.
struct Form {
  /// A cell of the head, from 0; it may span rows and columns.
  struct Head {
    std::string text;
    int row = 0, column = 0, rows = 1, columns = 1;
  };
  struct Column {
    FieldType type = FieldType::text;
    double width = 10;  // in characters
    bool percent = false;
  };
  std::string name;                // of the sheet, up to 31 characters without []:*?/\ in them
  std::string title, mark;         // mark: what must not be overlooked, such as 演示数据·合成; or empty
  std::vector<std::string> lines;  // below the title
  std::vector<Column> columns;
  std::vector<Head> head;
  std::vector<std::vector<std::optional<std::string>>> rows;  // a value for each column; the first row is the total
  std::vector<std::string> notes;
};

/// Forms as XLSX, a sheet each, ready to print on A4 across. Texts are never formulas. Equal forms give equal bytes.
[[nodiscard]] Result<std::string> write_forms(const std::vector<Form>& forms);

}  // namespace gridward::geo
