#pragma once
// Who decides about tags outside of this house: the operator's own service.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace busbar::ports {

/// A tag at a station, as the authority is asked about it.
struct tag_inquiry {
  std::string tag;
  std::string identity;
  std::string site;
  std::string station;
  /// OCPP's connector; 0: not stated.
  std::int32_t connector = 0;
};

struct tag_opinion {
  /// OCPP's word: Accepted, Blocked, Expired, Invalid, ConcurrentTx.
  std::string status;
  std::optional<domain::instant> expires_at;
  /// Empty: none.
  std::string parent;
};

/// Thread-safe.
class tag_authority {
public:
  using listener = std::function<void(domain::result<tag_opinion>)>;

  virtual ~tag_authority() = default;
  /// `then` is called once, within 2 s, on a thread of the authority's or at once: it does not
  /// wait. errc::timeout, errc::unavailable, errc::malformed.
  virtual void ask(tag_inquiry about, listener then) = 0;
};

} // namespace busbar::ports
