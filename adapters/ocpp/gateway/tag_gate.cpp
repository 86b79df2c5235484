#include "adapters/ocpp/gateway/tag_gate.hpp"

#include "adapters/ocpp/station/payload.hpp"

#include <utility>

namespace busbar::adapters::ocpp::gateway {

using control::sessions::tag_verdict;
using ports::tag_inquiry;

namespace wire = busbar::ocpp::wire;

namespace {

/// Absent: not one of OCPP's words.
std::optional<tag_verdict> verdict_from(std::string_view status) {
  using enum tag_verdict;
  for (const auto each : {accepted, blocked, expired, invalid, concurrent})
    if (status == name_of(each)) return each;
  return std::nullopt;
}

} // namespace

void tag_gate::opened(server::link_id link, tag_inquiry who) {
  const std::lock_guard lock{guard_};
  stations_[link] = {std::move(who), false, {}};
}

void tag_gate::closed(server::link_id link) {
  const std::lock_guard lock{guard_};
  stations_.erase(link);
}

bool tag_gate::is_call(std::string_view text) {
  const auto read = reader_.read(text);
  const auto* frame = std::get_if<wire::frame>(&read);
  return frame != nullptr && frame->kind == wire::frame_kind::call;
}

std::optional<tag_inquiry> tag_gate::inquiry_in(const tag_inquiry& who, std::string_view text) {
  const auto read = reader_.read(text);
  const auto* frame = std::get_if<wire::frame>(&read);
  if (frame == nullptr || frame->kind != wire::frame_kind::call) return std::nullopt;
  const bool begins = frame->action == "StartTransaction";
  if (!begins && frame->action != "Authorize") return std::nullopt;
  const auto tag = station::text_in(frame->payload, "idTag");
  if (!tag || !control::sessions::is_tag(*tag)) return std::nullopt;
  auto about = who;
  about.tag = *tag;
  if (begins)
    about.connector =
        static_cast<std::int32_t>(station::integer_in(frame->payload, "connectorId").value_or(0));
  if (around_.rulings->find(about.tag, around_.clock()).is_fresh) return std::nullopt;
  return about;
}

bool tag_gate::holds(server::link_id link, std::string_view text) {
  std::optional<tag_inquiry> about;
  {
    const std::lock_guard lock{guard_};
    const auto found = stations_.find(link);
    if (found == stations_.end()) return false;
    auto& own = found->second;
    if (own.is_busy) {
      if (!is_call(text)) return false;
      if (own.parked.size() < parked_max) own.parked.emplace_back(text);
      return true;
    }
    about = inquiry_in(own.who, text);
    if (!about) return false;
    own.is_busy = true;
    own.parked.emplace_back(text);
  }
  ask(link, std::move(*about));
  return true;
}

/// Without the lock: the authority may answer at once.
void tag_gate::ask(server::link_id link, tag_inquiry about) {
  if (about.connector > 0 && around_.is_ordered(about)) return pass_on(link);
  auto then = [kept = weak_from_this(), link, about](const auto& said) {
    if (const auto own = kept.lock()) own->answered(link, about, said);
  };
  around_.authority->ask(std::move(about), std::move(then));
}

void tag_gate::answered(server::link_id link, const tag_inquiry& about,
                        const domain::result<ports::tag_opinion>& said) {
  const auto verdict = said ? verdict_from(said.value().status) : std::nullopt;
  if (verdict)
    around_.rulings->keep(about.tag, {*verdict, said.value().expires_at, said.value().parent},
                          around_.clock());
  {
    const std::lock_guard lock{guard_};
    ++(verdict ? counts_.rulings : counts_.failures);
  }
  pass_on(link);
}

std::optional<std::string> tag_gate::next(server::link_id link) {
  const std::lock_guard lock{guard_};
  const auto found = stations_.find(link);
  if (found == stations_.end()) return std::nullopt;
  auto& own = found->second;
  if (own.parked.empty()) {
    own.is_busy = false;
    return std::nullopt;
  }
  auto text = std::move(own.parked.front());
  own.parked.pop_front();
  return text;
}

/// The first one has what it waited for, or does not get it.
void tag_gate::pass_on(server::link_id link) {
  for (bool is_first = true;; is_first = false) {
    auto text = next(link);
    if (!text) return;
    std::optional<tag_inquiry> about;
    if (!is_first) {
      const std::lock_guard lock{guard_};
      const auto found = stations_.find(link);
      if (found == stations_.end()) return;
      about = inquiry_in(found->second.who, *text);
      if (about) found->second.parked.push_front(std::move(*text));
    }
    if (about) return ask(link, std::move(*about));
    around_.pass(link, *text);
  }
}

tag_gate::tallies tag_gate::counts() const {
  const std::lock_guard lock{guard_};
  return counts_;
}

} // namespace busbar::adapters::ocpp::gateway
