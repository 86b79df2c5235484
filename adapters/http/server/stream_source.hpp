#pragma once
// What feeds the open streams of a server: made by the parts that know what is to be shown
// (adapters/http/api/stream_hub.hpp), driven by the server.

#include "adapters/http/server/subscription.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace busbar::adapters::http::server {

/// A piece of a stream, whole events; shared by all its readers.
using shared_text = std::shared_ptr<const std::string>;

class stream_reader {
public:
  virtual ~stream_reader() = default;
  /// Null: the stream ends here.
  virtual void deliver(shared_text text) = 0;
};

/// Thread-safe.
class stream_source {
public:
  virtual ~stream_source() = default;
  /// Delivers what a new reader must know, then everything that follows. False, and nothing done,
  /// where `readers_max` are there already.
  [[nodiscard]] virtual bool open(const subscription& wanted,
                                  const std::shared_ptr<stream_reader>& reader,
                                  domain::instant now, std::size_t readers_max) = 0;
  virtual void close(const stream_reader& reader) = 0;
  /// The server ends: readers are delivered nothing from now on.
  virtual void end() = 0;
  /// Ten times a second: delivers what is new.
  virtual void pulse(domain::instant now) = 0;
  [[nodiscard]] virtual std::size_t reader_count() const = 0;
};

} // namespace busbar::adapters::http::server
