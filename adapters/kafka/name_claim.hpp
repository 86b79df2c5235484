#pragma once
// Which process started last under a member's name, as the cluster keeps it (OWN-1).
//
// The coordinator cannot tell: it goes on to list a static member under the client id and host of
// the first process that had its name. So each start leaves a text of its own before it joins: the
// metadata of an offset that it commits for the first topic's partition 0, in a group that nothing
// else uses ("GROUP.name.MEMBER"). Of two starts the later commit stands. The cluster forgets it as
// it forgets offsets (a week, as Kafka is delivered).

#include "adapters/kafka/kafka_decisions.hpp"
#include "adapters/kafka/kafka_log.hpp"
#include "domain/result.hpp"
#include "ports/event_log.hpp"

#include <string>

namespace busbar::adapters::kafka {

/// "process 4711 on HOST, start 1a2b3c4d": differs from start to start.
[[nodiscard]] std::string own_claim();

class name_claim {
public:
  /// REQUIRES: `consumer` has a member's name and topics.
  name_claim(const kafka_settings& settings, const ports::consumer_settings& consumer);

  /// Own claim, from now on the newest. errc::unavailable: not within `patience`, or not allowed.
  [[nodiscard]] domain::result<void> write(domain::microseconds patience) const;
  /// Waits at most `patience`.
  [[nodiscard]] claim_view look(domain::microseconds patience) const;

private:
  kafka_settings settings_;
  std::string group_;
  std::string topic_;
  std::string own_;
};

} // namespace busbar::adapters::kafka
