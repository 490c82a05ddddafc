#include "geo/open_file.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <optional>

#include <cpl_string.h>
#include <cpl_vsi.h>

namespace gridward::geo {
namespace {

namespace fs = std::filesystem;

/// Formats that hold data themselves. A file may have been sent by someone else, so none that leads to other files or servers (VRT, WFS, SQLite with its virtual tables …).
constexpr const char* kFormats[] = {"GPKG", "ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON", "FlatGeobuf", "KML", "LIBKML", "CSV", "XLSX", "XLS", "ODS",
                                    "GML", "OpenFileGDB", "MapInfo File", "DXF", "GPX", "Parquet", "Arrow", "S57", "DGN", nullptr};
constexpr std::int64_t kUnpackedLimit = std::int64_t{2} << 30;  // what a .zip may unpack to

bool ends(const std::string& text, const char* suffix) { return CPLString(text).tolower().ends_with(suffix); }

std::optional<std::string> read_whole(const std::string& path) {
  GByte* bytes = nullptr;
  vsi_l_offset size = 0;
  if (VSIIngestFile(nullptr, path.c_str(), &bytes, &size, kUnpackedLimit) == 0) return std::nullopt;
  std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  VSIFree(bytes);
  return out;
}

bool write_whole(const std::string& path, const std::string& bytes) {
  VSILFILE* f = VSIFOpenL(path.c_str(), "wb");
  if (f == nullptr) return false;
  const bool ok = VSIFWriteL(bytes.data(), 1, bytes.size(), f) == bytes.size();
  return VSIFCloseL(f) == 0 && ok;
}

bool exists(const std::string& path) {
  VSIStatBufL s;
  return VSIStatL(path.c_str(), &s) == 0;
}

std::string memory_folder() {
  static std::atomic<unsigned> count{0};
  const std::string folder = "/vsimem/gridward-" + std::to_string(++count);
  VSIMkdir(folder.c_str(), 0700);
  return folder;
}

/// The first map or table in a .zip, at whatever depth, or an error.
Result<std::string> inside_zip(const std::string& path) {
  const std::string root = "/vsizip/{" + path + "}";
  const CPLStringList names(VSIReadDirRecursive(root.c_str()));
  std::int64_t total = 0;
  std::string found;
  for (const char* suffix : {".shp", ".gpkg", ".fgb", ".geojson", ".json", ".kml", ".gml", ".tab", ".xlsx", ".csv", ".dbf"}) {
    for (int i = 0; i < names.size() && found.empty(); ++i)
      if (ends(names[i], suffix)) found = root + "/" + names[i];
  }
  for (int i = 0; i < names.size(); ++i) {
    VSIStatBufL s;
    if (VSIStatL((root + "/" + names[i]).c_str(), &s) == 0) total += static_cast<std::int64_t>(s.st_size);
  }
  if (total > kUnpackedLimit) return fail(unreadable(path, "it unpacks to more than 2 GiB: unpack it and import its parts."));
  if (found.empty()) return fail(unreadable(path, "there is no map or table in it that can be read."));
  return found;
}

/// Whether a DBF says its encoding itself: by a .cpg beside it, or by its language byte.
bool states_encoding(const std::string& dbf) {
  const std::string stem = dbf.substr(0, dbf.size() - 4);
  if (exists(stem + ".cpg") || exists(stem + ".CPG")) return true;
  const auto bytes = read_whole(dbf);
  return bytes && bytes->size() > 29 && (*bytes)[29] != 0 && static_cast<unsigned char>((*bytes)[29]) != 0x57;
}

/// What a text that is not UTF-8 may be: the message shows it as GBK, so that a reader can tell.
std::string ask_encoding(const std::string& text) {
  char* gbk = CPLRecode(text.c_str(), "GBK", "UTF-8");
  const std::string shown = gbk == nullptr ? "" : gbk;
  CPLFree(gbk);
  return "its text is not UTF-8 and it does not say what it is: give encoding in the recipe. As GBK it reads \"" + shown.substr(0, 60) + "\".";
}

/// The first run of bytes of a text that is not ASCII, with what is around it.
std::string sample_of(const std::string& bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) < 0x80) ++at;
  std::size_t end = at;
  while (end < bytes.size() && end - at < 40 && static_cast<unsigned char>(bytes[end]) >= 0x40) ++end;
  return bytes.substr(at, (end - at) / 2 * 2);
}

/// A copy of a Shapefile in memory, where GDAL may write the .shx that is missing.
std::string copy_shapefile(const std::string& path, const std::string& folder) {
  const std::string stem = path.substr(0, path.size() - 4);
  for (const char* suffix : {".shp", ".dbf", ".prj", ".cpg", ".SHP", ".DBF", ".PRJ", ".CPG"})
    if (const auto bytes = exists(stem + suffix) ? read_whole(stem + suffix) : std::nullopt) write_whole(folder + "/copy" + CPLString(suffix).tolower(), *bytes);
  return folder + "/copy.shp";
}

/// A CSV in another encoding, as UTF-8 in memory.
Result<std::string> recode_csv(const std::string& path, const std::string& encoding, const std::string& folder) {
  const auto bytes = read_whole(path);
  if (!bytes) return fail(unreadable(path, "cannot be read."));
  char* text = CPLRecode(bytes->c_str(), encoding.c_str(), "UTF-8");
  const std::string out = text == nullptr ? "" : text;
  CPLFree(text);
  if (out.empty() && !bytes->empty()) return fail(unreadable(path, "it is not " + encoding + "."));
  write_whole(folder + "/copy.csv", out);
  return folder + "/copy.csv";
}

}  // namespace

Error unreadable(const std::string& path, const std::string& why) { return {Errc::invalid_argument, fs::path(path).filename().string() + ": " + why}; }

OpenFile::~OpenFile() {
  if (data_ != nullptr) GDALClose(data_);
  if (!folder_.empty()) VSIRmdirRecursive(folder_.c_str());
}

Result<OpenFile> open_file(const std::string& path, const OpenOptions& options) {
  GDALAllRegister();
  OpenFile file;
  std::string at = path;
  if (ends(path, ".gz")) at = "/vsigzip/" + path;
  if (ends(path, ".zip") && !ends(path, ".gdb.zip")) {
    auto inside = inside_zip(path);
    if (!inside) return fail(inside.error());
    at = *inside;
  }
  CPLStringList with;
  const bool shapefile = ends(at, ".shp"), dbf = ends(at, ".dbf");
  const bool csv = ends(at, ".csv") || ends(at, ".csv.gz");
  if (shapefile && !exists(at.substr(0, at.size() - 4) + ".shx") && !exists(at.substr(0, at.size() - 4) + ".SHX")) {
    file.folder_ = memory_folder();
    at = copy_shapefile(at, file.folder_);
    CPLSetThreadLocalConfigOption("SHAPE_RESTORE_SHX", "YES");
  }
  const std::string table = shapefile ? at.substr(0, at.size() - 4) + ".dbf" : at;
  if ((shapefile || dbf) && options.encoding.empty() && exists(table) && !states_encoding(table)) {
    auto bytes = read_whole(table);
    if (bytes && bytes->size() > 32) {
      const std::size_t first = static_cast<unsigned char>((*bytes)[8]) + 256U * static_cast<unsigned char>((*bytes)[9]);
      std::ranges::replace(*bytes, '\0', ' ');
      const std::string text = bytes->substr(std::min(first, bytes->size()));  // the rows, whose bytes show the encoding best
      if (!CPLIsUTF8(text.c_str(), static_cast<int>(text.size()))) return fail(unreadable(path, ask_encoding(sample_of(text))));
    }
    with.SetNameValue("ENCODING", "UTF-8");
  }
  if (csv && !options.encoding.empty() && !EQUAL(options.encoding.c_str(), "UTF-8")) {
    file.folder_ = memory_folder();
    auto copy = recode_csv(at, options.encoding, file.folder_);
    if (!copy) return fail(copy.error());
    at = *copy;
  } else if (csv) {
    const auto bytes = read_whole(at);
    if (bytes && !CPLIsUTF8(bytes->c_str(), static_cast<int>(bytes->size()))) return fail(unreadable(path, ask_encoding(sample_of(*bytes))));
  } else if (!options.encoding.empty()) {
    with.SetNameValue("ENCODING", options.encoding.c_str());
  }
  if (csv) with.SetNameValue("GEOM_POSSIBLE_NAMES", "WKT,wkt,geom,geometry,the_geom,shape");
  if (ends(at, ".gml") || ends(at, ".gml.gz") || ends(at, ".xml")) with.SetNameValue("DOWNLOAD_SCHEMA", "NO");  // what was sent must not make us ask a server
  // A sheet of text alone looks to GDAL as if it had no headers. It stays set, as sheets are read when they are first looked at.
  CPLSetThreadLocalConfigOption("OGR_XLSX_HEADERS", "FORCE");
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
  file.data_ = static_cast<GDALDataset*>(GDALOpenEx(at.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, kFormats, with.List(), nullptr));
  const std::string message = CPLGetLastErrorMsg();
  CPLPopErrorHandler();
  CPLSetThreadLocalConfigOption("SHAPE_RESTORE_SHX", nullptr);
  if (file.data_ == nullptr) return fail(unreadable(path, "cannot be read as a table or map. " + message));
  return file;
}

}  // namespace gridward::geo
