#pragma once
// One request and one answer, as handlers see them: no socket, no parser.

#include "adapters/http/server/subscription.hpp"
#include "domain/principal.hpp"
#include "domain/time.hpp"
#include "ports/caller.hpp"
#include "ports/cluster.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace busbar::adapters::http::server {

/// `remove` is DELETE.
enum class method : std::uint8_t { get, post, put, patch, remove, other };

struct query_parameter {
  std::string name;
  std::string value;
};

/// Headers as they came, by which a guard tells who asks; empty where absent.
struct client_papers {
  std::string authorization;
  std::string cookie;
  std::string origin;
  std::string host;
  std::string forwarded_for;
  /// Set by the guard: the token by which the principal was known.
  std::string credential;
};

struct request {
  method verb = method::get;
  /// Percent-decoded, without the query.
  std::string path;
  /// Of the path, each decoded by itself: a slash that was escaped stands in its segment.
  std::vector<std::string> segments;
  std::vector<query_parameter> query;
  /// Media type in lower case, without its parameters.
  std::string content_type;
  /// Headers as they came; empty where absent.
  std::string if_none_match;
  std::string accept_encoding;
  std::string accept;
  /// The header Last-Event-ID as it came; empty where absent.
  std::string last_event_id;
  std::string body;
  domain::instant received_at{};
  ports::caller by;
  /// What stood in the places of the route's {names}, in order.
  std::vector<std::string> captured;
  /// As it came: path and query, escaped.
  std::string target;
  /// The engine node that has passed the request on; empty: a client asks.
  std::string forwarded_by;
  /// Of an order (`order_keys.hpp`): it is done once. Empty: it has none.
  std::string key;
  /// What the client shows to be let in.
  client_papers papers;
  /// Who asks, once a guard has found out; absent where there is none, or nobody is known.
  std::optional<domain::principal> who;
  /// Beyond the server's time for an answer, where the route may take longer.
  std::chrono::milliseconds patience{};
};

struct header {
  std::string name;
  std::string value;
};

/// What an answer of this node alone is not the last word on: the site, or the station or session
/// of any site, may be another engine node's; or another engine node itself is meant.
struct elsewhere {
  std::optional<domain::site_id> site;
  std::optional<domain::station_id> station;
  std::optional<domain::session_id> session;
  std::optional<ports::node_address> node;
};

struct response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::vector<header> headers;
  /// The body, or `fixed` where that is set: bytes that outlive the server.
  std::string text;
  std::string_view fixed;
  /// Set: after the head, the connection becomes a stream.
  std::optional<subscription> stream;
  /// Set: refused because what is asked for is not here.
  std::optional<elsewhere> missing;

  [[nodiscard]] std::string_view body() const { return fixed.empty() ? text : fixed; }
};

/// Takes the answer to one request: called once, from any thread.
using responder = std::function<void(response)>;

/// 1 to 64 of letters, digits and -._~.
[[nodiscard]] bool is_request_name(std::string_view text);

/// The client's own name of a request where it is 1 to 64 of letters, digits and -._~; otherwise
/// one that this process gives no other request.
[[nodiscard]] std::string request_id_of(std::string_view stated, domain::instant received_at);

/// "/a/{b}" is "a" and "{b}", "/" one that is empty. REQUIRES: it begins with a slash.
[[nodiscard]] std::vector<std::string> segments_of(std::string_view path);

/// 200 with JSON that is not to be stored by anyone.
[[nodiscard]] response json_response(std::string json, unsigned status = 200);

/// "/a%20b?x=1" into path and query. False where it does not begin with a slash, an escape is wrong
/// or there are more than 32 parameters.
[[nodiscard]] bool split_target(std::string_view target, request& into);

/// For a value in a query: everything but letters, digits and -._~ escaped.
[[nodiscard]] std::string percent_encoded(std::string_view text);

} // namespace busbar::adapters::http::server
