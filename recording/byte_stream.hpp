#pragma once
// The bytes of recordings are those of domain/byte_stream.hpp.

#include "domain/byte_stream.hpp"

namespace busbar::recording {

using byte_reader = domain::stream_reader;
using byte_writer = domain::stream_writer;

} // namespace busbar::recording
