#pragma once

#include <string>

#include "base/result.h"
#include "domain/colour_scale.h"
#include "http/contract.h"
#include "http/dispatch.h"
#include "http/encode.h"
#include "service/heat_surface.h"

namespace gridward::http {

[[nodiscard]] service::HeatSources heat_sources(const Call& call);

/// Which surface is asked for.
Result<service::HeatAsked> read_heat_asked(const Input& parameters);

/// In which colours: `ramp` and `top`, or what the kind of event has where they are left out. Of the surface only that matters: density, difference or relative risk.
Result<ColourScale> read_scale(const Input& parameters);

/// "density", "difference" or "relative_risk", and the unit of its values.
[[nodiscard]] const char* quantity_of(const Input& parameters);
[[nodiscard]] const char* unit_of(const Input& parameters);

/// What was asked for, as every answer about a surface says it.
void encode_asked(Json& json, const Input& parameters, const service::HeatAsked& asked);
/// The bandwidth (null: none could be chosen), and what follows from it: the density of enterprises below which a relative risk is masked.
void encode(Json& json, const service::HeatAsked& asked, const service::HeatBandwidth* bandwidth);

}  // namespace gridward::http
