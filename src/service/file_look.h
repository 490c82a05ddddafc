#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "geo/vector_file.h"

namespace gridward::service {

/// What a file holds, for one who is about to say what its columns mean.
struct FileLook {
  std::string file;
  std::vector<std::string> layers;  // where there are several and none was named: one is to be chosen, and nothing else is known
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> samples;  // of the first rows, by column
  std::optional<std::int64_t> rows;               // none: more than were counted
  std::string geometry;                           // of the first row that has one: "MULTIPOLYGON", "POINT" …
  std::string encoding, crs;                      // what had to be assumed, as the file does not say
};

/// Looks at a file. Where it does not say its encoding or system, GBK and EPSG:4490 are tried, and told as assumed; the error says why it cannot be read even so.
[[nodiscard]] Result<FileLook> look_at_file(const std::string& path, const geo::OpenOptions& options);

/// The same of the one file (or the files of one Shapefile) in a .zip, which unpacks to no more than so many bytes.
[[nodiscard]] Result<FileLook> look_at_archive(const std::string& zip, std::uint64_t most_unpacked, const geo::OpenOptions& options);

}  // namespace gridward::service
