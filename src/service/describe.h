#pragma once

#include <string>

#include "base/result.h"
#include "geo/vector_file.h"

namespace gridward::service {

/// What a file holds, in words and as the beginning of a recipe, for one who is about to import it. The error says why it
/// cannot be read as it is, and what to add.
Result<std::string> describe_file(const std::string& path, const geo::OpenOptions& options);

}  // namespace gridward::service
