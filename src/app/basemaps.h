#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/basemap.h"

namespace gridward::app {

/// A basemap of its text, such as "name=电子地图; crs=EPSG:3857; url=https://tiles.example.cn/vec/{z}/{x}/{y}.png". The error is the end of a sentence that begins with
/// where the text stands; for a grid in degrees (EPSG:4490) it says what to ask the provider for.
[[nodiscard]] Result<Basemap> parse_basemap(std::string_view text);

/// Where tiles come from beside our own address, each once, such as https://tiles.example.cn: what a page must be allowed to ask.
[[nodiscard]] std::vector<std::string> origins_of(const std::vector<Basemap>& basemaps);

}  // namespace gridward::app
