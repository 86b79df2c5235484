#pragma once
// A password that a person types, or that another program writes: never an argument, which every
// process of the machine can read.

#include "domain/result.hpp"

#include <string>

namespace busbar::apps {

/// From a terminal twice and without an echo; from anything else the first line of standard input.
/// errc::malformed: there is none, it is too long, or the two differ.
[[nodiscard]] domain::result<std::string> read_password(const std::string& prompt);

} // namespace busbar::apps
