#pragma once

#include "domain/figure.h"
#include "geo/write_file.h"
#include "http/dispatch.h"
#include "service/figures.h"

namespace gridward::http {

/// The district that figures are of; an empty one where there are no rows.
Result<District> district_of(const Call& call, const FigureTable& figures);

/// Figures as a flat table, a row a cell: `part` (cell; direct: what lies in a cell but in none of its children; unplaced: in no cell), the cell, window,
/// mode, map day and instant of knowledge, `data_until` (数据截至), and for each measure m what tiles call m, m_n, m_d, m_low, m_high and m_reason, with its unit
/// as m_unit, and as m_detail what else a measure tells; with smoothing m_smoothed, m_smoothed_low, m_smoothed_high, m_flags, m_standardised and m_outside. Rows of a made-up district say so in `data_note`. What all rows share is in the notes too, and where there is no evidence of real
/// differences.
[[nodiscard]] geo::Table figure_table(const service::FiguresAsked& asked, const FigureTable& figures, const District& district);

}  // namespace gridward::http
