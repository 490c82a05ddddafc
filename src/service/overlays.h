#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "service/cells.h"
#include "service/write.h"

namespace gridward::service {

/// Overlays: second partitions of a district's land beside the tree (派出所, 消防, 中队). Who may see anything of a district sees its overlays; coordinators of the whole district keep them.
struct OverlayFilter {
  std::int64_t district = 0;
  std::int64_t overlay = 0;  // of areas
  std::int64_t id = 0;       // one alone; 0: all
  std::int64_t area = 0, person = 0;  // of holders
  std::string at;            // overlays and holders: in force on it, empty: all; areas: the day, empty: today
  std::string known_at;      // an instant; empty: now
  bool drawn = false;        // areas: as features
  std::int64_t after = 0;
  int limit = 100;
};
Result<Page> list_overlays(storage::Pool& pool, const Principal& who, const OverlayFilter& filter);
/// not_found without the overlay, or without the one area that is asked for.
Result<Page> list_overlay_areas(storage::Pool& pool, const Principal& who, const OverlayFilter& filter);
Result<Page> list_overlay_holders(storage::Pool& pool, const Principal& who, const OverlayFilter& filter);
/// All that was ever said of an area, as a JSON document; superseded rows too, and shapes drawn, if asked.
Result<std::string> overlay_area_history(storage::Pool& pool, const Principal& who, std::int64_t district, std::int64_t area, bool superseded, bool geometry);

/// A new one (`id` 0), or a correction of one; `body` says what differs.
Result<Written> write_overlay(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& body);
Result<Written> create_overlay_area(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t overlay, const std::string& from, const std::string& body);
/// `version`: what the client has read, or * for any.
Result<Written> change_overlay_area(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t area, const std::string& version, const std::string& body);
Result<Written> write_overlay_holder(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& body);
Result<Written> withdraw_overlay_holder(storage::Pool& pool, const Deed& deed, std::int64_t district, std::int64_t id, const std::string& reason);

/// The overlays that are there on a day, and one of them; not_found without it.
std::vector<NamedOverlay> overlays_on(storage::Tx& tx, std::int64_t district, const std::string& day);
Result<NamedOverlay> find_overlay(storage::Tx& tx, std::int64_t district, std::int64_t overlay, const std::string& day);

/// The areas of a district's overlays at a point on a day, with who holds their posts.
std::vector<OverlayPlace> overlays_at(storage::Tx& tx, std::int64_t district, double lon, double lat, const std::string& day, bool phones);

}  // namespace gridward::service
