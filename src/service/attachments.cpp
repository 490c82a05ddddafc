#include "service/attachments.h"

#include <array>

#include <fmt/format.h>
#include <sodium.h>

#include "base/hex.h"
#include "service/events.h"
#include "service/plan_access.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Tx;

/// The district of the event or plan, if the caller may see it.
Result<std::int64_t> seen_of(Tx& tx, const Principal& who, const FilesOf& of) {
  if (!of.plan.empty() && of.event.empty() && of.kind.empty()) return seen_plan(tx, who, of.plan);
  if (!of.plan.empty() || of.event.empty() || of.kind.empty()) return fail(Error::field("event", "give kind and event, or plan"));
  return reachable_event(tx, who, of.kind.c_str(), of.event);
}

/// The caller with those grants alone by which plans are drafted.
Principal as_coordinator(Principal who) {
  std::erase_if(who.grants, [](const Grant& g) { return g.role != "coordinator"; });
  return who;
}

/// The same, if the caller may add a file to it.
Result<std::int64_t> owned_of(Tx& tx, const Principal& who, const FilesOf& of) {
  const Principal coordinator = of.plan.empty() ? Principal{} : as_coordinator(who);
  auto district = seen_of(tx, of.plan.empty() ? who : coordinator, of);
  if (!district || of.plan.empty()) return district;
  if (const auto own = own_plan(tx, coordinator, of.plan, *district); !own) return fail(own.error());
  return district;
}

}  // namespace

Result<Page> list_attachments(storage::Pool& pool, const Principal& who, const FilesOf& of) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    const auto district = seen_of(tx, who, of);
    if (!district) return fail(district.error());
    return to_page(tx.run(sql::attachments_list, {std::to_string(*district), or_null(of.event), or_null(of.plan)}), -1);
  });
}

Result<Written> create_attachment(storage::Pool& pool, const Deed& deed, const NewFile& file) {
  if (file.body.empty()) return fail(Errc::invalid_argument, "Send the file as the body.");
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(file.body.data()), file.body.size());
  const std::string sha256 = to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto district = owned_of(tx, deed.who, file.of);
    if (!district) return fail(district.error());
    tx.run(sql::attachments_create, {std::to_string(*district), file.id, or_null(file.of.event), file.name, file.media_type, sha256, to_hex(file.body), deed.who.username, deed.request_id, or_null(file.of.plan)});
    return Written{201, fmt::format(R"({{"id": "{}", "sha256": "{}"}})", file.id, sha256)};
  });
}

Result<File> get_attachment(storage::Pool& pool, const Principal& who, const std::string& id) {
  return pool.read<File>([&](Tx& tx) -> Result<File> {
    const auto rows = tx.run(sql::attachments_find, {id});
    if (rows.size() == 0) return fail(Errc::not_found, "There is no such file.");
    if (const auto mine = seen_of(tx, who, {rows.text(0, "kind"), rows.text(0, "event_id"), rows.text(0, "plan")}); !mine) return fail(mine.error());
    return File{rows.text(0, "name"), rows.text(0, "media_type"), rows.bytes(0, "body")};
  });
}

}  // namespace gridward::service
