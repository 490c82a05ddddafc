#pragma once

#include "domain/figure.h"
#include "service/figure_rows.h"

namespace gridward::service {

/// What a window is compared with, or why it cannot be: the period's own reasons (compared_window), map_begins_later than it (as_was), or
/// records_begin_later: the district has no event in or before the month in which it begins.
TableComparison find_comparison(storage::Tx& tx, const Gathering& what, const Period& period, Comparison with);

/// Puts beside each figure of a table the same of another window. `then` is what was made for it; nullptr where it cannot be compared.
void put_beside(FigureTable& table, const TableComparison& comparison, const FigureTable* then);

/// A figure beside the same of another window; `then` is nullptr where there was no such cell.
[[nodiscard]] Earlier compare(const Figure& now, const Figure* then, Comparison with);

}  // namespace gridward::service
