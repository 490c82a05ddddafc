#pragma once

#include "domain/figure.h"
#include "service/figure_sums.h"
#include "service/ground.h"

namespace gridward::service {

/// The part of a link that says whose records, in which mode and as known when.
[[nodiscard]] std::string scope_of(const Gathering& what, const Cell& cell, bool direct);

/// The version of the data that an answer is made from.
[[nodiscard]] std::string version_of(const District& district);

/// Gathers what the asked measures need of a window on some ground.
[[nodiscard]] Gathered gather_on(storage::Tx& tx, FigureSources& sources, const Gathering& what);

/// The asked figures on some ground, without comparisons.
[[nodiscard]] FigureTable table_on(storage::Tx& tx, FigureSources& sources, const Ground& ground, const FiguresAsked& asked);

/// Whether a cell is a row of an answer: of the asked level, and within the asked cell on any day of the window.
[[nodiscard]] bool is_row(const Gathering& what, const MapCells::Listed& listed);

/// The asked figures of a cell, with their links; `direct`: of what lies in it but in none of its children, of district 0's cell in none.
[[nodiscard]] FigureRow make_row(const Gathering& what, const Cell& cell, const Sums& sums, const Weights& weights, bool direct);

/// All rows of an answer.
[[nodiscard]] FigureTable make_table(const Gathering& what, Gathered& gathered);

}  // namespace gridward::service
