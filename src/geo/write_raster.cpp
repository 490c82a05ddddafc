#include "geo/write_raster.h"

#include <atomic>
#include <limits>
#include <memory>
#include <stdexcept>
#include <vector>

#include <cpl_vsi.h>
#include <fmt/format.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

namespace gridward::geo {
namespace {

struct Close {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, Close>;

/// A file in memory with a name of its own; gone with this.
class MemoryFile {
 public:
  MemoryFile() : name_(fmt::format("/vsimem/raster-{}.tif", ++count_)) {}
  ~MemoryFile() { VSIUnlink(name_.c_str()); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string bytes() const {
    vsi_l_offset size = 0;
    const GByte* const data = VSIGetMemFileBuffer(name_.c_str(), &size, FALSE);
    return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
  }

 private:
  static inline std::atomic<unsigned long> count_{0};
  const std::string name_;
};

[[noreturn]] void give_up() { throw std::runtime_error(std::string("GDAL cannot write a GeoTIFF: ") + CPLGetLastErrorMsg()); }

}  // namespace

std::string write_geotiff(const PlaneRaster& raster, const std::string& crs, const std::string& description, const std::string& unit,
                          const std::vector<std::pair<std::string, std::string>>& metadata) {
  GDALAllRegister();
  GDALDriver* const memory = GetGDALDriverManager()->GetDriverByName("MEM");
  GDALDriver* const cog = GetGDALDriverManager()->GetDriverByName("COG");
  if (memory == nullptr || cog == nullptr) throw std::runtime_error("GDAL has no COG driver");
  const int columns = static_cast<int>(raster.columns), rows = static_cast<int>(raster.rows);
  const Dataset source(memory->Create("", columns, rows, 1, GDT_Float32, nullptr));
  OGRSpatialReference system;
  if (!source || system.SetFromUserInput(crs.c_str()) != OGRERR_NONE) give_up();
  source->SetSpatialRef(&system);
  double corner[6] = {raster.west, raster.spacing, 0, raster.north, 0, -raster.spacing};
  source->SetGeoTransform(corner);
  for (const auto& [name, value] : metadata) source->SetMetadataItem(name.c_str(), value.c_str());
  GDALRasterBand* const band = source->GetRasterBand(1);
  band->SetNoDataValue(std::numeric_limits<double>::quiet_NaN());
  band->SetDescription(description.c_str());
  band->SetUnitType(unit.c_str());
  std::vector<float> values(raster.values.begin(), raster.values.end());
  if (band->RasterIO(GF_Write, 0, 0, columns, rows, values.data(), columns, rows, GDT_Float32, 0, 0, nullptr) != CE_None) give_up();
  const MemoryFile file;
  CPLStringList options;
  options.SetNameValue("COMPRESS", "DEFLATE");
  options.SetNameValue("PREDICTOR", "YES");
  options.SetNameValue("OVERVIEW_RESAMPLING", "AVERAGE");
  if (Dataset made{cog->CreateCopy(file.name().c_str(), source.get(), FALSE, options.List(), nullptr, nullptr)}; !made) give_up();
  return file.bytes();
}

}  // namespace gridward::geo
