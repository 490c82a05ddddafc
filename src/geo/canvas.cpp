#include "geo/canvas.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <numbers>
#include <stdexcept>

#include <cairo-pdf.h>
#include <cairo.h>
#include <pango/pangocairo.h>

namespace gridward::geo {
namespace {

constexpr double kPointsPerMm = 72 / 25.4;
/// Fonts for Chinese text by preference; fontconfig finds others where these are not installed.
constexpr const char* kFonts = "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, WenQuanYi Zen Hei, Noto Sans, DejaVu Sans, sans-serif";

struct Free {
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
  void operator()(cairo_t* c) const { cairo_destroy(c); }
  void operator()(PangoLayout* l) const { g_object_unref(l); }
  void operator()(PangoFontMap* m) const { g_object_unref(m); }
  void operator()(PangoContext* c) const { g_object_unref(c); }
  void operator()(PangoFontDescription* d) const { pango_font_description_free(d); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

cairo_status_t append(void* out, const unsigned char* bytes, unsigned length) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

struct Canvas::State {
  Kind kind;
  std::string bytes;  // where the surface writes: it must outlive that
  Owned<cairo_surface_t> surface;
  Owned<cairo_t> cairo;
  Owned<PangoFontMap> fonts;
  Owned<PangoContext> context;
  std::size_t missing = 0;

  void colour(Rgb rgb) const { cairo_set_source_rgb(cairo.get(), (rgb >> 16U & 255U) / 255.0, (rgb >> 8U & 255U) / 255.0, (rgb & 255U) / 255.0); }

  void path(std::span<const PaperLine> lines, bool closed) const {
    cairo_new_path(cairo.get());
    for (const PaperLine& line : lines) {
      bool first = true;
      for (const PaperPoint& p : line) {
        if (first) cairo_move_to(cairo.get(), p.x, p.y);
        else cairo_line_to(cairo.get(), p.x, p.y);
        first = false;
      }
      if (closed && !line.empty()) cairo_close_path(cairo.get());
    }
  }

  /// Fills the path that is there, which goes.
  void fill(const AreaStyle& style) const {
    if (style.fill == Fill::none) return cairo_new_path(cairo.get());
    colour(style.fill == Fill::solid ? style.colour : 0xffffff);
    if (style.fill == Fill::solid) return cairo_fill(cairo.get());
    cairo_fill_preserve(cairo.get());
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    cairo_path_extents(cairo.get(), &x0, &y0, &x1, &y1);
    double cut_x0 = 0, cut_y0 = 0, cut_x1 = 0, cut_y1 = 0;
    cairo_clip_extents(cairo.get(), &cut_x0, &cut_y0, &cut_x1, &cut_y1);
    cairo_save(cairo.get());
    cairo_clip(cairo.get());
    // Lines at fixed places of the sheet, so that those of neighbours meet.
    constexpr double apart = 1.2;
    const double from = std::max(x0 + y0, cut_x0 + cut_y0), to = std::min(x1 + y1, cut_x1 + cut_y1);
    for (double sum = std::floor(from / apart) * apart; sum <= to; sum += apart) {
      cairo_move_to(cairo.get(), sum - y0, y0);
      cairo_line_to(cairo.get(), sum - y1, y1);
    }
    colour(style.colour);
    cairo_set_line_width(cairo.get(), 0.15);
    cairo_stroke(cairo.get());
    cairo_restore(cairo.get());
  }

  void stroke(const Pen& pen) const {
    colour(pen.colour);
    cairo_set_line_width(cairo.get(), pen.width);
    cairo_set_line_join(cairo.get(), CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cairo.get(), CAIRO_LINE_CAP_ROUND);
    cairo_stroke(cairo.get());
  }

  /// `width`: of a paragraph in mm, or 0 for one line.
  Owned<PangoLayout> layout(const std::string& text, const TextStyle& style, double width) const {
    Owned<PangoLayout> out(pango_layout_new(context.get()));
    const Owned<PangoFontDescription> font(pango_font_description_from_string(kFonts));
    pango_font_description_set_absolute_size(font.get(), style.height * PANGO_SCALE);
    pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(out.get(), font.get());
    if (width > 0) {
      pango_layout_set_width(out.get(), static_cast<int>(width * PANGO_SCALE));
      pango_layout_set_wrap(out.get(), PANGO_WRAP_WORD_CHAR);
    }
    pango_layout_set_text(out.get(), text.data(), static_cast<int>(text.size()));
    return out;
  }

  void show(PaperPoint at, PangoLayout* layout, const TextStyle& style) {
    missing += static_cast<std::size_t>(pango_layout_get_unknown_glyphs_count(layout));
    cairo_move_to(cairo.get(), at.x, at.y);
    if (style.halo) {
      pango_cairo_layout_path(cairo.get(), layout);
      stroke({0xffffff, style.height * 0.22});
      cairo_move_to(cairo.get(), at.x, at.y);
    }
    colour(style.colour);
    pango_cairo_show_layout(cairo.get(), layout);
    cairo_new_path(cairo.get());
  }

  static PaperPoint size(PangoLayout* layout) {
    int width = 0, height = 0;
    pango_layout_get_size(layout, &width, &height);
    return {static_cast<double>(width) / PANGO_SCALE, static_cast<double>(height) / PANGO_SCALE};
  }
};

Canvas::Canvas(Kind kind, double width, double height, double dots_per_inch, const Facts& facts) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.kind = kind;
  double scale = kPointsPerMm;
  if (kind == Kind::pdf) {
    s.surface.reset(cairo_pdf_surface_create_for_stream(append, &s.bytes, width * scale, height * scale));
    const std::string made = facts.made_on + "T00:00:00Z";
    for (const auto& [what, text] : {std::pair{CAIRO_PDF_METADATA_TITLE, &facts.title}, {CAIRO_PDF_METADATA_AUTHOR, &facts.author}, {CAIRO_PDF_METADATA_SUBJECT, &facts.subject}, {CAIRO_PDF_METADATA_CREATE_DATE, &made}})
      cairo_pdf_surface_set_metadata(s.surface.get(), what, text->c_str());
  } else {
    scale = dots_per_inch / 25.4;
    s.surface.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(width * scale)), static_cast<int>(std::lround(height * scale))));
  }
  if (cairo_surface_status(s.surface.get()) != CAIRO_STATUS_SUCCESS) throw std::bad_alloc();
  s.cairo.reset(cairo_create(s.surface.get()));
  cairo_scale(s.cairo.get(), scale, scale);
  cairo_set_fill_rule(s.cairo.get(), CAIRO_FILL_RULE_EVEN_ODD);
  s.colour(0xffffff);
  cairo_paint(s.cairo.get());
  // A font map of its own, so that threads share none. Text is laid out in mm, without hints for some device.
  s.fonts.reset(pango_cairo_font_map_new());
  s.context.reset(pango_font_map_create_context(s.fonts.get()));
  pango_cairo_update_context(s.cairo.get(), s.context.get());
  pango_cairo_context_set_resolution(s.context.get(), 72);
  pango_context_set_round_glyph_positions(s.context.get(), FALSE);
  pango_context_set_language(s.context.get(), pango_language_from_string("zh-cn"));
}

Canvas::~Canvas() = default;

void Canvas::cut(const PaperBox& box) {
  cairo_save(state_->cairo.get());
  cairo_rectangle(state_->cairo.get(), box.x, box.y, box.width, box.height);
  cairo_clip(state_->cairo.get());
}

void Canvas::uncut() { cairo_restore(state_->cairo.get()); }

void Canvas::area(std::span<const PaperLine> rings, const AreaStyle& style) {
  state_->path(rings, true);
  state_->fill(style);
}

void Canvas::box(const PaperBox& box, const AreaStyle& style) {
  cairo_rectangle(state_->cairo.get(), box.x, box.y, box.width, box.height);
  state_->fill(style);
}

void Canvas::lines(std::span<const PaperLine> lines, const Pen& pen, bool closed) {
  state_->path(lines, closed);
  state_->stroke(pen);
}

void Canvas::frame(const PaperBox& box, const Pen& pen) {
  cairo_rectangle(state_->cairo.get(), box.x, box.y, box.width, box.height);
  state_->stroke(pen);
}

void Canvas::circle(PaperPoint centre, double radius, const AreaStyle& style, const Pen& pen) {
  for (const bool filled : {true, false}) {
    cairo_new_path(state_->cairo.get());
    cairo_arc(state_->cairo.get(), centre.x, centre.y, radius, 0, 2 * std::numbers::pi);
    if (filled) state_->fill(style);
    else state_->stroke(pen);
  }
}

void Canvas::text(PaperPoint at, const std::string& text, const TextStyle& style) {
  const auto layout = state_->layout(text, style, 0);
  const double width = State::size(layout.get()).x;
  at.x -= style.anchor == Anchor::middle ? width / 2 : style.anchor == Anchor::right ? width : 0;
  state_->show(at, layout.get(), style);
}

double Canvas::paragraph(PaperPoint at, double width, const std::string& text, const TextStyle& style) {
  const auto layout = state_->layout(text, style, width);
  state_->show(at, layout.get(), style);
  return State::size(layout.get()).y;
}

PaperPoint Canvas::measure(const std::string& text, const TextStyle& style) { return State::size(state_->layout(text, style, 0).get()); }

PaperPoint Canvas::measure_paragraph(double width, const std::string& text, const TextStyle& style) { return State::size(state_->layout(text, style, width).get()); }

void Canvas::next_page() { cairo_show_page(state_->cairo.get()); }

std::size_t Canvas::missing_characters() const { return state_->missing; }

std::string Canvas::finish() {
  State& s = *state_;
  cairo_status_t status = cairo_status(s.cairo.get());
  if (s.kind == Kind::png) {
    cairo_surface_flush(s.surface.get());
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_write_to_png_stream(s.surface.get(), append, &s.bytes);
  } else {
    cairo_show_page(s.cairo.get());
    cairo_surface_finish(s.surface.get());
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(s.surface.get());
  }
  if (status != CAIRO_STATUS_SUCCESS) throw std::runtime_error(std::string("Cairo: ") + cairo_status_to_string(status));
  return std::move(s.bytes);
}

}  // namespace gridward::geo
