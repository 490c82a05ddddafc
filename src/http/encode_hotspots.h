#pragma once

#include "geo/write_file.h"
#include "http/encode.h"
#include "service/hotspots.h"

namespace gridward::http {

/// The whole answer as members of an object: what was asked, what holds for all areas, and the rows.
void encode_head(Json& json, const service::HotspotsAsked& asked, const service::Hotspots& found);
void encode_rows(Json& json, const service::Hotspots& found);

/// A row an area: the cell, its statistics, and its figure as figure_table() has it.
[[nodiscard]] geo::Table hotspot_table(const service::HotspotsAsked& asked, const service::Hotspots& found, const District& district);

/// A FeatureCollection: the areas with their shapes, the columns of the table as properties; what holds for all areas in `hotspots`.
void encode_features(Json& json, const service::HotspotsAsked& asked, const service::Hotspots& found, const District& district);

}  // namespace gridward::http
