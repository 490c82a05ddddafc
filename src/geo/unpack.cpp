#include "geo/unpack.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <memory>
#include <vector>

#include <cpl_string.h>
#include <cpl_vsi.h>

namespace gridward::geo {
namespace {

constexpr std::string_view kNoRoom = "The disk on which the server unpacks what it is sent is full: nothing was imported. Once there is room, try again.";
constexpr std::string_view kNotAZip = "The body is not a .zip archive that can be read.";

enum class Copied { whole, unreadable, no_room };

/// Copies one file of the archive; it is unreadable too if it has more than is left.
Copied copy(const std::string& from, const std::filesystem::path& to, std::uint64_t& left) {
  const std::unique_ptr<VSILFILE, int (*)(VSILFILE*)> in(VSIFOpenL(from.c_str(), "rb"), VSIFCloseL);
  if (!in) return Copied::unreadable;
  std::error_code failed;
  std::filesystem::create_directories(to.parent_path(), failed);
  std::ofstream out(to, std::ios::binary);
  std::vector<char> block(1 << 16);
  while (const std::size_t n = VSIFReadL(block.data(), 1, block.size(), in.get())) {
    if (n > left) return Copied::unreadable;
    left -= n;
    if (!out.write(block.data(), static_cast<std::streamsize>(n))) return Copied::no_room;
  }
  out.close();  // its last bytes are written now
  return out.good() ? Copied::whole : Copied::no_room;
}

}  // namespace

Result<void> unpack_zip(const std::string& bytes, const std::filesystem::path& folder, std::uint64_t most) {
  static std::atomic<int> count{0};
  const std::string archive = "/vsimem/gridward_upload_" + std::to_string(++count) + ".zip";
  std::string copied = bytes;  // GDAL takes no const buffer
  VSIFCloseL(VSIFileFromMemBuffer(archive.c_str(), reinterpret_cast<GByte*>(copied.data()), copied.size(), FALSE));
  const std::unique_ptr<const std::string, void (*)(const std::string*)> gone(&archive, [](const std::string* name) { VSIUnlink(name->c_str()); });
  const CPLStringList names(VSIReadDirRecursive(("/vsizip/" + archive).c_str()));
  if (names.size() == 0) return fail(Errc::invalid_argument, std::string(kNotAZip));
  std::uint64_t left = most;
  for (int i = 0; i < names.size(); ++i) {
    const std::filesystem::path name(names[i]);
    if (name.is_absolute() || std::ranges::any_of(name, [](const auto& part) { return part == ".."; }))
      return fail(Errc::invalid_argument, "The archive has a file whose name leads out of it: " + name.string());
    if (std::string_view(names[i]).ends_with('/')) continue;
    const Copied outcome = copy("/vsizip/" + archive + "/" + names[i], folder / name, left);
    if (outcome == Copied::no_room) return fail(Errc::unavailable, std::string(kNoRoom));
    if (outcome == Copied::unreadable)
      return fail(Errc::invalid_argument, "The archive is damaged, or has more than " + std::to_string(most >> 20) + " MB unpacked: " + name.string());
  }
  return {};
}

}  // namespace gridward::geo
