#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "geo/unpack.h"
#include "http/dispatch.h"
#include "http/encode.h"
#include "service/exports.h"
#include "service/imports.h"

namespace gridward::http {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMostUnpacked = std::uint64_t{1} << 30;

/// A folder that is gone with this object.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (fs::temp_directory_path() / "gridward-import-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "no folder for an upload");
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// recipe.toml at the top of what was sent, or in the one folder there.
Result<fs::path> find_recipe(const fs::path& folder) {
  if (fs::exists(folder / "recipe.toml")) return folder / "recipe.toml";
  for (const auto& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / "recipe.toml")) return entry.path() / "recipe.toml";
  return fail(Errc::invalid_argument, "The archive has no recipe.toml.");
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

Response bad_rows_csv(int status, const service::ImportReport& report) {
  std::string text = "\xEF\xBB\xBF" "file,row,column,reason\r\n";
  for (const auto& b : report.bad) text += fmt::format("{},{},{},{}\r\n", quoted(b.file), b.row, quoted(b.column), quoted(b.reason));
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/csv; charset=utf-8"}, {"Content-Disposition", "attachment; filename=bad-rows.csv"}};
  response.body = std::make_shared<const std::string>(std::move(text));
  return response;
}

void texts(Json& json, const char* key, const std::vector<std::string>& values) {
  json.Key(key);
  json.StartArray();
  for (const auto& value : values) json.String(value.c_str(), static_cast<rapidjson::SizeType>(value.size()));
  json.EndArray();
}

Response report_response(int status, const service::ImportReport& report) {
  Json json;
  json.StartObject();
  json.Key("written");
  json.Bool(report.written);
  json.Key("tables");
  json.StartArray();
  for (const auto& c : report.counts) {
    json.StartObject();
    member(json, "table", c.table);
    member(json, "file", c.file);
    for (const auto& [name, value] : {std::pair{"added", c.added}, {"changed", c.changed}, {"as_before", c.same}, {"repeated", c.repeated}, {"repaired", c.repaired}}) member(json, name, value);
    texts(json, "gone", c.gone);
    texts(json, "suspects", c.suspects);
    json.EndObject();
  }
  json.EndArray();
  json.Key("bad");
  json.StartArray();
  for (const auto& b : report.bad) {
    json.StartObject();
    member(json, "file", b.file);
    member(json, "row", b.row);
    member(json, "column", b.column);
    member(json, "reason", b.reason);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json_response(status, json);
}

}  // namespace

Result<Response> create_import(const Call& call) {
  const Input& p = call.parameters;
  const ScratchFolder folder;
  if (auto ok = geo::unpack_zip(call.request.body, folder.path(), kMostUnpacked); !ok) return fail(ok.error());
  const auto recipe = find_recipe(folder.path());
  if (!recipe) return fail(recipe.error());
  service::ImportOptions options{.dry_run = p.flag("dry_run"), .skip_bad = p.flag("skip_bad"), .repair = p.flag("repair"), .from = p.text("from"),
                                 .close_gone = p.flag("close_gone"), .actor = call.who.username, .waits = false};
  // A new district is for those whose area is everything; a known one for those who have the whole of it.
  options.may = [&](std::int64_t district) {
    for (const Grant& g : call.who.grants)
      if (g.cell == 0 && (g.district == 0 || (district != 0 && g.district == district))) return true;
    return false;
  };
  const auto report = service::import_recipe(call.context.writes, *recipe, options);
  if (!report) return fail(report.error());
  const int status = report->written ? 201 : 200;
  return p.text("format") == "csv" ? bad_rows_csv(status, *report) : report_response(status, *report);
}

Result<Response> create_export(const Call& call) {
  const Input& b = call.body;
  auto file = service::export_file(call.context.writes, call.who, {b.text("what"), b.text("format"), b.text("cell"), b.text("at"), b.text("from"), b.text("to"), call.id});
  if (!file) return fail(file.error());
  Response response;
  response.headers = {{"Content-Type", file->media_type}, {"Content-Disposition", "attachment; filename=" + file->name}};
  response.body = std::make_shared<const std::string>(std::move(file->bytes));
  return response;
}

}  // namespace gridward::http
