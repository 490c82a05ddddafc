#include "geo/archive.h"

#include <filesystem>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cpl_string.h>
#include <cpl_vsi.h>

namespace gridward::geo {
namespace {

namespace fs = std::filesystem;

std::string lower(const std::string& text) { return CPLString(text).tolower(); }

struct Member {
  std::string name;
  std::uint64_t bytes = 0;
};

/// The files of an archive; not what macOS puts beside each.
std::vector<Member> members_of(const std::string& root) {
  std::vector<Member> out;
  const CPLStringList names(VSIReadDirRecursive(root.c_str()));
  for (int i = 0; i < names.size(); ++i) {
    const std::string name = names[i];
    if (name.starts_with("__MACOSX/") || fs::path(name).filename().string().starts_with("._")) continue;
    VSIStatBufL s;
    if (VSIStatL((root + "/" + name).c_str(), &s) == 0) out.push_back({name, static_cast<std::uint64_t>(s.st_size)});
  }
  return out;
}

/// The maps and tables among files: those of the first kind in this order of which there are any.
std::vector<std::string> data_among(const std::vector<Member>& members) {
  std::set<std::string> found;
  for (const Member& m : members)
    if (const auto at = lower(m.name).find(".gdb/"); at != std::string::npos) found.insert(m.name.substr(0, at + 4));
  for (const char* suffix : {".shp", ".gpkg", ".fgb", ".geojson", ".geojsonl", ".geojsons", ".topojson", ".json", ".kml", ".gml", ".tab", ".mif", ".dxf", ".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt", ".dbf"}) {
    if (!found.empty()) break;
    for (const Member& m : members)
      if (lower(m.name).ends_with(suffix)) found.insert(m.name);
  }
  return {found.begin(), found.end()};
}

Result<std::string> refused(const std::string& path, const std::string& why) { return fail(Errc::invalid_argument, fs::path(path).filename().string() + ": " + why); }

/// What lies in a .zip: the named member, or the only map or table.
Result<std::string> inside_zip(const std::string& zip, const std::string& member) {
  const std::string root = "/vsizip/{" + zip + "}";
  const auto members = members_of(root);
  std::uint64_t total = 0;
  for (const Member& m : members) total += m.bytes;
  if (members.empty()) return refused(zip, "it is not a .zip archive that can be read.");
  if (total > kMostUnpacked) return refused(zip, "it unpacks to more than 2 GiB: unpack it and import its parts.");
  if (!member.empty()) {
    VSIStatBufL s;
    if (VSIStatL((root + "/" + member).c_str(), &s) != 0) return refused(zip, "there is no \"" + member + "\" in it.");
    return root + "/" + member;
  }
  const auto found = data_among(members);
  if (found.empty()) return refused(zip, "there is no map or table in it that can be read.");
  const std::string name = fs::path(zip).filename().string();
  if (found.size() > 1) return refused(zip, fmt::format("there are several maps or tables in it: name one, such as file = \"{}/{}\". They are {}.", name, found.front(), fmt::join(found, ", ")));
  return root + "/" + found.front();
}

}  // namespace

Result<std::string> locate_data(const std::string& path) {
  const std::string name = lower(path);
  if (name.ends_with(".gdb.zip") || name.ends_with(".shz")) return path;
  if (name.ends_with(".zip")) return inside_zip(path, "");
  if (const auto at = name.find(".zip/"); at != std::string::npos) return inside_zip(path.substr(0, at + 4), path.substr(at + 5));
  for (const char* sheet : {".xlsx", ".ods", ".kmz"}) {
    if (!name.ends_with(sheet)) continue;
    std::uint64_t total = 0;
    for (const Member& m : members_of("/vsizip/{" + path + "}")) total += m.bytes;
    constexpr std::uint64_t most = std::uint64_t{512} << 20;  // it is read into memory, several times as large
    if (total > most) return refused(path, "it unpacks to more than 512 MB: split it, or save it as CSV.");
  }
  return name.ends_with(".gz") ? "/vsigzip/" + path : path;
}

}  // namespace gridward::geo
