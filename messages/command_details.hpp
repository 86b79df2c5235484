#pragma once
// What commands say beyond their struct: profile orders and lines. Only the codec of commands
// includes this.

#include "domain/command.hpp"
#include "messages/border.hpp"
#include "messages/schema/commands_generated.h"

#include <vector>

namespace busbar::messages::border {

using detail_vector = flatbuffers::Vector<flatbuffers::Offset<schema::CommandDetail>>;

/// One for each command that needs one; absent where none does.
[[nodiscard]] flatbuffers::Offset<detail_vector>
put_details(flatbuffers::FlatBufferBuilder& builder, const std::vector<domain::command>& commands);

/// Gives `commands` what `details` say of them. Every command has the detail that its kind needs,
/// and no other has one.
[[nodiscard]] domain::result<void> take_details(const detail_vector* details,
                                                std::vector<domain::command>& commands);

} // namespace busbar::messages::border
