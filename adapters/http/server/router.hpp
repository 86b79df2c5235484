#pragma once
// The table of routes: method and path template to handler. Templates name their variable segments
// in braces: "/api/v1/sites/{site}". Built before the server starts, read by every thread after.

#include "adapters/http/server/message.hpp"
#include "adapters/http/server/order_keys.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http::server {

using handler = std::function<response(const request&)>;
/// Answers a request in the place of the refusal that a route has given: what is asked for is not
/// here (`response::missing`).
using missing_handler =
    std::function<void(const request&, response refusal, const responder&)>;
/// A handler that asks the owner of something: it returns at once, and answers when it is told.
using late_handler = std::function<void(const request&, responder)>;

/// Asked before a route's own handler: true where it answers in its place, once it is told.
using late_part = std::function<bool(const request&, const responder&)>;

/// Answers in the place of a route that shows what this node holds: with what is more than that.
/// Nothing: the answer comes through the responder.
using joining_handler =
    std::function<std::optional<response>(const request&, const handler& own, const responder&)>;

class router;

/// Decides whether a request is answered at all: asked once, before anything else is done with it.
class guard {
public:
  struct admission {
    /// Set: this is the answer.
    std::optional<response> refusal;
    /// Added to whatever is answered.
    std::vector<header> headers;
    /// Answer in the place of the router's own routes; null: those do.
    std::shared_ptr<const router> routes;
    /// Of the stream that may be the answer.
    stream_terms terms;
    /// Set: takes every answer, the refusal too, and passes one on when it may go out.
    std::function<void(response, const responder&)> keep;
  };

  virtual ~guard() = default;
  /// `operation`: "GET /api/v1/sites/{site}" as the route has it; empty where no route does. May
  /// state in `asked` who asks.
  [[nodiscard]] virtual admission admit(request& asked, const std::string& operation) = 0;
  /// Counters by name. Thread-safe.
  [[nodiscard]] virtual std::map<std::string, double> statistics() const { return {}; }
};

class router {
public:
  void add(method verb, const std::string& path_template, handler handle);
  /// `patience`: so much longer than the server's time for an answer it may take.
  void add_late(method verb, const std::string& path_template, late_handler handle,
                std::chrono::milliseconds patience = {});
  /// Takes some requests of a route that is there: true where it does, and answers later. REQUIRES:
  /// the route was added.
  void add_late_part(method verb, const std::string& path_template, late_part takes);
  /// Answers paths that no route has: nothing where it has none either.
  void add_fallback(std::function<std::optional<response>(const request&)> handle);

  /// Orders with a key are done once; without it keys mean nothing.
  void set_keys(std::shared_ptr<order_keys> keys) { keys_ = std::move(keys); }
  /// Takes every answer with `response::missing`; without it they go out as they are.
  void set_missing(missing_handler handle) { missing_ = std::move(handle); }

  /// Answers these operations ("GET /api/v1/sites") in the place of their handlers.
  void set_joining(const std::vector<std::string>& operations, joining_handler handle);
  /// Every request is admitted by it first.
  void set_guard(std::shared_ptr<guard> asked_first) { guard_ = std::move(asked_first); }
  /// Of the guard; empty without one.
  [[nodiscard]] std::map<std::string, double> guard_statistics() const {
    return guard_ ? guard_->statistics() : std::map<std::string, double>{};
  }
  /// Of all routes, "GET /api/v1/sites/{site}".
  [[nodiscard]] std::vector<std::string> operations() const;

  /// The handler's answer; a problem 404 or 405 (with Allow) where there is none, 500 where the
  /// handler threw. Nothing: the answer comes through `late`.
  [[nodiscard]] std::optional<response> answer(request& asked, const responder& late) const;
  /// What may be asked of a path, for OPTIONS: "GET, HEAD, OPTIONS". Empty: no such path.
  [[nodiscard]] std::string allowed(const request& asked) const;

private:
  struct route {
    method verb;
    /// "GET /api/v1/sites/{site}".
    std::string operation;
    std::vector<std::string> segments;
    handler handle;
    /// In place of `handle`.
    late_handler handle_late;
    /// Before either; may be empty.
    late_part handle_part;
    std::chrono::milliseconds patience{};
    bool is_joined = false;
  };

  [[nodiscard]] const route* find(const request& asked) const;
  [[nodiscard]] std::optional<response> admitted_answer(request& asked,
                                                        const responder& late) const;
  [[nodiscard]] std::optional<response> own_answer(request& asked, const responder& late) const;
  [[nodiscard]] std::optional<response> answer_once(request& asked, const responder& late) const;
  [[nodiscard]] responder through_missing(const request& asked, const responder& late) const;

  std::vector<route> routes_;
  std::shared_ptr<guard> guard_;
  missing_handler missing_;
  joining_handler joining_;
  std::shared_ptr<order_keys> keys_;
  std::function<std::optional<response>(const request&)> fallback_;
};

} // namespace busbar::adapters::http::server
