#include "adapters/kafka/group_view.hpp"

#include <librdkafka/rdkafka.h>

#include <array>
#include <random>
#include <string_view>

#include <unistd.h>

namespace busbar::adapters::kafka {

namespace {

constexpr int patience_ms = 1'000;
constexpr std::size_t uuid_size = 36;

/// The coordinator calls a static member by its name, a hyphen and a UUID.
bool is_called(std::string_view member_id, const std::string& name) {
  return !name.empty() && member_id.size() == name.size() + 1 + uuid_size &&
         member_id.starts_with(name) && member_id[name.size()] == '-';
}

} // namespace

std::string own_client_id(const std::string& client_id) {
  std::array<char, 64> host{};
  gethostname(host.data(), host.size() - 1);
  std::random_device random;
  return client_id + "." + host.data() + "." + std::to_string(getpid()) + "." +
         std::to_string(random());
}

group_view look_at_group(rd_kafka_s* client, const std::string& group, const std::string& member,
                         const std::string& client_id) {
  group_view seen;
  const rd_kafka_group_list* groups = nullptr;
  const auto code = rd_kafka_list_groups(client, group.c_str(), &groups, patience_ms);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR && groups->group_cnt == 1 &&
      groups->groups[0].err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const auto& found = groups->groups[0];
    seen.is_known = true;
    seen.is_stable = std::string_view{found.state} == "Stable";
    seen.members = static_cast<std::size_t>(found.member_cnt);
    for (int at = 0; at < found.member_cnt; ++at) {
      const auto& each = found.members[at];
      if (client_id == each.client_id) seen.has_own = true;
      else if (is_called(each.member_id, member))
        seen.holder = std::string(each.client_id) + " at " + each.client_host;
    }
  }
  if (groups != nullptr) rd_kafka_group_list_destroy(groups);
  return seen;
}

} // namespace busbar::adapters::kafka
