#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace gridward::geo {

/// Unpacks a .zip into a folder. Names that lead out of it and archives that swell beyond `most` bytes are refused; unavailable when the disk is full.
[[nodiscard]] Result<void> unpack_zip(const std::string& bytes, const std::filesystem::path& folder, std::uint64_t most);

}  // namespace gridward::geo
