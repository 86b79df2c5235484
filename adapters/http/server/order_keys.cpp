#include "adapters/http/server/order_keys.hpp"

#include "adapters/http/server/problem.hpp"

#include <functional>
#include <random>
#include <utility>

namespace busbar::adapters::http::server {

namespace {

/// Of all that makes an order what it is. Two orders of one hash under one key would count as the
/// same: a client that reuses its keys harms its own orders alone.
std::uint64_t order_hash(const request& asked) {
  std::string whole{static_cast<char>('0' + static_cast<int>(asked.verb))};
  // Another one's key is none of this one's.
  if (asked.by.who) whole.append(domain::text_of(*asked.by.who)).append(1, '\0');
  whole.append(asked.target).append(1, '\0').append(asked.content_type).append(1, '\0');
  return std::hash<std::string>{}(whole.append(asked.body));
}

/// A refusal says that nothing was done; a 504 that it may have been.
bool is_kept(const response& answer) {
  return !answer.missing && !answer.stream && (answer.status < 300 || answer.status == 504);
}

response again(response answer) {
  answer.headers.push_back({replayed_header, "true"});
  return answer;
}

} // namespace

open_order::~open_order() { settle(problem(503, "the request was given up", path_)); }

void open_order::settle(const response& answer) {
  if (!is_settled_.exchange(true)) keys_->settle(key_, answer);
}

std::optional<std::string> key_from(std::string_view header) {
  const bool is_quoted = header.size() > 2 && header.front() == '"' && header.back() == '"';
  if (is_quoted) header = header.substr(1, header.size() - 2);
  return is_request_name(header) ? std::optional{std::string{header}} : std::nullopt;
}

std::string new_key() {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::random_device source;
  std::string key;
  for (int word = 0; word < 4; ++word)
    for (std::uint32_t bits = source(), place = 0; place < 8; ++place, bits >>= 4)
      key += digits[bits & 15];
  return key;
}

order_keys::entrance order_keys::enter(const request& asked, const responder& late) {
  const std::lock_guard lock{guard_};
  if (const auto found = entries_.find(asked.key); found != entries_.end())
    return known(found->second, asked, late);
  if (entries_.size() >= settings_.keys_max) forget_oldest();
  if (entries_.size() >= settings_.keys_max)
    return {problem(503, "too many orders with keys of their own are under way", asked.path), {}};
  entries_[asked.key].order = order_hash(asked);
  return {std::nullopt, std::make_shared<open_order>(shared_from_this(), asked)};
}

order_keys::entrance order_keys::known(entry& found, const request& asked, const responder& late) {
  if (found.order != order_hash(asked))
    return {problem(422, "another order was given under the key '" + asked.key + "'", asked.path),
            {}};
  if (found.answer) return {again(*found.answer), {}};
  if (found.waiting.size() >= settings_.waiting_max)
    return {problem(409, "the order with the key '" + asked.key + "' is under way", asked.path),
            {}};
  found.waiting.push_back(late);
  return {};
}

void order_keys::settle(const std::string& key, const response& answer) {
  std::vector<responder> waiting;
  {
    const std::lock_guard lock{guard_};
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.answer) return;
    waiting.swap(found->second.waiting);
    if (is_kept(answer)) {
      found->second.answer = answer;
      answered_.push_back(key);
      answer_bytes_ += answer.text.size();
      while (answer_bytes_ > settings_.answer_bytes_max && answered_.size() > 1) forget_oldest();
    } else entries_.erase(found);
  }
  for (const auto& each : waiting) each(answer.missing ? answer : again(answer));
}

void order_keys::forget_oldest() {
  if (answered_.empty()) return;
  const auto found = entries_.find(answered_.front());
  answer_bytes_ -= found->second.answer->text.size();
  entries_.erase(found);
  answered_.pop_front();
}

} // namespace busbar::adapters::http::server
