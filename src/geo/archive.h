#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace gridward::geo {

/// What a file may unpack to: a .zip, a .gz, and sheets, which are archives too.
constexpr std::uint64_t kMostUnpacked = std::uint64_t{2} << 30;

/// Where GDAL finds what is to be read: the path itself, or what is packed in a .gz or .zip. A .zip is asked for its only map or table (a Shapefile or
/// file geodatabase before a table); "x.zip/streets.shp" names one of several. Refuses what swells beyond kMostUnpacked. The error says what to do.
[[nodiscard]] Result<std::string> locate_data(const std::string& path);

}  // namespace gridward::geo
