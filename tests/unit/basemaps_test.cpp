#include "app/basemaps.h"

#include <gmock/gmock.h>

#include "app/config.h"

namespace gridward::app {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Basemap parsed(const std::string& text) {
  const auto one = parse_basemap(text);
  EXPECT_TRUE(one) << one.error().detail;
  return one ? *one : Basemap{};
}

std::string refusal(const std::string& text) {
  const auto one = parse_basemap(text);
  return one ? "" : one.error().detail;
}

std::string with_url(const std::string& url) { return "name=a; crs=EPSG:3857; url=" + url; }

TEST(Basemaps, AreReadWithTheirDefaults) {
  const Basemap b = parsed("name=电子地图; crs=EPSG:3857; url=https://t.example.cn:8443/vec/{z}/{x}/{y}.png");
  EXPECT_EQ(b.name, "电子地图");
  EXPECT_EQ(b.url, "https://t.example.cn:8443/vec/{z}/{x}/{y}.png");
  EXPECT_FALSE(b.gcj02 || b.from_south);
  EXPECT_EQ(b.min_zoom, 0);
  EXPECT_EQ(b.max_zoom, 18);
  EXPECT_EQ(b.tile_pixels, 256);
  EXPECT_EQ(b.credit, "");
}

TEST(Basemaps, TakeWhatElseMayBeSaid) {
  const Basemap b = parsed(" name = 影像 ;  crs=GCJ-02; zooms=3-17; pixels=512; credit=GS(2024)0650号 甲测资字; url=/basemap/{z}/{x}/{-y}.jpg;");
  EXPECT_EQ(b.name, "影像");
  EXPECT_TRUE(b.gcj02 && b.from_south);
  EXPECT_EQ(b.url, "/basemap/{z}/{x}/{y}.jpg");
  EXPECT_EQ(b.min_zoom, 3);
  EXPECT_EQ(b.max_zoom, 17);
  EXPECT_EQ(b.tile_pixels, 512);
  EXPECT_EQ(b.credit, "GS(2024)0650号 甲测资字");
}

TEST(Basemaps, AWmtsIsAskedByItsOwnWords) {
  EXPECT_EQ(parsed(with_url("https://t.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&LAYER=vec&TILEMATRIXSET=w&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}&tk=0a1c")).url,
            "https://t.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&LAYER=vec&TILEMATRIXSET=w&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=0a1c");
  EXPECT_EQ(parsed(with_url("http://10.1.2.3:8080/geoserver/gwc/service/wmts/rest/gov:roads/line/EPSG:900913/EPSG:900913:{TileMatrix}/{TileRow}/{TileCol}?format=image/png")).url,
            "http://10.1.2.3:8080/geoserver/gwc/service/wmts/rest/gov:roads/line/EPSG:900913/EPSG:900913:{z}/{y}/{x}?format=image/png");
}

TEST(Basemaps, AGridInDegreesIsRefusedWithWhatToAskFor) {
  for (const char* crs : {"EPSG:4490", "epsg:4326", "CGCS2000", "CRS84"}) EXPECT_THAT(refusal(std::string("name=a; crs=") + crs + "; url=https://t.cn/{z}/{x}/{y}"), AllOf(HasSubstr(crs), HasSubstr("grid in degrees"), HasSubstr("vec_w"), HasSubstr("gdalwarp"))) << crs;
  for (const char* url : {"https://t.cn/vec/wmts?LAYER=vec&TILEMATRIXSET=c&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}", "https://t.cn/DataServer?T=vec_c&x={x}&y={y}&l={z}", "https://t.cn/img_c/{z}/{y}/{x}",
                          "https://t.cn/wmts/rest/roads/EPSG:4490/{TileMatrix}/{TileRow}/{TileCol}", "https://t.cn/wmts?tileMatrixSet=CustomCRS4490Scale&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}", "https://t.cn/wmts?TileMatrixSet=WorldCRS84Quad&a={z}{y}{x}"})
    EXPECT_THAT(refusal(with_url(url)), HasSubstr("in its url, which is a grid in degrees")) << url;
  EXPECT_EQ(refusal(with_url("https://c/c/t?style=c&z={z}&x={x}&y={y}")), "");  // a letter alone says something only as the name of a grid
}

TEST(Basemaps, WhatIsWrongIsSaid) {
  EXPECT_THAT(refusal("https://t.cn/{z}/{x}/{y}.png"), HasSubstr("must be as \"name=电子地图; crs=EPSG:3857; url="));
  EXPECT_THAT(refusal("name=a; url=https://t.cn/{z}/{x}/{y}"), HasSubstr("has no crs"));
  EXPECT_THAT(refusal("name=a; crs=EPSG:3857; srs=4; url=https://t.cn/{z}/{x}/{y}"), HasSubstr("\"srs=4\" is none"));
  EXPECT_THAT(refusal("name=a; name=b; crs=EPSG:3857; url=https://t.cn/{z}/{x}/{y}"), HasSubstr("names name twice"));
  EXPECT_THAT(refusal("name=a; crs=BD-09; url=https://t.cn/{z}/{x}/{y}"), HasSubstr("a grid of their own"));
  EXPECT_THAT(refusal("name=a; crs=EPSG:2383; url=https://t.cn/{z}/{x}/{y}"), HasSubstr("must be EPSG:3857, or GCJ-02"));
  EXPECT_THAT(refusal(with_url("https://t.cn/{z}/{x}.png")), HasSubstr("has no {y}"));
  EXPECT_THAT(refusal(with_url("https://{s}.t.cn/{z}/{x}/{y}.png")), HasSubstr("must have a url"));
  EXPECT_THAT(refusal(with_url("https://t.cn/{Style}/{z}/{x}/{y}.png")), HasSubstr("has {style} in its url"));
  for (const char* url : {"ftp://t.cn/{z}/{x}/{y}", "//t.cn/{z}/{x}/{y}", "tiles/{z}/{x}/{y}", "https:///{z}/{x}/{y}", "https://u@t.cn/{z}/{x}/{y}", "https://t.cn/{z}/{x}/{y}\"'", "https://t.cn/ {z}/{x}/{y}"}) EXPECT_THAT(refusal(with_url(url)), HasSubstr("must have a url")) << url;
  for (const char* zooms : {"18", "9-3", "-1-4", "3-25", "a-b"}) EXPECT_THAT(refusal(with_url("https://t.cn/{z}/{x}/{y}") + "; zooms=" + zooms), HasSubstr("such as 3-18")) << zooms;
  EXPECT_THAT(refusal(with_url("https://t.cn/{z}/{x}/{y}; pixels=300")), HasSubstr("256 or 512"));
}

TEST(Basemaps, OriginsAreThoseOfOthersEachOnce) {
  EXPECT_THAT(origins_of({parsed(with_url("https://a.cn:8443/{z}/{x}/{y}")), parsed(with_url("/own/{z}/{x}/{y}")), parsed(with_url("https://a.cn:8443/b/{z}/{x}/{y}")), parsed(with_url("http://[fd00::1]/{z}/{x}/{y}"))}),
              ElementsAre("https://a.cn:8443", "http://[fd00::1]"));
}

TEST(Basemaps, AreASetting) {
  Settings settings;
  const char* const one = "name=a; crs=EPSG:3857; url=https://t.cn/{z}/{x}/{y}";
  ASSERT_TRUE(settings.set("map.basemaps", std::string(one) + "," + "name=b; crs=GCJ-02; url=https://t.cn/g/{z}/{x}/{y}", "--set"));
  const auto config = read_config(settings);
  ASSERT_TRUE(config) << config.error().detail;
  ASSERT_EQ(config->basemaps.size(), 2U);
  EXPECT_TRUE(config->basemaps[1].gcj02);
  ASSERT_TRUE(settings.set("map.basemaps", std::string(one) + "," + one, "--set"));
  EXPECT_THAT(read_config(settings).error().detail, AllOf(HasSubstr("map.basemaps (--set)"), HasSubstr("two basemaps of the name a")));
  ASSERT_TRUE(settings.set("map.basemaps", "name=a; crs=EPSG:4490; url=https://t.cn/{z}/{x}/{y}", "--set"));
  EXPECT_THAT(read_config(settings).error().detail, AllOf(HasSubstr("map.basemaps (--set) has crs=EPSG:4490"), HasSubstr("in \"name=a; crs=EPSG:4490")));
}

}  // namespace
}  // namespace gridward::app
