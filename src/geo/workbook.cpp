#include "geo/workbook.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <xlsxwriter.h>

namespace gridward::geo {

Workbook::Workbook(bool row_by_row) {
  path_ = (std::filesystem::temp_directory_path() / "gridward-sheet-XXXXXX").string();
  const int file = ::mkstemp(path_.data());
  if (file < 0) throw std::system_error(errno, std::generic_category(), "no file for a sheet");
  ::close(file);
  lxw_workbook_options options = {};
  options.constant_memory = static_cast<std::uint8_t>(row_by_row ? LXW_TRUE : LXW_FALSE);
  book_ = workbook_new_opt(path_.c_str(), &options);
  if (book_ == nullptr) return;
  lxw_doc_properties properties = {};
  properties.created = 315532800;  // a day that does not change: an answer of one version has the same bytes wherever it is made
  workbook_set_properties(book_, &properties);
}

Workbook::~Workbook() {
  if (book_ != nullptr) workbook_close(book_);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

Result<std::string> Workbook::finish() {
  if (book_ == nullptr) return fail(Errc::internal, "A sheet could not be begun.");
  const lxw_error error = workbook_close(book_);
  book_ = nullptr;
  if (error != LXW_NO_ERROR) return fail(Errc::internal, std::string("A sheet could not be written: ") + lxw_strerror(error));
  std::ifstream in(path_, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string fitting(const std::string& text) {
  constexpr std::size_t most = 32000;
  if (text.size() <= most) return text;
  std::size_t end = most;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + " … (cut: take CSV for the whole)";
}

}  // namespace gridward::geo
