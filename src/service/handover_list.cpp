#include "service/handover_list.h"

#include <algorithm>
#include <fstream>
#include <map>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "geo/vector_file.h"
#include "service/scratch_folder.h"

namespace gridward::service {
namespace {

constexpr std::int64_t kMostRows = 1000;

struct Column {
  const char* name;
  const char* chinese;
  bool needed;
};
constexpr Column kColumns[] = {{"cell", "网格编码", true}, {"post", "岗位", true}, {"person", "人员", true}, {"from", "起", false}, {"to", "止", false}};

/// Which of its columns are where.
Result<std::map<std::string, std::size_t>> find_columns(const std::vector<std::string>& fields) {
  std::map<std::string, std::size_t> at;
  for (const Column& c : kColumns) {
    const auto found = std::ranges::find_if(fields, [&](const std::string& f) { return f == c.name || f == c.chinese; });
    if (found != fields.end()) at[c.name] = static_cast<std::size_t>(found - fields.begin());
    else if (c.needed) return fail(Errc::invalid_argument, std::string("The list has no column ") + c.name + " (" + c.chinese + "): it needs cell, post and person, and may have from and to.");
  }
  return at;
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void text_member(Writer& writer, const std::string& key, const std::string& value) {
  writer.Key(key.c_str(), static_cast<rapidjson::SizeType>(key.size()));
  writer.String(value.c_str(), static_cast<rapidjson::SizeType>(value.size()));
}

/// The rows of a file, read in an encoding (empty: as it says itself).
Result<std::string> read_in(const std::string& path, const std::string& encoding) {
  geo::OpenOptions options;
  options.encoding = encoding;
  if (const int header = geo::find_header(path, options, {"cell", "post", "person"}); header > 0) options.header = header;
  else if (const int chinese = geo::find_header(path, options, {"网格编码", "岗位", "人员"}); chinese > 0) options.header = chinese;
  std::map<std::string, std::size_t> at;
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  std::int64_t rows = 0;
  writer.StartArray();
  const auto read = geo::read_vector_file(
      path, options,
      [&](const std::vector<std::string>& fields) -> Result<void> {
        auto found = find_columns(fields);
        if (!found) return fail(found.error());
        at = std::move(*found);
        return {};
      },
      [&](geo::Feature& feature) {
        if (++rows > kMostRows) return false;
        writer.StartObject();
        text_member(writer, "row", std::to_string(feature.row));
        for (const auto& [name, i] : at)
          if (i < feature.values.size() && feature.values[i] && !feature.values[i]->empty()) text_member(writer, name, *feature.values[i]);
        writer.EndObject();
        return true;
      });
  if (!read) return fail(read.error());
  if (rows > kMostRows) return fail(Errc::too_large, "The list has more than 1000 rows: make several plans of it.");
  writer.EndArray();
  return std::string(buffer.GetString(), buffer.GetSize());
}

}  // namespace

Result<std::string> read_handovers(const std::string& bytes, bool xlsx) {
  const ScratchFolder folder;
  const std::string path = (folder.path() / (xlsx ? "list.xlsx" : "list.csv")).string();
  std::ofstream(path, std::ios::binary) << bytes;
  const auto read = read_in(path, "");
  if (read || xlsx || read.error().code == Errc::too_large) return read;
  // Excel saves a CSV in GBK on Chinese machines; a UTF-8 one in which something else is wrong has no columns when read so.
  const auto chinese = read_in(path, "GB18030");
  return chinese ? chinese : read;
}

}  // namespace gridward::service
