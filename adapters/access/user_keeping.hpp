#pragma once
// Changes of users as the API and `busbar user` make them: what is stated is checked, passwords are
// hashed, and the store has it when they return. They take their time.

#include "adapters/access/access_store.hpp"
#include "adapters/access/password_hash.hpp"
#include "ports/access.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace busbar::adapters::access {

/// What it takes to keep users.
struct user_keeping {
  access_store& store;
  hash_cost cost;
  domain::instant now;
};

using ports::access_done;
using ports::access_outcome;

[[nodiscard]] ports::access_failure failure_of(const domain::error& why);

/// `is_first`: refused where there is a user already.
[[nodiscard]] access_outcome<access_done> take_new_user(const user_keeping& keep,
                                                   const ports::new_user& made,
                                                   bool is_first = false);
/// `version`: refused (`access_fault::wrong_password`) where the user has another one by then;
/// absent: any.
[[nodiscard]] access_outcome<access_done>
take_change(const user_keeping& keep, const std::string& name, const ports::user_change& change,
            std::optional<std::int64_t> version = std::nullopt);
[[nodiscard]] access_outcome<access_done> take_removal(const user_keeping& keep,
                                                      const std::string& name);

} // namespace busbar::adapters::access
