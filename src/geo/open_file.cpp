#include "geo/open_file.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <optional>

#include <cpl_string.h>
#include <cpl_vsi.h>

#include "geo/archive.h"
#include "geo/text_file.h"

namespace gridward::geo {
namespace {

namespace fs = std::filesystem;

/// Formats that hold data themselves. A file may have been sent by someone else, so none that leads to other files or servers (VRT, WFS, SQLite with its virtual tables …).
constexpr const char* kFormats[] = {"GPKG", "ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON", "FlatGeobuf", "KML", "LIBKML", "CSV", "XLSX", "XLS", "ODS",
                                    "GML", "OpenFileGDB", "MapInfo File", "DXF", "GPX", "Parquet", "Arrow", "S57", "DGN", nullptr};
/// As many Chinese characters in valid UTF-8 are no accident: a text in GBK hardly ever is valid.
constexpr std::uint64_t kSurely = 3;

bool ends(const std::string& text, const char* suffix) { return CPLString(text).tolower().ends_with(suffix); }

bool ends_with_any(const std::string& text, std::initializer_list<const char*> suffixes) {
  return std::ranges::any_of(suffixes, [&](const char* suffix) { return ends(text, suffix); });
}

std::optional<std::string> read_whole(const std::string& path, std::uint64_t most = kMostUnpacked) {
  const std::unique_ptr<VSILFILE, int (*)(VSILFILE*)> in(VSIFOpenL(path.c_str(), "rb"), VSIFCloseL);
  if (!in) return std::nullopt;
  std::string out, block(1 << 20, '\0');
  while (const std::size_t n = VSIFReadL(block.data(), 1, std::min<std::size_t>(block.size(), most - out.size()), in.get())) out.append(block, 0, n);
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

bool is_utf8(const std::string& encoding) { return EQUAL(encoding.c_str(), "UTF-8") || EQUAL(encoding.c_str(), "UTF8") || encoding == "65001"; }

/// Why a text cannot be read in the encoding that the recipe gives, or (`given` empty) that it states itself; "" if it can.
std::string misread(const TextLook& look, const std::string& given, const std::string& stated) {
  const std::string said = given.empty() ? stated : given;
  const bool surely_utf8 = look.utf8 && (look.ideographs >= kSurely || look.stated == "UTF-8");
  if (!said.empty() && !is_utf8(said) && surely_utf8 && !said.starts_with("UTF-16"))
    return given.empty() ? "it says that its text is " + said + ", and it is UTF-8: give encoding = \"UTF-8\" in the recipe." : "its text is UTF-8, not " + given + ": leave encoding out of the recipe, or give \"UTF-8\".";
  if (said.empty() && look.zeros) return "it has bytes of zero, as text in UTF-16 has: give encoding = \"UTF-16LE\" in the recipe, or save it as UTF-8.";
  if ((said.empty() || is_utf8(said)) && !look.utf8)
    return std::string(said.empty() ? "its text is not UTF-8 and it does not say what it is" : "its text is not UTF-8, though " + std::string(given.empty() ? "the file" : "the recipe") + " says so") +
           ": give encoding in the recipe. As GBK it reads \"" + as_gbk(look.sample) + "\".";
  return "";
}

/// What a DBF says of its encoding: in a .cpg beside it, or by its language byte; "" where it does not.
std::string stated_encoding(const std::string& dbf, const std::string& bytes) {
  const std::string stem = dbf.substr(0, dbf.size() - 4);
  for (const char* suffix : {".cpg", ".CPG"}) {
    auto text = exists(stem + suffix) ? read_whole(stem + suffix, 64) : std::nullopt;
    if (!text) continue;
    std::erase_if(*text, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
    if (!text->empty()) return *text;
  }
  const auto language = bytes.size() > 29 ? static_cast<unsigned char>(bytes[29]) : 0U;
  return language == 0 || language == 0x57 ? "" : language == 0x4D ? "GBK" : "LDID/" + std::to_string(language);
}

/// What the rows of a DBF tell of its encoding; a character that a field cuts off at its end does not count.
TextLook look_at_dbf(const std::string& bytes) {
  const std::size_t first = bytes.size() > 10 ? static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]) : 0;
  std::string rows = bytes.substr(std::min(first, bytes.size()));
  std::ranges::replace(rows, '\0', ' ');
  TextLook look = look_at_bytes(rows);
  if (look.utf8) return look;
  const std::string read = to_utf8(rows, "UTF-8").value_or("");
  std::uint64_t cut = 0;
  for (std::size_t at = read.find("\xEF\xBF\xBD"); at != std::string::npos; at = read.find("\xEF\xBF\xBD", at + 3)) ++cut;
  const TextLook mended = look_at_bytes(read);
  if (mended.ideographs < 20 * cut) return look;
  return mended;
}

/// Settles how GDAL shall read the text of a Shapefile or DBF.
Result<void> prepare_dbf(const std::string& path, const std::string& dbf, const OpenOptions& options, CPLStringList& with) {
  if (!options.encoding.empty()) with.SetNameValue("ENCODING", options.encoding.c_str());
  const auto bytes = exists(dbf) ? read_whole(dbf, std::uint64_t{16} << 20) : std::nullopt;
  if (!bytes) return {};
  const std::string stated = stated_encoding(dbf, *bytes);
  if (const std::string why = misread(look_at_dbf(*bytes), options.encoding, stated); !why.empty()) return fail(unreadable(path, why));
  if (options.encoding.empty() && stated.empty()) with.SetNameValue("ENCODING", "UTF-8");
  return {};
}

/// A copy of a Shapefile in memory, where GDAL may write the .shx that is missing.
std::string copy_shapefile(const std::string& path, const std::string& folder) {
  const std::string stem = path.substr(0, path.size() - 4);
  for (const char* suffix : {".shp", ".dbf", ".prj", ".cpg", ".SHP", ".DBF", ".PRJ", ".CPG"})
    if (const auto bytes = exists(stem + suffix) ? read_whole(stem + suffix) : std::nullopt) write_whole(folder + "/copy" + CPLString(suffix).tolower(), *bytes);
  return folder + "/copy.shp";
}

/// What separates columns in a part of a text table, each once.
std::string separators_in(std::string_view text) {
  std::string kinds;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && std::string_view(",;\t|").find(c) != std::string_view::npos && kinds.find(c) == std::string::npos) kinds += c;
  }
  return kinds;
}

/// Why the columns of a text table cannot be told apart by its line of names and what stands below; "" if they can, or there is only one.
std::string indistinct(std::string_view names, std::string_view below) {
  const std::string kinds = separators_in(names);
  if (kinds.empty() && separators_in(below).empty()) return "";
  if (kinds.empty()) return "its first line has no comma, semicolon or tab that separates columns (if the names of the columns stand below, give header = their line in the recipe).";
  if (kinds.find('|') != std::string::npos) return "separate its columns by commas, semicolons or tabs, not by |.";
  if (kinds.size() > 1) return "its first line has both commas and semicolons or tabs, so its columns cannot be told apart: put names that have them between quotation marks.";
  return "";
}

/// The text from a line on, 1 being the first.
std::string_view from_line(std::string_view text, int line) {
  for (; line > 1; --line) {
    const auto end = text.find_first_of("\r\n");
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return text;
}

/// A text table as GDAL reads it right: itself, or a copy in memory in UTF-8 that begins with the names of the columns.
Result<std::string> prepare_text(const std::string& path, const std::string& at, const OpenOptions& options, std::string& folder) {
  auto look = look_at_text(at, kMostUnpacked);
  if (!look) return fail(unreadable(path, look.error().detail));
  if (look->empty) return fail(unreadable(path, "it is empty."));
  const std::string encoding = !options.encoding.empty() ? options.encoding : look->stated;
  if (const std::string why = misread(*look, options.encoding, look->stated); !why.empty()) return fail(unreadable(path, why));
  const int skipped = look->beginning.starts_with("sep=") ? 1 : options.header - 1;
  std::string where = at;
  std::string beginning = look->beginning;
  if (skipped > 0 || (!encoding.empty() && !is_utf8(encoding))) {
    auto text = to_utf8(read_whole(at).value_or(""), encoding.empty() ? "UTF-8" : encoding);
    if (!text) return fail(unreadable(path, text.error().detail));
    const std::string_view table = from_line(*text, skipped + 1);
    beginning = table.substr(0, 8192);
    look->quotes_closed = std::ranges::count(table, '"') % 2 == 0;
    folder = memory_folder();
    where = folder + "/copy.csv";
    write_whole(where, std::string(table));
  }
  if (!look->quotes_closed) return fail(unreadable(path, "a quotation mark is opened in it and never closed: rows would be taken for one. Mend it, or double a mark that is part of a text."));
  const std::string names = beginning.substr(0, beginning.find_first_of("\r\n"));
  if (const std::string why = indistinct(names, from_line(beginning, 2)); !why.empty()) return fail(unreadable(path, why));
  if (separators_in(names).empty()) {  // GDAL takes no table of one column: it gets a second one without a name
    std::string table = read_whole(where).value_or("");
    table.insert(std::min(table.find_first_of("\r\n"), table.size()), ",");
    if (folder.empty()) folder = memory_folder();
    where = folder + "/copy.csv";
    write_whole(where, table);
  }
  return ends_with_any(where, {".txt", ".txt.gz"}) ? "CSV:" + where : where;
}

/// What a file that cannot be read seems to be, and what to do; "" if that is not known.
std::string what_it_is(const std::string& path) {
  const std::string start = CPLString(read_whole(path, 512).value_or("")).tolower();
  if (start.starts_with("\xD0\xCF\x11\xE0")) return "It is an old Excel file, or one with a password: save it as .xlsx without one.";
  if (start.find("<html") != std::string::npos || start.find("<table") != std::string::npos) return "It is a web page, though its name says otherwise: open it in a spreadsheet and save it as .xlsx.";
  if (start.starts_with("%pdf")) return "It is a PDF: ask for the table or map itself.";
  if (start.starts_with("rar!") || start.starts_with("7z\xBC\xAF")) return "It is an archive: unpack it, or pack it as .zip.";
  return start.empty() ? "It is empty." : "Save it as .xlsx, .csv, .gpkg, .shp or .geojson.";
}

}  // namespace

Error unreadable(const std::string& path, const std::string& why) { return {Errc::invalid_argument, fs::path(path).filename().string() + ": " + why}; }

OpenFile::~OpenFile() {
  if (data_ != nullptr) GDALClose(data_);
  if (!folder_.empty()) VSIRmdirRecursive(folder_.c_str());
}

Result<OpenFile> open_file(const std::string& path, const OpenOptions& options) {
  GDALAllRegister();
  if (!options.encoding.empty() && !known_encoding(options.encoding)) return fail(unreadable(path, "encoding = \"" + options.encoding + "\" is not known: GBK, GB18030, UTF-8, UTF-16 and BIG5 are."));
  OpenFile file;
  auto located = locate_data(path);
  if (!located) return fail(located.error());
  std::string at = *located;
  if (!exists(at)) return fail(unreadable(path, "there is no such file."));
  CPLStringList with;
  const bool shapefile = ends(at, ".shp"), sheet = ends_with_any(at, {".xlsx", ".xls", ".ods"});
  if (shapefile && !exists(at.substr(0, at.size() - 4) + ".shx") && !exists(at.substr(0, at.size() - 4) + ".SHX")) {
    file.folder_ = memory_folder();
    at = copy_shapefile(at, file.folder_);
    CPLSetThreadLocalConfigOption("SHAPE_RESTORE_SHX", "YES");
  }
  if (shapefile || ends(at, ".dbf")) {
    if (auto ok = prepare_dbf(path, shapefile ? at.substr(0, at.size() - 4) + ".dbf" : at, options, with); !ok) return fail(ok.error());
  } else if (ends_with_any(at, {".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz"})) {
    auto ready = prepare_text(path, at, options, file.folder_);
    if (!ready) return fail(ready.error());
    at = *ready;
    with.SetNameValue("GEOM_POSSIBLE_NAMES", kShapeColumns);
  } else if (!options.encoding.empty()) {
    with.SetNameValue("ENCODING", options.encoding.c_str());
  }
  if (ends_with_any(at, {".gml", ".gml.gz", ".xml"})) with.SetNameValue("DOWNLOAD_SCHEMA", "NO");  // what was sent must not make us ask a server
  // A sheet of text alone looks to GDAL as if it had no headers. It stays set, as sheets are read when they are first looked at.
  if (sheet) file.rows_before_names_ = options.header > 1 ? options.header - 1 : 0;
  for (const char* key : {"OGR_XLSX_HEADERS", "OGR_XLS_HEADERS", "OGR_ODS_HEADERS"}) CPLSetThreadLocalConfigOption(key, file.rows_before_names_ > 0 ? "DISABLE" : "FORCE");
  CPLSetThreadLocalConfigOption("OGR_GEOJSON_MAX_OBJ_SIZE", "1000");  // MB in memory: two million vertices are read, no more than a machine has
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
  file.data_ = static_cast<GDALDataset*>(GDALOpenEx(at.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, kFormats, with.List(), nullptr));
  const std::string message = CPLGetLastErrorMsg();
  CPLPopErrorHandler();
  CPLSetThreadLocalConfigOption("SHAPE_RESTORE_SHX", nullptr);
  if (file.data_ == nullptr) return fail(unreadable(path, "cannot be read as a table or map. " + (message.empty() ? what_it_is(at) : message)));
  return file;
}

}  // namespace gridward::geo
