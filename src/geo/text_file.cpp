#include "geo/text_file.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

namespace gridward::geo {
namespace {

constexpr std::string_view kMissing = "\xEF\xBF\xBD";  // U+FFFD

unsigned char byte(char c) { return static_cast<unsigned char>(c); }

/// How many bytes at the end begin a character that goes on in the next block.
std::size_t open_end(std::string_view block) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, block.size()); ++back) {
    const unsigned char c = byte(block[block.size() - back]);
    if (c < 0x80) return 0;
    if (c >= 0xC0) return (c >= 0xF0 ? 4U : c >= 0xE0 ? 3U : 2U) > back ? back : 0;
  }
  return 0;
}

std::string mark_of(std::string_view start) {
  if (start.starts_with("\xEF\xBB\xBF")) return "UTF-8";
  if (start.starts_with("\xFF\xFE")) return "UTF-16LE";
  if (start.starts_with("\xFE\xFF")) return "UTF-16BE";
  if (start.starts_with("\x84\x31\x95\x33")) return "GB18030";
  return "";
}

/// The first run of bytes that are not ASCII; an even number of them, as GBK has two for a character.
std::string sample_of(std::string_view bytes) {
  const auto at = std::ranges::find_if(bytes, [](char c) { return byte(c) >= 0x80; });
  const auto end = std::find_if(at, bytes.end(), [](char c) { return byte(c) < 0x40; });
  const auto size = std::min<std::ptrdiff_t>(end - at, 40);
  return {at, at + size / 2 * 2};
}

/// Gathers a look from blocks.
class Looker {
 public:
  void take(std::string_view block) {
    std::string_view rest = block;
    if (first_) {
      look_.stated = mark_of(rest);
      if (look_.stated == "UTF-8") rest.remove_prefix(3);
      look_.beginning = rest.substr(0, 8192);
      first_ = false;
    }
    look_.empty = look_.empty && rest.empty();
    look_.zeros = look_.zeros || rest.find('\0') != std::string_view::npos;
    if (look_.sample.empty()) look_.sample = sample_of(rest);
    quotes_ += static_cast<std::uint64_t>(std::ranges::count(rest, '"'));
    if (!look_.utf8) return;
    carry_.append(rest);
    const std::size_t open = open_end(carry_);
    const std::string_view whole = std::string_view(carry_).substr(0, carry_.size() - open);
    look_.utf8 = whole.size() == 0 || CPLIsUTF8(whole.data(), static_cast<int>(whole.size())) != 0;
    if (!look_.utf8) look_.sample = sample_of(rest);
    look_.ideographs += static_cast<std::uint64_t>(std::ranges::count_if(whole, [](char c) { return (byte(c) & 0xF0U) == 0xE0U; }));
    carry_ = carry_.substr(whole.size());
  }
  TextLook done() {
    look_.utf8 = look_.utf8 && carry_.empty();
    look_.quotes_closed = quotes_ % 2 == 0;
    return look_;
  }

 private:
  TextLook look_;
  std::string carry_;
  std::uint64_t quotes_ = 0;
  bool first_ = true;
};

std::string decoder(const std::string& encoding) {
  for (const char* chinese : {"GBK", "GB2312", "CP936", "EUC-CN"})
    if (EQUAL(encoding.c_str(), chinese)) return "GB18030";
  return encoding;
}

struct CloseIconv {
  void operator()(void* i) const { iconv_close(i); }
};
using Iconv = std::unique_ptr<void, CloseIconv>;

Iconv open_iconv(const std::string& encoding) {
  iconv_t i = iconv_open("UTF-8", decoder(encoding).c_str());
  return Iconv(i == reinterpret_cast<iconv_t>(-1) ? nullptr : i);
}

}  // namespace

TextLook look_at_bytes(const std::string& bytes) {
  Looker looker;
  looker.take(bytes);
  return looker.done();
}

Result<TextLook> look_at_text(const std::string& path, std::uint64_t most) {
  const std::unique_ptr<VSILFILE, int (*)(VSILFILE*)> in(VSIFOpenL(path.c_str(), "rb"), VSIFCloseL);
  if (!in) return fail(Errc::invalid_argument, "cannot be read.");
  Looker looker;
  std::vector<char> block(1 << 20);
  std::uint64_t total = 0;
  while (const std::size_t n = VSIFReadL(block.data(), 1, block.size(), in.get())) {
    total += n;
    if (total > most) return fail(Errc::invalid_argument, "it has more than " + std::to_string(most >> 20) + " MB unpacked: split it.");
    looker.take({block.data(), n});
  }
  return looker.done();
}

bool known_encoding(const std::string& encoding) { return open_iconv(encoding) != nullptr; }

Result<std::string> to_utf8(const std::string& bytes, const std::string& encoding) {
  const Iconv converter = open_iconv(encoding);
  if (!converter) return fail(Errc::invalid_argument, "encoding = \"" + encoding + "\" is not known: GBK, GB18030, UTF-8, UTF-16 and BIG5 are.");
  std::string_view from = bytes;
  const std::string mark = mark_of(from);
  if (mark == "UTF-8") from.remove_prefix(3);
  std::string out;
  std::vector<char> block(1 << 16);
  std::string copy(from);  // iconv takes no const bytes
  char* in = copy.data();
  std::size_t left = copy.size();
  while (left > 0) {
    char* to = block.data();
    std::size_t room = block.size();
    const bool stuck = iconv(converter.get(), &in, &left, &to, &room) == static_cast<std::size_t>(-1) && errno != E2BIG;
    out.append(block.data(), block.size() - room);
    if (!stuck) continue;
    out.append(kMissing);
    ++in;
    --left;
  }
  return out.starts_with("\xEF\xBB\xBF") ? out.substr(3) : out;
}

std::string as_gbk(const std::string& sample) { return to_utf8(sample, "GBK").value_or(""); }

}  // namespace gridward::geo
