#pragma once

#include <string>

#include "domain/principal.h"
#include "service/imports.h"

namespace gridward::service {

/// Imports a .zip with recipe.toml and the files that it names, unpacked at most so many bytes. A known district may be changed by those who have the whole of it, a new one
/// made by those whose area is everything. Fails with a conflict while another import runs.
Result<ImportReport> import_archive(storage::Pool& pool, const Principal& who, const std::string& zip, std::uint64_t most_unpacked, ImportOptions options);

}  // namespace gridward::service
