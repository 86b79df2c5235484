#pragma once
// The order of commands in a record, and what is worth keeping of commands that the log did not
// take, so that they stay few however long it takes nothing.

#include "domain/command.hpp"

#include <vector>

namespace busbar::site {

/// By connector; commands to one connector stay in their order. The record is then the same in
/// whatever order the bays of a site answer.
void put_in_order(std::vector<domain::command>& commands);

/// Keeps, in their order, of each connector the newest command of each kind. A start whose session
/// is stopped by what is held goes with that stop: no station has heard of it. At most one command
/// for each kind and connector is left.
void keep_what_counts(std::vector<domain::command>& held);

/// Removes from `held` what `newer` says anew: the same kind of command to the same connector.
void drop_superseded(std::vector<domain::command>& held,
                     const std::vector<domain::command>& newer);

} // namespace busbar::site
