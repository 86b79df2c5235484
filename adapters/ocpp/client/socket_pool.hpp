#pragma once
// The WebSockets of charge points to their central system: one for each identity, one I/O thread
// for all, connected again by itself after 1 s, then twice as long each time up to a minute, with
// jitter by the seed.

#include "adapters/ocpp/client/central_address.hpp"
#include "adapters/tls/tls_context.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace busbar::adapters::ocpp::client {

struct pool_settings {
  central_address central;
  std::vector<std::string> identities;
  /// Security profiles 2 and 3. REQUIRES: there is one where the central system is `is_secure`.
  tls::shared_context secure;
  /// Basic, by identity (security profiles 1 and 2); absent: none is sent.
  std::map<std::string, std::string> passwords;
  std::string protocol = "ocpp1.6";
  std::uint64_t seed = 1;
  std::chrono::milliseconds again_first{1'000};
  std::chrono::milliseconds again_most{60'000};
  /// For a connection to be made; and without a frame or a pong for so long one has ended.
  std::chrono::seconds connect_time{10};
  std::chrono::seconds silence_max{120};
  std::size_t frame_bytes_max = 65'536;
};

enum class link_change : std::uint8_t { opened, frame, closed };

/// What has happened on the socket of an identity.
struct link_event {
  /// Place in `pool_settings::identities`.
  std::size_t link = 0;
  link_change what = link_change::frame;
  std::string text;
};

class socket_pool {
public:
  explicit socket_pool(pool_settings settings);
  /// Stops.
  ~socket_pool();
  socket_pool(const socket_pool&) = delete;
  socket_pool& operator=(const socket_pool&) = delete;

  void start();
  /// Closes all with 1000 and joins its thread; under a second. Idempotent.
  void stop();
  /// What has happened since the last call, in order; waits for it for at most `patience`.
  [[nodiscard]] std::vector<link_event> take_events(std::chrono::milliseconds patience);
  /// Dropped where the link is not open.
  void send(std::size_t link, std::string text);
  /// Closed once what was sent has been written, and made anew.
  void renew(std::size_t link);
  [[nodiscard]] std::size_t open_count() const;

private:
  class loop;
  std::unique_ptr<loop> loop_;
};

} // namespace busbar::adapters::ocpp::client
