#pragma once

#include "base/result.h"
#include "http/contract.h"
#include "http/request.h"

namespace gridward::http {

/// What an answer is made in; `any` where the operation gives what it has.
enum class Format { json, geojson, csv, xlsx, png, pdf, svg, tiff, any };

/// "text/csv; charset=utf-8" and the like.
[[nodiscard]] const char* media_type(Format format);

/// The format of an answer: what the parameter `format` says, else what `Accept` likes best of what the route offers (RFC 9110, 12.5.1: the most
/// specific range that fits gives the weight). Fails as not acceptable, naming what there is.
[[nodiscard]] Result<Format> negotiate(const Route& route, const Request& request, const Input& parameters);

}  // namespace gridward::http
