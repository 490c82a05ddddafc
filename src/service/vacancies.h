#pragma once

#include <string>

#include "base/result.h"
#include "domain/principal.h"
#include "service/page.h"
#include "storage/database.h"

namespace gridward::service {

struct VacanciesAsked {
  std::string within, at, level, post, after;  // level and post empty: all
  int limit = 100;
};

/// Required posts without a regular holder within a cell on a day, for one who may see it; not_found or forbidden otherwise.
Result<Page> list_vacancies(storage::Pool& pool, const Principal& who, const VacanciesAsked& asked);

}  // namespace gridward::service
