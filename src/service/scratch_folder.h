#pragma once

#include <filesystem>
#include <string>

namespace gridward::service {

/// A folder for what a request brings, gone with this object.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }  // empty when it could not be made

 private:
  std::filesystem::path path_;
};

}  // namespace gridward::service
