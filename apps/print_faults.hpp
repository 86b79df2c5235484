#pragma once
// How every command says what is wrong with its input.

#include "domain/fault_list.hpp"

#include <string_view>

namespace busbar::apps {

/// A line on standard error for each fault that is kept, `place` before it ("FILE: "), then how
/// many more there are. The exit code of bad input: 2.
int print_faults(const domain::fault_list& faults, std::string_view place = "");

} // namespace busbar::apps
