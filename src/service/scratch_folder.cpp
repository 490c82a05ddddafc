#include "service/scratch_folder.h"

#include <cstdlib>
#include <system_error>

namespace gridward::service {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() {
  std::error_code none;
  std::string name = (fs::temp_directory_path(none) / "gridward-import-XXXXXX").string();
  if (!none && ::mkdtemp(name.data()) != nullptr) path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace gridward::service
