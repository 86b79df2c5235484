#pragma once
// Which station is let in, by the security profiles of the white paper: 0 nothing, 1 Basic, 2 TLS
// and Basic, 3 TLS with a client certificate whose name is the identity. A connection that offers
// more than the station's profile asks for is let in; one that offers less never is.

#include "adapters/ocpp/gateway/key_book.hpp"
#include "adapters/ocpp/gateway/provision.hpp"
#include "adapters/ocpp/server/station_door.hpp"

#include <cstddef>
#include <cstdint>

namespace busbar::adapters::ocpp::gateway {

enum class admission : std::uint8_t {
  admitted,
  unknown_identity,
  wrong_key,
  /// Without TLS, or without a certificate, where the station's profile asks for it.
  lower_profile,
  /// A certificate that holds and names another station.
  foreign_certificate,
};
inline constexpr std::size_t admissions = 5;
/// "unknown_identity".
[[nodiscard]] const char* name_of(admission which);

/// Of a station whose file states none: 0 on a listener of the loopback, else 1, under TLS 2.
[[nodiscard]] std::uint8_t usual_profile(const server::link_security& link);

/// `who`: null where the identity is not known. OCPP-4: takes as long whatever comes out.
[[nodiscard]] admission judge(const provision* who, const server::visitor& visitor,
                              const key_book& keys);

} // namespace busbar::adapters::ocpp::gateway
