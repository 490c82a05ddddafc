#pragma once

#include <string>

#include "base/result.h"
#include "domain/principal.h"
#include "storage/database.h"

namespace gridward::service {

struct ExportAsked {
  std::string what;    // cells, overlay_areas, enterprises, hazards, inspections, patrols, accidents
  std::string format;  // gpkg, geojson, fgb, csv, xlsx
  std::string cell;    // an id or code:…; a district is the cell at its top
  std::string at;      // day of the map; empty: today
  std::string from, to;  // of events; empty: all
  std::string request_id;
};
struct ExportedFile {
  std::string name, media_type, bytes;
};

/// What a cell holds, as a file; noted in the trail before it is given. Events are those that counted for the cell on their day; of a whole
/// district all, those that lie in no cell too. Data of a made-up district say so in each row.
Result<ExportedFile> export_file(storage::Pool& reads, storage::Pool& writes, const Principal& who, const ExportAsked& asked);

}  // namespace gridward::service
