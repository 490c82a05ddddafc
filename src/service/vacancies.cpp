#include "service/vacancies.h"

#include "domain/cell.h"
#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {

Result<Page> list_vacancies(storage::Pool& pool, const Principal& who, const VacanciesAsked& asked) {
  return pool.read<Page>([&](storage::Tx& tx) -> Result<Page> {
    const auto within = visible_cell(tx, who, asked.within, asked.at, false);
    if (!within) return fail(within.error());
    const auto rows = tx.run(sql::vacancies_list, {std::to_string(within->district), local_day(tx, within->district, asked.at), std::to_string(within->id),
                                                   storage::or_null(static_cast<std::int64_t>(level_number(asked.level))), storage::or_null(asked.post), storage::or_null(asked.after), std::to_string(asked.limit)});
    return to_page(rows, asked.limit);
  });
}

}  // namespace gridward::service
