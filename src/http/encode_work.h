#pragma once

#include "http/encode.h"
#include "service/workload.h"

namespace gridward::http {

/// `minutes`: what work is reckoned at.
void encode_minutes(Json& json, const service::WorkMinutes& minutes);
/// How evenly a load is spread, as members.
void encode_spread(Json& json, const stats::Spread& spread);

}  // namespace gridward::http
