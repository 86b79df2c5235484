#include "adapters/sqlite/migrations.hpp"

namespace busbar::adapters::sqlite {

domain::result<std::int64_t> schema_of(database& store) {
  statement asked{store, "PRAGMA user_version"};
  if (!asked.step()) return store.error_of("its schema cannot be read");
  return asked.number(0);
}

domain::result<void> migrate(database& store, std::span<const std::string> wanted) {
  const auto newest = static_cast<std::int64_t>(wanted.size());
  // Nothing is to be written, and no other writer waited for.
  if (const auto before = schema_of(store); before && before.value() == newest) return {};
  for (bool is_done = false; !is_done;) {
    // Read within the transaction: two processes may start at once.
    auto stepped = store.in_transaction([&]() -> domain::result<void> {
      const auto now = schema_of(store);
      if (!now) return now.failure();
      if (now.value() > newest)
        return domain::error{domain::errc::wrong_identifier,
                             "its schema is number " + std::to_string(now.value()) +
                                 ", this program knows " + std::to_string(newest) +
                                 " at most: a newer busbar has written it"};
      is_done = now.value() == newest;
      if (is_done) return {};
      const auto next = static_cast<std::size_t>(now.value());
      auto made = store.run(wanted[next]);
      if (!made) return made;
      return store.run("PRAGMA user_version = " + std::to_string(next + 1));
    });
    if (!stepped) return stepped;
  }
  return {};
}

} // namespace busbar::adapters::sqlite
