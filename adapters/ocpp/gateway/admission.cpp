#include "adapters/ocpp/gateway/admission.hpp"

#include "adapters/ocpp/server/handshake.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::ocpp::gateway {

namespace {

constexpr std::array<const char*, admissions> names{"admitted", "unknown_identity", "wrong_key",
                                                    "lower_profile", "foreign_certificate"};

} // namespace

const char* name_of(admission which) { return names[static_cast<std::size_t>(which)]; }

std::uint8_t usual_profile(const server::link_security& link) {
  if (link.is_local) return 0;
  return link.is_encrypted ? 2 : 1;
}

admission judge(const provision* who, const server::visitor& visitor, const key_book& keys) {
  const auto& link = visitor.security;
  // The key is looked at whatever else there is.
  const auto password =
      server::basic_password(visitor.authorization, visitor.identity).value_or("");
  const bool has_key = keys.is_key_of(visitor.identity, password);
  if (who == nullptr) return admission::unknown_identity;
  const auto profile = who->profile.value_or(usual_profile(link));
  const bool is_certified = link.is_encrypted &&
                            std::ranges::find(link.certified_names, visitor.identity) !=
                                link.certified_names.end();
  if (is_certified || profile == 0) return admission::admitted;
  if (profile >= 2 && !link.is_encrypted) return admission::lower_profile;
  if (profile == 3)
    return link.certified_names.empty() ? admission::lower_profile
                                        : admission::foreign_certificate;
  return has_key ? admission::admitted : admission::wrong_key;
}

} // namespace busbar::adapters::ocpp::gateway
