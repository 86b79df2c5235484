#pragma once
// toml++ as the site file's reader uses it. Version 3.3 states by assertions what some malformed
// files break ("[&", upstream issue 294): an abort where assertions are on, undefined behaviour
// where they are off. Here they are checked in every build and thrown as `broken_assertion`, which
// parse_site turns into a fault. Include this, never the library itself.

namespace busbar::adapters::config {

/// Input that the library says cannot be.
struct broken_assertion {};

constexpr void check_assertion(bool holds) {
  if (!holds) throw broken_assertion{};
}

} // namespace busbar::adapters::config

// The library trusts its assertions blindly where NDEBUG is set.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_EXCEPTIONS 1
#define TOML_ASSERT(expr) ::busbar::adapters::config::check_assertion(static_cast<bool>(expr))
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
// What the pushed macro meant for assert().
#include <cassert>
