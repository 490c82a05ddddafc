#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "http/contract.h"
#include "http/encode.h"
#include "http/router.h"
#include "service/tiles.h"

namespace gridward::http {

/// Where a request for a tile goes.
struct TileAddress {
  map::TileId tile;
  bool gcj02 = false;
  bool from_map = false;  // it follows from the map alone, not from the data
};
/// The tile that an address means; nothing for other addresses, and for one that is no tile of its zoom.
[[nodiscard]] std::optional<TileAddress> find_tile_address(const Routed& routed, const Request& request);

/// Whether an operation is of tiles in GCJ-02.
[[nodiscard]] bool is_gcj02(const Route& route);

/// The tile that a request names; an error where there is none such at its zoom.
Result<map::TileId> read_tile_id(const Input& parameters);

/// An address with the parameters of a request as they were sent, for TileJSON. A token stays out: whoever has it adds it.
[[nodiscard]] std::string with_sent_parameters(std::string address, const Request& request);

/// The box of a TileJSON, in degrees, or where GCJ-02 puts it; nothing where it is nowhere.
void encode_bounds(Json& json, map::DegreeBox box, bool gcj02);

/// A vector tile as an answer; 204 where there is nothing in it.
[[nodiscard]] Response tile_response(std::string bytes);

/// What a layer is asked with; `gcj02` follows from the operation.
Result<service::LayerAsked> read_layer_asked(const Input& parameters, const Route& route);

}  // namespace gridward::http
