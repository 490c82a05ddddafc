#include "geo/write_file.h"

#include <algorithm>
#include <atomic>

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "geo/write_sheet.h"

namespace gridward::geo {
namespace {

struct Format {
  const char *name, *driver, *media_type;  // no driver: not by GDAL
  std::vector<const char*> options;  // of the layer
};

const std::vector<Format>& formats() {
  static const std::vector<Format> all = {{"gpkg", "GPKG", "application/geopackage+sqlite3", {}},
                                          {"geojson", "GeoJSON", "application/geo+json", {"RFC7946=YES", "COORDINATE_PRECISION=8"}},
                                          {"fgb", "FlatGeobuf", "application/octet-stream", {}},
                                          {"csv", nullptr, "text/csv", {}},
                                          {"xlsx", nullptr, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {}}};
  return all;
}

const Format* find_format(const std::string& name) {
  const auto found = std::ranges::find(formats(), name, &Format::name);
  return found == formats().end() ? nullptr : &*found;
}

OGRFieldType type_of(FieldType type) {
  switch (type) {
    case FieldType::integer: return OFTInteger64;
    case FieldType::real: return OFTReal;
    case FieldType::day: return OFTDate;
    case FieldType::boolean:
    case FieldType::text: break;
  }
  return OFTString;
}

/// A file in memory that is gone with this object.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& extension) {
    static std::atomic<int> count{0};
    path_ = "/vsimem/gridward_write_" + std::to_string(++count) + "." + extension;
  }
  ~MemoryFile() { VSIUnlink(path_.c_str()); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] const char* path() const { return path_.c_str(); }
  [[nodiscard]] std::string bytes() const {
    vsi_l_offset size = 0;
    const GByte* data = VSIGetMemFileBuffer(path_.c_str(), &size, FALSE);
    return data == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  }

 private:
  std::string path_;
};

bool write_rows(const Table& table, OGRLayer& layer) {
  for (const Field& field : table.fields) {
    OGRFieldDefn definition(field.name.c_str(), type_of(field.type));
    if (layer.CreateField(&definition) != OGRERR_NONE) return false;
  }
  for (const Table::Row& row : table.rows) {
    OGRFeature feature(layer.GetLayerDefn());
    for (std::size_t i = 0; i < row.values.size(); ++i)
      if (row.values[i]) feature.SetField(static_cast<int>(i), row.values[i]->c_str());
    if (!row.wkb.empty()) {
      OGRGeometry* geometry = nullptr;
      if (OGRGeometryFactory::createFromWkb(row.wkb.data(), nullptr, &geometry, row.wkb.size()) == OGRERR_NONE) feature.SetGeometryDirectly(geometry);
    }
    if (layer.CreateFeature(&feature) != OGRERR_NONE) return false;
  }
  return true;
}

}  // namespace

const std::vector<std::string>& file_formats() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Format& f : formats()) all.emplace_back(f.name);
    return all;
  }();
  return names;
}

std::string media_type_of(const std::string& format) {
  const Format* found = find_format(format);
  return found == nullptr ? "application/octet-stream" : found->media_type;
}

Result<std::string> write_file(const Table& table, const std::string& format) {
  const Format* found = find_format(format);
  if (found == nullptr) return fail(Error::field("format", "give gpkg, geojson, fgb, csv or xlsx"));
  if (format == "csv") return write_csv(table);
  if (format == "xlsx") return write_xlsx(table);
  GDALAllRegister();
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(found->driver);
  if (driver == nullptr) return fail(Errc::internal, std::string("GDAL has no driver ") + found->driver);
  const MemoryFile file(format);
  CPLPushErrorHandler(CPLQuietErrorHandler);
  bool written = false;
  if (GDALDataset* data = driver->Create(file.path(), 0, 0, 0, GDT_Unknown, nullptr); data != nullptr) {
    OGRSpatialReference crs;
    crs.importFromEPSG(4490);
    crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    CPLStringList options;
    for (const char* option : found->options) options.AddString(option);
    OGRLayer* layer = data->CreateLayer(table.name.c_str(), table.drawn ? &crs : nullptr, table.drawn ? wkbUnknown : wkbNone, options.List());
    written = layer != nullptr && write_rows(table, *layer);
    GDALClose(data);
  }
  const std::string why = CPLGetLastErrorMsg();
  CPLPopErrorHandler();
  if (!written) return fail(Errc::internal, "The file could not be written: " + why);
  return file.bytes();
}

}  // namespace gridward::geo
