#include "map/sheet.h"

#include <cmath>

#include <gtest/gtest.h>

#include "domain/map_classes.h"

namespace gridward::map {
namespace {

TEST(Sheet, its_scale_is_round_and_the_land_fits) {
  const SheetLayout layout = layout_of({297, 210});
  for (double metres = 300; metres < 3e6; metres *= 1.37) {
    const double scale = metres_per_mm(metres, metres / 3, layout.map), across = metres / layout.map.width;
    EXPECT_GE(scale, across);
    EXPECT_LE(scale, across * 1.4) << "no more of the paper is empty than rounding takes";
    const double ten = std::pow(10, std::floor(std::log10(scale)));
    EXPECT_NEAR(scale / ten * 20, std::round(scale / ten * 20), 1e-6) << scale;
  }
}

TEST(Sheet, a_scale_bar_is_one_two_or_five_and_no_longer_than_it_may_be) {
  EXPECT_DOUBLE_EQ(scale_bar_metres(100, 40), 2000);
  EXPECT_DOUBLE_EQ(scale_bar_metres(100, 50), 5000);
  EXPECT_DOUBLE_EQ(scale_bar_metres(100, 19.9), 1000);
  EXPECT_DOUBLE_EQ(scale_bar_metres(1.2, 44), 50);
}

TEST(Sheet, its_parts_lie_apart_on_the_paper) {
  for (const Paper& paper : {Paper{297, 210}, Paper{210, 297}, Paper{841, 594}, Paper{420, 594}}) {
    const SheetLayout layout = layout_of(paper);
    const geo::PaperBox sheet{0, 0, paper.width, paper.height};
    for (const geo::PaperBox& box : {layout.map, layout.legend, layout.facts}) EXPECT_TRUE(sheet.holds(box) && box.width > 0 && box.height > 0);
    EXPECT_FALSE(layout.map.overlaps(layout.legend) || layout.map.overlaps(layout.facts) || layout.legend.overlaps(layout.facts));
  }
}

TEST(MapClasses, a_limit_is_in_its_class_and_shares_end_at_one) {
  const auto& limits = class_limits("1/km2");
  EXPECT_EQ(class_of(0.01, limits), 0U);
  EXPECT_EQ(class_of(1, limits), 0U);
  EXPECT_EQ(class_of(1.0001, limits), 1U);
  EXPECT_EQ(class_of(50, limits), limits.size() - 1);
  EXPECT_EQ(class_of(51, limits), limits.size());
  EXPECT_EQ(class_count("1/km2", limits), limits.size() + 1);
  EXPECT_EQ(class_count("1", class_limits("1")), class_limits("1").size());
  EXPECT_EQ(class_text("1/km2", limits, 1), "1–2");
  EXPECT_EQ(class_text("1/km2", limits, limits.size()), ">50");
  EXPECT_EQ(class_text("1", class_limits("1"), 0), "0–20%");
}

TEST(MapClasses, colours_of_classes_differ_and_darken) {
  const auto luminance = [](geo::Rgb c) { return 0.2126 * (c >> 16U & 255U) + 0.7152 * (c >> 8U & 255U) + 0.0722 * (c & 255U); };
  for (const Tendency tendency : {Tendency::burden, Tendency::achievement, Tendency::amount})
    for (std::size_t count = 2; count <= 7; ++count)
      for (std::size_t i = 1; i < count; ++i) EXPECT_LT(luminance(class_colour(tendency, i, count)), luminance(class_colour(tendency, i - 1, count)) - 8) << count << " " << i;
}

TEST(MapClasses, each_grade_of_risk_is_a_class_in_its_official_colour) {
  const auto classes = map_classes("risk_highest", "risk grade");
  ASSERT_EQ(classes.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(classes[i].high, static_cast<double>(i + 1));
  EXPECT_EQ(classes[0].colour, 0xd7301fU);
  EXPECT_EQ(classes[3].colour, 0x4292c6U);
}

TEST(Canvas, counts_the_characters_that_no_font_has) {
  geo::Canvas canvas(geo::Canvas::Kind::png, 50, 20, 72, {});
  canvas.text({5, 5}, "Gridward", {});
  EXPECT_EQ(canvas.missing_characters(), 0U);
  canvas.text({5, 12}, "\xF4\x8F\xBF\xBD", {});  // U+10FFFD, for private use
  EXPECT_EQ(canvas.missing_characters(), 1U);
  EXPECT_EQ(canvas.finish().substr(1, 3), "PNG");
}

TEST(Canvas, the_same_sheet_gives_the_same_bytes) {
  const auto drawn = [](geo::Canvas::Kind kind) {
    geo::Canvas canvas(kind, 80, 60, 100, {"title", "author", "subject", "2025-06-01"});
    canvas.box({5, 5, 30, 20}, {geo::Fill::hatched, 0x336699});
    canvas.text({10, 30}, "隐患密度", {5, 0, true, true});
    return canvas.finish();
  };
  for (const auto kind : {geo::Canvas::Kind::png, geo::Canvas::Kind::pdf}) EXPECT_EQ(drawn(kind), drawn(kind));
}

}  // namespace
}  // namespace gridward::map
