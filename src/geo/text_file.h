#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace gridward::geo {

/// What the bytes of a text file tell before it is read.
struct TextLook {
  std::string stated;            // the encoding that a byte order mark states: UTF-8, UTF-16LE, UTF-16BE, GB18030; else empty
  bool empty = true;             // there is nothing in it
  bool utf8 = true;              // it is valid UTF-8
  bool zeros = false;            // it has bytes of zero, as UTF-16 has and a text otherwise has not
  std::uint64_t ideographs = 0;  // characters of three bytes, as Chinese is written in UTF-8; of a text that is
  bool quotes_closed = true;     // quotation marks come in pairs
  std::string beginning;         // its first 8 kB, without mark
  std::string sample;            // the first run of bytes that are not ASCII
};

/// Looks at a text file (any path of GDAL's virtual file systems) block by block. Refuses one of more than `most` bytes.
[[nodiscard]] Result<TextLook> look_at_text(const std::string& path, std::uint64_t most);

/// The same for bytes at hand.
[[nodiscard]] TextLook look_at_bytes(const std::string& bytes);

/// Whether a name of an encoding is one that can be read.
[[nodiscard]] bool known_encoding(const std::string& encoding);

/// A text as UTF-8, without byte order mark. Bytes that the encoding does not have become U+FFFD. GBK and GB2312 are read as GB18030, which has both.
[[nodiscard]] Result<std::string> to_utf8(const std::string& bytes, const std::string& encoding);

/// The sample as it reads in GBK, so that a reader can tell whether that is right.
[[nodiscard]] std::string as_gbk(const std::string& sample);

}  // namespace gridward::geo
