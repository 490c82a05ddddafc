#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gridward::geo {

/// A point of a sheet of paper: millimetres from its upper left corner, y downwards.
struct PaperPoint {
  double x = 0, y = 0;
};
struct PaperBox {
  double x = 0, y = 0, width = 0, height = 0;
  [[nodiscard]] double right() const { return x + width; }
  [[nodiscard]] double bottom() const { return y + height; }
  [[nodiscard]] bool overlaps(const PaperBox& b) const { return x < b.right() && b.x < right() && y < b.bottom() && b.y < bottom(); }
  [[nodiscard]] bool holds(const PaperBox& b) const { return x <= b.x && b.right() <= right() && y <= b.y && b.bottom() <= bottom(); }
};
using PaperLine = std::vector<PaperPoint>;

/// Red, green and blue of a colour as 0xRRGGBB.
using Rgb = std::uint32_t;

enum class Fill { none, solid, hatched };
/// How an area is drawn.
struct AreaStyle {
  Fill fill = Fill::solid;
  Rgb colour = 0xffffff;  // of a hatched one that of the lines, on white
};
struct Pen {
  Rgb colour = 0;
  double width = 0.2;  // mm
};

enum class Anchor { left, middle, right };
struct TextStyle {
  double height = 3;  // of the characters, in mm
  Rgb colour = 0;
  bool bold = false, halo = false;  // halo: on white of its own shape, so that it is read on a map
  Anchor anchor = Anchor::left;
};

/// A sheet of paper that is drawn on with Cairo, its text set by Pango: kept as PDF with all that is drawn as vectors, or as PNG. For one thread.
class Canvas {
 public:
  enum class Kind { png, pdf };
  struct Facts {
    std::string title, author, subject;  // of a PDF
    std::string made_on;                 // a day such as 2025-06-01: the same sheet gives the same bytes
  };

  /// `dots_per_inch` are those of a PNG. Throws std::bad_alloc where a picture of that size cannot be had.
  Canvas(Kind kind, double width, double height, double dots_per_inch, const Facts& facts);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;
  Canvas(Canvas&&) = delete;
  Canvas& operator=(Canvas&&) = delete;

  /// What is drawn from here on is cut off at a box, until uncut().
  void cut(const PaperBox& box);
  void uncut();

  /// Rings by the even-odd rule.
  void area(std::span<const PaperLine> rings, const AreaStyle& style);
  void box(const PaperBox& box, const AreaStyle& style);
  void lines(std::span<const PaperLine> lines, const Pen& pen, bool closed);
  void frame(const PaperBox& box, const Pen& pen);
  void circle(PaperPoint centre, double radius, const AreaStyle& style, const Pen& pen);

  /// A line of text whose anchor is at a point, on its upper edge; what no font has is counted.
  void text(PaperPoint at, const std::string& text, const TextStyle& style);
  /// Text in lines no wider than so many mm; how high it is.
  double paragraph(PaperPoint at, double width, const std::string& text, const TextStyle& style);
  /// How wide and how high a line of text is.
  [[nodiscard]] PaperPoint measure(const std::string& text, const TextStyle& style);
  /// The same of text in lines no wider than so many mm.
  [[nodiscard]] PaperPoint measure_paragraph(double width, const std::string& text, const TextStyle& style);

  /// What follows is drawn on another sheet. Of a PDF alone.
  void next_page();

  /// Characters that no font of this machine has, drawn as boxes so far.
  [[nodiscard]] std::size_t missing_characters() const;

  /// The whole; nothing may be drawn after it. Throws std::runtime_error where Cairo fails.
  [[nodiscard]] std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gridward::geo
