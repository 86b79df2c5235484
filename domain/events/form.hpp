#pragma once
// What every entry of the catalogue consists of. For the sources of this folder alone.

#include "domain/event.hpp"
#include "domain/events/moment.hpp"

#include <initializer_list>
#include <string>

namespace busbar::domain::events {

/// From `least` to `most`; the constructor sets which.
struct levels {
  constexpr levels(severity one) : least(one), most(one) {}
  constexpr levels(severity low, severity high) : least(low), most(high) {}
  severity least;
  severity most;
};

/// One row of the catalogue, and of the table of docs/operations.md: tools/check_events.py reads
/// the declarations of these. A kind with several texts has several forms.
struct form {
  const char* kind;
  levels level;
  /// Words in braces, `{node}`, stand for what differs.
  const char* text;
  domain::speaker speaker = speaker::central;
};

/// The event, at its form's least severity. `values` take the places of the words in braces, in
/// turn. REQUIRES: as many values as there are such words.
[[nodiscard]] event filled(const form& of, const moment& now, std::string subject,
                           std::initializer_list<std::string> values = {});

/// The same of what is not caused by the system.
[[nodiscard]] event caused(event one, cause by);

/// At another severity of its form. REQUIRES: the form has it.
[[nodiscard]] event raised_to(event one, const form& of, severity level);

} // namespace busbar::domain::events
