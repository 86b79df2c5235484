#pragma once
// The bytes of recordings are those of domain/byte_stream.hpp.

#include "domain/byte_stream.hpp"

namespace busbar::recording {

using domain::byte_reader;
using domain::byte_writer;

} // namespace busbar::recording
