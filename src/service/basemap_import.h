#pragma once

#include "base/result.h"
#include "service/imports.h"
#include "service/recipe.h"

namespace gridward::service {

/// Imports the tables of a recipe that has [basemap], in the transaction of all: what its owner had of each kind of table is replaced by what all tables of that kind have.
/// The same files twice change nothing. `files`: their checksums, as JSON.
Result<ImportReport> import_basemap(storage::Tx& tx, const Recipe& recipe, const ImportOptions& options, const std::string& files);

}  // namespace gridward::service
