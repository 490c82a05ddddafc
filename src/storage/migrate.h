#pragma once

#include <string>

#include "base/result.h"

namespace gridward::storage {

/// Makes the roles, and the database if it is not there; for a superuser connected to another database.
void prepare_server(const std::string& url, const std::string& database);

/// Brings a database to this binary's schema, as its owner. Safe to repeat. Fails with PostgreSQL's reason and what to do.
Result<void> migrate(const std::string& url);

/// Whether a database can be reached and has the schema and the functions of this binary. The error is for whoever starts the program: it
/// says what PostgreSQL said and which command helps.
Result<void> check_schema(const std::string& url);

}  // namespace gridward::storage
