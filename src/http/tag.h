#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "domain/principal.h"
#include "http/public_address.h"
#include "http/request.h"
#include "http/router.h"
#include "service/known.h"

namespace gridward::http {

/// Whether an answer has a tag. What is noted in the trail has none: it is asked anew, and noted, each time.
[[nodiscard]] bool is_tagged(const Route& route, const Request& request);

/// What tags are made with beside requests.
struct Sealing {
  const std::string& key;
  const PublicAddress& address;  // of what names addresses in full
};

/// A strong tag made before the work: from the versions of all that the answer can follow from, the local days, the caller's rights and the request. It
/// is keyed, so that whoever holds one was given an answer of these versions with these rights: a match needs no second look.
///
/// A tile follows from the districts that it touches, and from where the caller may look, not from who that is: all who may see the same share it. Another answer follows
/// from the districts where it is asked for (AskedArea), and from who asks. In which district a cell lies may have to be asked of the database, once.
Result<std::string> make_etag(const Sealing& sealing, const Routed& routed, const Request& request, const Principal& who, const service::Known::State& state, service::Known& known);

/// The same without asking; nothing where that must be.
[[nodiscard]] std::optional<std::string> recall_etag(const Sealing& sealing, const Routed& routed, const Request& request, const Principal& who, const service::Known::State& state, service::Known& known);

}  // namespace gridward::http
