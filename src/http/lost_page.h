#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"

namespace gridward::http {

/// How pages that the server itself writes for people look, in the light and in the dark.
inline constexpr std::string_view kPageStyle =
    "<style>:root { color-scheme: light dark } body { max-width: 40em; margin: 3em auto; padding: 0 1em; font: 1rem/1.6 system-ui, sans-serif } h1 { font-size: 1.4rem } "
    "h1 code { font-size: .8em; font-weight: 400 } summary { cursor: pointer }</style>\n";

/// What a browser gets at an address where nothing is: a page in both languages with a way home, still 404. nullopt for whom did not ask for a page.
[[nodiscard]] std::optional<Response> lost_page(const Request& request);

}  // namespace gridward::http
