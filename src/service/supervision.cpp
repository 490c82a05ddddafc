#include "service/supervision.h"

#include "service/auth.h"
#include "service/cells.h"
#include "sql.gen.h"

namespace gridward::service {
namespace {

using storage::or_null;
using storage::Param;
using storage::Tx;

Result<void> check_whole(const Principal& who, std::int64_t district, const char* what) {
  if (reaches(who, district, {})) return {};
  return fail(Errc::forbidden, std::string(what) + " are kept by coordinators of the whole district.");
}

/// The enterprise of an exemption that the caller may change.
Result<Cell> exempted(Tx& tx, const Principal& who, std::int64_t district, std::int64_t id) {
  const auto cell = tx.run(sql::exemptions_cell, {std::to_string(district), std::to_string(id)});
  if (cell.size() == 0) return fail(Errc::not_found, "There is no such exemption.");
  return cell_in_window(tx, who, cell.text(0, "cell_id"), "", "");
}

std::string exemption_document(Tx& tx, std::int64_t district, const std::string& id) {
  return tx.run(sql::exemptions_list, {std::to_string(district), Param{}, Param{}, Param{}, "0", "1", id}).text(0, "doc");
}

/// Where rules of a kind are kept, and the statements that list and set them.
struct RulingTable {
  const char* name;
  const sql::Query &list, &set;
};

const RulingTable& table_of(Ruling ruling) {
  static const RulingTable tables[] = {{"visit_rule", sql::rules_list, sql::rules_set}, {"figure_weight", sql::weights_list, sql::weights_set}, {"score_rule", sql::score_rules_list, sql::score_rules_set},
                                       {"score_floor", sql::score_floors_list, sql::score_floors_set}};
  return tables[static_cast<int>(ruling)];
}

storage::Rows run_rules(Tx& tx, Ruling ruling, std::int64_t district, const std::string& at, const std::string& known_at, const Param& id) {
  return tx.run(table_of(ruling).list, {std::to_string(district), or_null(at), or_null(known_at), id});
}

}  // namespace

Result<Page> list_posts(storage::Pool& pool) {
  return pool.read<Page>([](Tx& tx) -> Result<Page> { return to_page(tx.run(sql::posts_list), -1); });
}

Result<Page> list_certificates(storage::Pool& pool, const Principal& who, const CertificateFilter& f) {
  if (!in_district(who, f.district)) return fail(Errc::forbidden, "This district is outside your area.");
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    return to_page(tx.run(sql::certificates_list, {std::to_string(f.district), or_null(f.person), or_null(f.kind), or_null(f.at), or_null(f.ends_before), std::to_string(f.after), std::to_string(f.limit), Param{}}), f.limit);
  });
}

Result<Written> write_certificate(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& body) {
  if (auto ok = check_whole(deed.who, district, "Certificates"); !ok) return fail(ok.error());
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const std::string in = std::to_string(district);
    const auto written = tx.run(sql::certificates_write, {in, or_null(id), body, deed.who.username, deed.request_id});
    const auto doc = tx.run(sql::certificates_list, {in, Param{}, Param{}, Param{}, Param{}, "0", "1", written.text(0, "id")});
    return Written{id == 0 ? 201 : 200, doc.text(0, "doc")};
  });
}

Result<Written> withdraw_certificate(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& reason) {
  if (auto ok = check_whole(deed.who, district, "Certificates"); !ok) return fail(ok.error());
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    tx.run(sql::certificates_withdraw, {std::to_string(district), std::to_string(id), or_null(reason), deed.who.username, deed.request_id});
    return Written{204, ""};
  });
}

Result<Page> list_exemptions(storage::Pool& pool, const Principal& who, const ExemptionFilter& f) {
  return pool.read<Page>([&](Tx& tx) -> Result<Page> {
    std::int64_t district = f.district;
    Param within;
    if (!f.within.empty()) {
      const auto cell = visible_cell(tx, who, f.within, f.at, false);
      if (!cell) return fail(cell.error());
      district = cell->district;
      within = std::to_string(cell->id);
    } else if (district == 0) {
      return fail(Error::field("within", "give within or district"));
    } else if (!reaches(who, district, {})) {
      return fail(Errc::forbidden, "This district is outside your area: name a cell of it (within).");
    }
    return to_page(tx.run(sql::exemptions_list, {std::to_string(district), within, local_day(tx, district, f.at), or_null(f.at), std::to_string(f.after), std::to_string(f.limit), Param{}}), f.limit);
  });
}

Result<Written> create_exemption(storage::Pool& pool, const Deed& deed, const std::string& enterprise, const std::string& from, const std::string& body) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto cell = visible_cell(tx, deed.who, enterprise, from, false);
    if (!cell) return fail(cell.error());
    const auto id = tx.run(sql::exemptions_write, {std::to_string(cell->district), Param{}, std::to_string(cell->id), body, deed.who.username, deed.request_id});
    return Written{201, exemption_document(tx, cell->district, id.text(0, "id"))};
  });
}

Result<Written> correct_exemption(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& body) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto cell = exempted(tx, deed.who, district, id);
    if (!cell) return fail(cell.error());
    tx.run(sql::exemptions_write, {std::to_string(district), std::to_string(id), std::to_string(cell->id), body, deed.who.username, deed.request_id});
    return Written{200, exemption_document(tx, district, std::to_string(id))};
  });
}

Result<Written> withdraw_exemption(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& reason) {
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    if (const auto cell = exempted(tx, deed.who, district, id); !cell) return fail(cell.error());
    tx.run(sql::exemptions_withdraw, {std::to_string(district), std::to_string(id), or_null(reason), deed.who.username, deed.request_id});
    return Written{204, ""};
  });
}

Result<Page> list_rules(storage::Pool& pool, const Principal& who, Ruling ruling, std::int64_t district, const std::string& at, const std::string& known_at) {
  if (!in_district(who, district)) return fail(Errc::forbidden, "This district is outside your area.");
  return pool.read<Page>([&](Tx& tx) -> Result<Page> { return to_page(run_rules(tx, ruling, district, at, known_at, {}), -1); });
}

Result<Written> set_rule(storage::Pool& pool, const Deed& deed, Ruling ruling, std::int64_t district, const std::string& body) {
  if (auto ok = check_whole(deed.who, district, "Rules"); !ok) return fail(ok.error());
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    const auto id = tx.run(table_of(ruling).set, {std::to_string(district), body, deed.who.username, deed.request_id});
    return Written{201, run_rules(tx, ruling, district, "", "", id.text(0, "id")).text(0, "doc")};
  });
}

Result<Written> end_rule(storage::Pool& pool, const Deed& deed, Ruling ruling, std::int64_t district, std::int64_t id, const std::string& body) {
  if (auto ok = check_whole(deed.who, district, "Rules"); !ok) return fail(ok.error());
  return write_once(pool, deed, [&](Tx& tx) -> Result<Written> {
    tx.run(sql::rules_end, {table_of(ruling).name, std::to_string(district), std::to_string(id), body, deed.who.username, deed.request_id});
    return Written{204, ""};
  });
}

}  // namespace gridward::service
