#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace gridward::service {

/// The SHA-256 of a file, in hexadecimal. Fails where it cannot be read.
[[nodiscard]] Result<std::string> sha256_of_file(const std::filesystem::path& path);

/// The files that belong to one that a recipe names, in order: itself; with a Shapefile those of the same name beside it; of a folder (a
/// file geodatabase) all that it holds.
[[nodiscard]] std::vector<std::filesystem::path> files_of(const std::filesystem::path& path);

}  // namespace gridward::service
