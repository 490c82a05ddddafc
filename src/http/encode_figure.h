#pragma once

#include "domain/figure.h"
#include "http/encode.h"

namespace gridward::http {

/// What must be known of an estimate to read it right.
[[nodiscard]] std::vector<std::string_view> flags_of(const SmallArea& area);
/// On which side of the funnel a figure is ("none", "low", "high"), and outside which limits (0.95, 0.998).
[[nodiscard]] std::pair<std::string_view, std::optional<double>> outside_of(const SmallArea& area);

/// Which cell it is, in a few words; nothing of a cell that is none.
void encode_named(Json& json, const Cell& cell);
void encode(Json& json, const Figure& figure);
void encode(Json& json, const FigureRow& row);
/// `cell`, by what names it; empty for what lies in none.
void encode_cell(Json& json, const Cell& cell);
/// `cell` and `figures` of a row, into an object that has more.
void encode_members(Json& json, const FigureRow& row);
/// Of each measure of a table; null for what cannot be compared.
void encode_evidence(Json& json, const FigureTable& table);
void encode(Json& json, const Evidence& evidence);
void encode(Json& json, const Sentence& sentence);

}  // namespace gridward::http
