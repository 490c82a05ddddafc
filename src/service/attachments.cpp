#include "service/attachments.h"

#include <array>

#include <fmt/format.h>
#include <sodium.h>

#include "base/hex.h"
#include "service/events.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::Tx;

}  // namespace

Result<Page> list_attachments(storage::Pool& pool, const Principal& who, const std::string& kind, const std::string& event) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    const auto district = reachable_event(tx, who, kind.c_str(), event);
    if (!district) return fail(district.error());
    return to_page(tx.run(sql::attachments_list, {std::to_string(*district), event}), -1);
  });
}

Result<Written> create_attachment(storage::Pool& pool, const Deed& deed, const NewFile& file) {
  if (file.body.empty()) return fail(Errc::invalid_argument, "Send the file as the body.");
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(file.body.data()), file.body.size());
  const std::string sha256 = to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = reachable_event(tx, deed.who, file.kind.c_str(), file.event);
    if (!district) return fail(district.error());
    tx.run(sql::attachments_create, {std::to_string(*district), file.id, file.event, file.name, file.media_type, sha256, to_hex(file.body), deed.who.username, deed.request_id});
    return Written{201, fmt::format(R"({{"id": "{}", "sha256": "{}"}})", file.id, sha256)};
  });
}

Result<File> get_attachment(storage::Pool& pool, const Principal& who, const std::string& id) {
  return pool.read<File>([&](Tx& tx) -> Result<File> {
    const auto rows = tx.run(sql::attachments_find, {id});
    if (rows.size() == 0) return fail(Errc::not_found, "There is no such file.");
    if (const auto mine = reachable_event(tx, who, rows.text(0, "kind").c_str(), rows.text(0, "event_id")); !mine) return fail(mine.error());
    return File{rows.text(0, "name"), rows.text(0, "media_type"), rows.bytes(0, "body")};
  });
}

}  // namespace gridward::service
