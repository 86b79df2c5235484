#pragma once
// KEEP-3: what a station's conversation remembers beside its sessions, its charging profiles and
// its reservation: its breaker and numbers, and which of its connectors are taken out, as bytes.

#include "site/notebook.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace busbar::site {

/// Empty where the newest call returned the same, and the reservation is as it was then.
[[nodiscard]] std::vector<std::uint8_t> talk_news(notebook& book,
                                                  std::span<const connector_notes> notes);
/// Takes it back; empty bytes change nothing. REQUIRES: the sessions in `notes` and the
/// reservation in `book` are restored.
void read_talk(std::span<const std::uint8_t> bytes, notebook& book,
               std::span<connector_notes> notes);

} // namespace busbar::site
