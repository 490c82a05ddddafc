#include "service/uploads.h"

#include <algorithm>

#include "geo/unpack.h"
#include "service/scratch_folder.h"

namespace gridward::service {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kMostRows = 2'000'000;  // of a table: what a file of a few bytes can swell to must not fill the memory

/// recipe.toml at the top of what was sent, or in a folder there.
Result<fs::path> find_recipe(const fs::path& folder) {
  if (fs::exists(folder / "recipe.toml")) return folder / "recipe.toml";
  for (const auto& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / "recipe.toml")) return entry.path() / "recipe.toml";
  return fail(Errc::invalid_argument, "The archive has no recipe.toml.");
}

}  // namespace

Result<ImportReport> import_archive(storage::Pool& pool, const Principal& who, const std::string& zip, std::uint64_t most_unpacked, ImportOptions options) {
  const ScratchFolder folder;
  if (folder.path().empty()) return fail(Errc::unavailable, "The server cannot make a folder to unpack in (TMPDIR, or /tmp): its disk is full, or closed to it. Nothing was imported.");
  if (auto ok = geo::unpack_zip(zip, folder.path(), most_unpacked); !ok) return fail(ok.error());
  const auto recipe = find_recipe(folder.path());
  if (!recipe) return fail(recipe.error());
  options.actor = who.username;
  options.waits = false;
  options.most_rows = kMostRows;
  options.may = [&](std::int64_t district) {
    return std::ranges::any_of(who.grants, [&](const Grant& g) { return g.cell == 0 && (g.district == 0 || g.district == district); });
  };
  return import_recipe(pool, *recipe, options);
}

}  // namespace gridward::service
