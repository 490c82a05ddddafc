#include "service/file_look.h"

#include <filesystem>
#include <utility>

#include "geo/unpack.h"
#include "service/scratch_folder.h"

namespace gridward::service {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSamples = 5;
constexpr std::int64_t kMostCounted = 200'000;

Result<FileLook> read_as(const std::string& path, const geo::OpenOptions& options) {
  FileLook out;
  std::int64_t rows = 0;
  const auto fields = [&](const std::vector<std::string>& names) -> Result<void> {
    out.columns = names;
    return {};
  };
  const auto read = geo::read_vector_file(path, options, fields, [&](geo::Feature& f) {
    if (out.geometry.empty()) out.geometry = f.geometry;
    if (out.samples.size() < kSamples) {
      auto& sample = out.samples.emplace_back();
      for (const auto& value : f.values) sample.push_back(value.value_or(""));
    }
    return ++rows <= kMostCounted;
  });
  if (!read) return fail(read.error());
  if (rows <= kMostCounted) out.rows = rows;
  return out;
}

/// The only file of a folder; of a Shapefile's the .shp.
Result<fs::path> find_file(const fs::path& folder) {
  std::vector<fs::path> files, shapes;
  for (const auto& entry : fs::directory_iterator(folder)) {
    files.push_back(entry.path());
    if (entry.path().extension() == ".shp" || entry.path().extension() == ".SHP") shapes.push_back(entry.path());
  }
  if (shapes.size() == 1) return shapes.front();
  if (files.size() != 1) return fail(Errc::invalid_argument, "The archive must hold one file, or the files of one Shapefile.");
  return files.front();
}

}  // namespace

Result<FileLook> look_at_file(const std::string& path, const geo::OpenOptions& options) {
  const auto layers = geo::layers_of(path, options);
  if (layers && options.layer.empty() && layers->size() > 1) return FileLook{.layers = *layers};
  auto first = read_as(path, options);
  if (first) return first;
  for (const auto& [encoding, crs] : {std::pair{"GBK", ""}, {"", "EPSG:4490"}, {"GBK", "EPSG:4490"}}) {
    if ((*encoding != '\0' && !options.encoding.empty()) || (*crs != '\0' && !options.crs.empty())) continue;
    geo::OpenOptions assumed = options;
    if (*encoding != '\0') assumed.encoding = encoding;
    if (*crs != '\0') assumed.crs = crs;
    auto look = read_as(path, assumed);
    if (!look) continue;
    look->encoding = encoding;
    look->crs = crs;
    return look;
  }
  return first;
}

Result<FileLook> look_at_archive(const std::string& zip, std::uint64_t most_unpacked, const geo::OpenOptions& options) {
  const ScratchFolder folder;
  if (folder.path().empty()) return fail(Errc::unavailable, "The server cannot make a folder to unpack in (TMPDIR, or /tmp): its disk is full, or closed to it.");
  if (auto ok = geo::unpack_zip(zip, folder.path(), most_unpacked); !ok) return fail(ok.error());
  const auto file = find_file(folder.path());
  if (!file) return fail(file.error());
  auto look = look_at_file(file->string(), options);
  if (look) look->file = file->filename().string();
  return look;
}

}  // namespace gridward::service
