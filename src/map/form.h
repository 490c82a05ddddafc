#pragma once

#include <string>
#include <vector>

#include "geo/canvas.h"

namespace gridward::map {

/// A box of a form: `share` of the width of its row.
struct FormCell {
  double share = 1;
  std::string text;
  bool label = false;  // says what stands beside or below it
};
struct FormRow {
  std::vector<FormCell> cells;
  double least_height = 9;  // mm
  bool head = false;        // of a table: it is drawn again where the table goes on on another page
};

/// A form as a bureau files it: a title, boxes in rows over as many pages of A4 as they need, and what stands below them.
struct Form {
  std::string title, left, right;  // left and right: on one line below the title, such as its number and its unit
  std::string mark;                // what must not be overlooked, such as 演示数据·合成; or empty
  std::vector<FormRow> rows;
  std::string note;                // small, after the last row
  std::string foot;                // small, on each page, beside its number
};

/// Adds a text under a label, in as many rows as it needs to be broken between pages.
void add_text(Form& form, const std::string& label, double label_share, const std::string& text, double least_height);

/// Draws a form on A4, upright; with `first_page` alone (a preview) the rest is left out. Returns how many pages it has.
int draw_form(const Form& form, geo::Canvas& canvas, bool first_page);

}  // namespace gridward::map
