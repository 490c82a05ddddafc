#pragma once

#include "base/result.h"
#include "geo/write_file.h"
#include "http/dispatch.h"
#include "service/page.h"

namespace gridward::http {

/// How many rows a list in csv or xlsx has at most, where no limit is asked for: then it is given whole.
constexpr int kWholeList = 100'000;

/// How many items a handler should ask its service for: the limit of the request; else 100, or for a sheet the whole list and one more.
[[nodiscard]] int limit_of(const Call& call);

/// A page of a list in the format of the call: {"items": [...], "next": ...}, a FeatureCollection of the points that the items have, or a sheet whose
/// columns are the contract's. A Link header leads to the next page. Fails as too large when a list that must be whole is not.
/// `head`: members with which the JSON answer begins, each with a comma after it.
Result<Response> list_response(const Call& call, const service::Page& page, const std::string& head = "");
/// The same for features that are made already.
Response features_response(const Call& call, const service::Page& features);
/// One item, or the feature of its point.
Response item_response(const Call& call, const std::string& item);

/// A table as a file of the call's format, csv or xlsx, named after the address.
Result<Response> sheet_response(const Call& call, geo::Table table);

/// A file of the call's format that is made already.
Response file_response(const Call& call, const std::string& name, std::string bytes);

}  // namespace gridward::http
