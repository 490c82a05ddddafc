#include "map/form.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

namespace gridward::map {
namespace {

using geo::Anchor;
using geo::Canvas;
using geo::Fill;
using geo::PaperBox;
using geo::TextStyle;

constexpr double kWidth = 210, kHeight = 297, kLeft = 20, kInner = kWidth - 2 * kLeft, kTop = 44, kTopOfOthers = 20, kBottom = kHeight - 20, kPadding = 1.8;
constexpr geo::Rgb kInk = 0x111111, kGrey = 0x52606d, kAlarm = 0xc1121f, kShade = 0xf0f2f4;
constexpr std::size_t kMostInOneRow = 600;  // characters: about a third of a page

TextStyle style_of(const FormCell& cell) { return {3.5, kInk, cell.label}; }

double height_of(const FormRow& row, Canvas& canvas) {
  double height = row.least_height;
  for (const FormCell& cell : row.cells) height = std::max(height, canvas.measure_paragraph(cell.share * kInner - 2 * kPadding, cell.text, style_of(cell)).y + 2 * kPadding);
  return height;
}

void draw_row(const FormRow& row, double y, double height, Canvas& canvas) {
  double x = kLeft;
  for (const FormCell& cell : row.cells) {
    const PaperBox box{x, y, cell.share * kInner, height};
    if (cell.label) canvas.box(box, {Fill::solid, kShade});
    canvas.frame(box, {kInk, 0.25});
    const double room = box.width - 2 * kPadding;
    const geo::PaperPoint size = canvas.measure_paragraph(room, cell.text, style_of(cell));
    const double down = std::max(kPadding, (height - size.y) / 2);
    const double across = cell.label ? std::max(0.0, (room - size.x) / 2) : 0;  // labels in the middle
    canvas.paragraph({x + kPadding + across, y + down}, room - across, cell.text, style_of(cell));
    x = box.right();
  }
}

void draw_head(const Form& form, Canvas& canvas) {
  double height = 7;
  while (height > 3.5 && canvas.measure(form.title, {height, kInk, true}).x > kInner) height *= 0.93;
  canvas.text({kWidth / 2, 22}, form.title, {height, kInk, true, false, Anchor::middle});
  canvas.text({kLeft, kTop - 6.5}, form.left, {3.4, kInk});
  canvas.text({kLeft + kInner, kTop - 6.5}, form.right, {3.4, kInk, false, false, Anchor::right});
}

void draw_foot(const Form& form, int page, int pages, Canvas& canvas) {
  canvas.text({kLeft, kHeight - 13}, form.foot, {2.6, kGrey});
  canvas.text({kLeft + kInner, kHeight - 13}, fmt::format("第 {} 页　共 {} 页", page, pages), {2.6, kGrey, false, false, Anchor::right});
  if (!form.mark.empty()) canvas.text({kLeft + kInner, 12}, form.mark, {3.4, kAlarm, true, false, Anchor::right});
}

/// Where each row stands.
struct Place {
  int page = 1;
  double y = 0, height = 0;
  std::ptrdiff_t head = -1;  // that is drawn above it again
};

/// The row that heads the table in which a row stands; -1 where none does.
std::ptrdiff_t head_of(const Form& form, std::size_t row) {
  const std::size_t cells = form.rows[row].cells.size();
  for (auto i = static_cast<std::ptrdiff_t>(row); i >= 0; --i) {
    const FormRow& r = form.rows[static_cast<std::size_t>(i)];
    if (r.cells.size() != cells) return -1;
    if (r.head) return i;
  }
  return -1;
}

std::vector<Place> place_rows(const Form& form, Canvas& canvas) {
  std::vector<double> heights;
  for (const FormRow& row : form.rows) heights.push_back(height_of(row, canvas));
  std::vector<Place> out;
  Place at{1, kTop, 0, -1};
  for (std::size_t i = 0; i < form.rows.size(); ++i) {
    at.height = heights[i];
    at.head = -1;
    const double with_next = at.height + (form.rows[i].head && i + 1 < form.rows.size() ? heights[i + 1] : 0);  // a head never stands alone
    if (at.y + with_next > kBottom) {
      ++at.page;
      at.y = kTopOfOthers;
      if (const auto head = head_of(form, i); head >= 0 && head != static_cast<std::ptrdiff_t>(i)) {
        at.head = head;
        at.y += heights[static_cast<std::size_t>(head)];
      }
    }
    out.push_back(at);
    at.y += at.height;
  }
  return out;
}

/// Where the text of so many characters ends, as a place in its bytes.
std::size_t end_of(const std::string& text, std::size_t from, std::size_t characters) {
  std::size_t at = from;
  while (at < text.size() && characters > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    --characters;
  }
  return at;
}

}  // namespace

void add_text(Form& form, const std::string& label, double label_share, const std::string& text, double least_height) {
  std::size_t from = 0;
  do {
    const std::size_t end = end_of(text, from, kMostInOneRow);
    form.rows.push_back({{{label_share, from == 0 ? label : label + "（续）", true}, {1 - label_share, text.substr(from, end - from)}}, from == 0 ? least_height : 9});
    from = end;
  } while (from < text.size());
}

int draw_form(const Form& form, Canvas& canvas, bool first_page) {
  const std::vector<Place> places = place_rows(form, canvas);
  const int last = places.empty() ? 1 : places.back().page;
  const double below = places.empty() ? kTop : places.back().y + places.back().height + 3;
  const double note = form.note.empty() ? 0 : canvas.measure_paragraph(kInner, form.note, {2.8, kGrey}).y;
  const bool note_apart = below + note > kBottom;
  const int pages = last + (note_apart ? 1 : 0);
  draw_head(form, canvas);
  draw_foot(form, 1, pages, canvas);
  int page = 1;
  const auto turn_to = [&](int to) {
    for (; page < to; draw_foot(form, ++page, pages, canvas)) canvas.next_page();
  };
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Place& p = places[i];
    if (first_page && p.page > 1) return pages;
    turn_to(p.page);
    if (p.head >= 0) {
      const FormRow& head = form.rows[static_cast<std::size_t>(p.head)];
      draw_row(head, kTopOfOthers, p.y - kTopOfOthers, canvas);
    }
    draw_row(form.rows[i], p.y, p.height, canvas);
  }
  if (first_page && note_apart) return pages;
  turn_to(pages);
  canvas.paragraph({kLeft, note_apart ? kTopOfOthers : below}, kInner, form.note, {2.8, kGrey});
  return pages;
}

}  // namespace gridward::map
