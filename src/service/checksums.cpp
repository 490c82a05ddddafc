#include "service/checksums.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <sodium.h>

#include "base/hex.h"

namespace gridward::service {

namespace fs = std::filesystem;

Result<std::string> sha256_of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(Errc::invalid_argument, path.filename().string() + " cannot be read.");
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::vector<char> block(std::size_t{1} << 20);
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(block.data()), static_cast<unsigned long long>(in.gcount()));
  }
  if (in.bad()) return fail(Errc::invalid_argument, path.filename().string() + " cannot be read to its end.");
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256_final(&state, hash.data());
  return to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

std::vector<fs::path> files_of(const fs::path& path) {
  std::vector<fs::path> files;
  if (fs::is_directory(path)) {
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file()) files.push_back(entry.path());
  } else if (path.extension() == ".shp") {
    for (const auto& entry : fs::directory_iterator(path.has_parent_path() ? path.parent_path() : "."))
      if (entry.is_regular_file() && entry.path().stem() == path.stem()) files.push_back(entry.path());
  } else {
    files.push_back(path);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace gridward::service
