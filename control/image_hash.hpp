#pragma once
// One number for everything a plan was made from: equal images have equal hashes, on every machine.

#include "control/image.hpp"

#include <cstdint>

namespace busbar::control {

/// FNV-1a, 64 bit, over a canonical form of the image; its topology counts by its hash.
[[nodiscard]] std::uint64_t hash_of(const image& image);

} // namespace busbar::control
