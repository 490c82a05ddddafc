#include "geo/write_form.h"

#include <algorithm>
#include <charconv>

#include <xlsxwriter.h>

#include "geo/workbook.h"

namespace gridward::geo {
namespace {

struct Formats {
  lxw_format *title, *mark, *line, *head, *text, *number, *money, *percent, *note;
};

lxw_format* framed(lxw_workbook* book, lxw_format_alignments align) {
  lxw_format* format = workbook_add_format(book);
  format_set_border(format, LXW_BORDER_THIN);
  format_set_align(format, align);
  format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
  return format;
}

Formats make_formats(lxw_workbook* book) {
  Formats f{workbook_add_format(book), workbook_add_format(book), workbook_add_format(book), framed(book, LXW_ALIGN_CENTER), framed(book, LXW_ALIGN_LEFT), framed(book, LXW_ALIGN_RIGHT),
            framed(book, LXW_ALIGN_RIGHT), framed(book, LXW_ALIGN_RIGHT), workbook_add_format(book)};
  format_set_bold(f.title);
  format_set_font_size(f.title, 16);
  format_set_align(f.title, LXW_ALIGN_CENTER);
  format_set_bold(f.mark);
  format_set_font_color(f.mark, 0xB00020);
  format_set_align(f.mark, LXW_ALIGN_CENTER);
  format_set_bold(f.head);
  format_set_text_wrap(f.head);
  format_set_bg_color(f.head, 0xEEF2F5);
  format_set_text_wrap(f.text);
  format_set_num_format(f.number, "0");
  format_set_num_format(f.money, "0.00");
  format_set_num_format(f.percent, "0.0%");
  for (lxw_format* format : {f.line, f.note}) {
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
  }
  return f;
}

/// One sheet, written from top to bottom.
class Sheet {
 public:
  Sheet(lxw_workbook* book, const Form& form, const Formats& formats)
      : sheet_(workbook_add_worksheet(book, form.name.c_str())), form_(form), formats_(formats), last_(static_cast<lxw_col_t>(form.columns.size() - 1)) {}

  void write() {
    for (std::size_t c = 0; c < form_.columns.size(); ++c) worksheet_set_column(sheet_, static_cast<lxw_col_t>(c), static_cast<lxw_col_t>(c), form_.columns[c].width, nullptr);
    line(form_.title, formats_.title, 28);
    if (!form_.mark.empty()) line(form_.mark, formats_.mark, 18);
    for (const std::string& text : form_.lines) line(text, formats_.line, height_of(text));
    head();
    for (const auto& row : form_.rows) {
      for (std::size_t c = 0; c < row.size(); ++c) cell(static_cast<lxw_col_t>(c), row[c]);
      ++at_;
    }
    for (const std::string& text : form_.notes) line(text, formats_.note, height_of(text));
    worksheet_set_landscape(sheet_);
    worksheet_set_paper(sheet_, 9);  // A4
    worksheet_fit_to_pages(sheet_, 1, 0);
    worksheet_repeat_rows(sheet_, head_, head_ + static_cast<lxw_row_t>(head_rows()) - 1);
  }

 private:
  /// A text over the whole width; merged cells do not grow with their text, so their height is said.
  void line(const std::string& text, lxw_format* format, double height) {
    worksheet_set_row(sheet_, at_, height, nullptr);
    worksheet_merge_range(sheet_, at_, 0, at_, last_, fitting(text).c_str(), format);
    ++at_;
  }

  double height_of(const std::string& text) const {
    double width = 0, length = 0;
    for (const Form::Column& c : form_.columns) width += c.width;
    // A Chinese character is as wide as two others, and has three bytes.
    for (const char c : text) length += static_cast<unsigned char>(c) < 0x80 ? 1 : 2.0 / 3;
    return 15 * std::max(1.0, static_cast<double>(static_cast<int>(length / width + 0.999)));
  }

  int head_rows() const {
    int rows = 0;
    for (const Form::Head& h : form_.head) rows = std::max(rows, h.row + h.rows);
    return rows;
  }

  void head() {
    head_ = at_;
    for (int r = 0; r < head_rows(); ++r) worksheet_set_row(sheet_, at_ + static_cast<lxw_row_t>(r), 32, nullptr);
    for (const Form::Head& h : form_.head) {
      const auto row = at_ + static_cast<lxw_row_t>(h.row);
      const auto column = static_cast<lxw_col_t>(h.column);
      if (h.rows * h.columns == 1) worksheet_write_string(sheet_, row, column, h.text.c_str(), formats_.head);
      else worksheet_merge_range(sheet_, row, column, row + static_cast<lxw_row_t>(h.rows) - 1, static_cast<lxw_col_t>(h.column + h.columns - 1), h.text.c_str(), formats_.head);
    }
    at_ += static_cast<lxw_row_t>(head_rows());
    worksheet_freeze_panes(sheet_, at_, 1);
  }

  void cell(lxw_col_t column, const std::optional<std::string>& value) {
    const Form::Column& is = form_.columns[column];
    double n = 0;
    if (!value) {
      worksheet_write_string(sheet_, at_, column, "—", formats_.number);
    } else if (is.type == FieldType::text || std::from_chars(value->data(), value->data() + value->size(), n).ec != std::errc{}) {
      worksheet_write_string(sheet_, at_, column, fitting(*value).c_str(), formats_.text);
    } else {
      worksheet_write_number(sheet_, at_, column, n, is.percent ? formats_.percent : is.type == FieldType::real ? formats_.money : formats_.number);
    }
  }

  lxw_worksheet* sheet_;
  const Form& form_;
  const Formats& formats_;
  const lxw_col_t last_;
  lxw_row_t at_ = 0, head_ = 0;
};

}  // namespace

Result<std::string> write_forms(const std::vector<Form>& forms) {
  Workbook book(false);
  if (book.book() == nullptr) return book.finish();
  const Formats formats = make_formats(book.book());
  for (const Form& form : forms) Sheet(book.book(), form, formats).write();
  return book.finish();
}

}  // namespace gridward::geo
