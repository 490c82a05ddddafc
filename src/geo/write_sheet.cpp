#include "geo/write_sheet.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <ogrsf_frmts.h>
#include <xlsxwriter.h>

#include "base/day.h"
#include "geo/workbook.h"

namespace gridward::geo {
namespace {

using Value = std::optional<std::string>;

/// The number that a whole text is, if it is one.
std::optional<double> number_of(const std::string& text) {
  double n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  return ec == std::errc{} && end == text.data() + text.size() && std::isfinite(n) ? std::optional(n) : std::nullopt;
}

/// Whether a spreadsheet would run a text as a formula. The full-width signs count too: Excel takes them in Chinese and Japanese.
bool looks_like_formula(const std::string& text) {
  if (text.empty()) return false;
  return std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos || text.starts_with("＝") || text.starts_with("＋") || text.starts_with("－") || text.starts_with("＠");
}

void append_csv(std::string& out, const std::string& text, FieldType type) {
  const bool plain = (type == FieldType::integer || type == FieldType::real) && number_of(text);
  const bool formula = !plain && looks_like_formula(text);
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    if (formula) out += '\'';
    out += text;
    return;
  }
  out += formula ? "\"'" : "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

std::string wkt_of(const std::string& wkb) {
  OGRGeometry* made = nullptr;
  if (OGRGeometryFactory::createFromWkb(wkb.data(), nullptr, &made, wkb.size()) != OGRERR_NONE) return "";
  const std::unique_ptr<OGRGeometry> geometry(made);
  return geometry->exportToWkt();
}

struct Formats {
  lxw_format *head, *day;
};

void write_cell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text, FieldType type, const Formats& formats) {
  constexpr double most_exact = 1e15;  // a sheet's numbers have 15 digits
  if (type == FieldType::integer || type == FieldType::real) {
    if (const auto n = number_of(text); n && (type == FieldType::real || std::abs(*n) < most_exact)) {
      worksheet_write_number(sheet, row, column, *n, nullptr);
      return;
    }
  }
  if (type == FieldType::boolean) {
    worksheet_write_boolean(sheet, row, column, text == "true" ? 1 : 0, nullptr);
    return;
  }
  const auto day = type == FieldType::day ? parse_day(text) : std::nullopt;
  const std::chrono::year_month_day date{day.value_or(Day{})};
  if (day && date.year() >= std::chrono::year{1901} && date.year() <= std::chrono::year{9999}) {
    lxw_datetime at{static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())), static_cast<int>(static_cast<unsigned>(date.day())), 0, 0, 0};
    worksheet_write_datetime(sheet, row, column, &at, formats.day);
    return;
  }
  worksheet_write_string(sheet, row, column, fitting(text).c_str(), nullptr);
}

void write_rows(lxw_workbook* book, const Table& table, const Formats& formats) {
  lxw_worksheet* sheet = workbook_add_worksheet(book, table.name.c_str());
  for (std::size_t c = 0; c < table.fields.size(); ++c) {
    const bool wide = table.fields[c].type == FieldType::text;
    worksheet_set_column(sheet, static_cast<lxw_col_t>(c), static_cast<lxw_col_t>(c), wide ? 20 : 12, nullptr);
    worksheet_write_string(sheet, 0, static_cast<lxw_col_t>(c), table.fields[c].name.c_str(), formats.head);
  }
  worksheet_freeze_panes(sheet, 1, 0);
  if (!table.fields.empty()) worksheet_autofilter(sheet, 0, 0, static_cast<lxw_row_t>(table.rows.size()), static_cast<lxw_col_t>(table.fields.size() - 1));
  lxw_row_t at = 0;
  for (const Table::Row& row : table.rows) {
    ++at;
    for (std::size_t c = 0; c < row.values.size(); ++c)
      if (row.values[c]) write_cell(sheet, at, static_cast<lxw_col_t>(c), *row.values[c], table.fields[c].type, formats);
  }
}

void write_notes(lxw_workbook* book, const Table& table, const Formats& formats) {
  if (table.notes.empty()) return;
  lxw_worksheet* sheet = workbook_add_worksheet(book, "说明");
  worksheet_set_column(sheet, 0, 0, 24, nullptr);
  worksheet_set_column(sheet, 1, 1, 80, nullptr);
  lxw_row_t at = 0;
  for (const auto& [name, text] : table.notes) {
    worksheet_write_string(sheet, at, 0, name.c_str(), formats.head);
    worksheet_write_string(sheet, at++, 1, fitting(text).c_str(), nullptr);
  }
}

}  // namespace

std::string write_csv(const Table& table) {
  const bool wkt = table.drawn && std::ranges::find(table.fields, "lon", &Field::name) == table.fields.end();
  std::string out = "\xEF\xBB\xBF";
  if (wkt) out += table.fields.empty() ? "WKT" : "WKT,";
  for (const Field& field : table.fields) {
    if (&field != &table.fields.front()) out += ',';
    append_csv(out, field.name, FieldType::text);
  }
  out += "\r\n";
  for (const Table::Row& row : table.rows) {
    if (wkt) append_csv(out, row.wkb.empty() ? "" : wkt_of(row.wkb), FieldType::text);
    for (std::size_t c = 0; c < row.values.size(); ++c) {
      if (wkt || c > 0) out += ',';
      if (row.values[c]) append_csv(out, *row.values[c], table.fields[c].type);
    }
    out += "\r\n";
  }
  return out;
}

Result<std::string> write_xlsx(const Table& table) {
  if (table.rows.size() >= LXW_ROW_MAX) return fail(Errc::too_large, "A sheet holds 1,048,575 rows, and these are more: narrow what you ask for, or take CSV.");
  Workbook book(true);
  if (book.book() == nullptr) return book.finish();
  const Formats formats{workbook_add_format(book.book()), workbook_add_format(book.book())};
  format_set_bold(formats.head);
  format_set_num_format(formats.day, "yyyy-mm-dd");
  write_rows(book.book(), table, formats);
  write_notes(book.book(), table, formats);
  return book.finish();
}

}  // namespace gridward::geo
