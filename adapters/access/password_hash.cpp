#include "adapters/access/password_hash.hpp"

#include "adapters/access/secrets.hpp"

#include <argon2.h>

#include <cstdio>

namespace busbar::adapters::access {

namespace {

constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

} // namespace

std::string password_hash(std::string_view password, const hash_cost& cost) {
  const auto salt = random_bytes(salt_bytes);
  const auto size =
      argon2_encodedlen(cost.passes, cost.memory_kib, lanes, salt_bytes, hash_bytes, Argon2_id);
  std::string text(size, '\0');
  const int made = argon2id_hash_encoded(cost.passes, cost.memory_kib, lanes, password.data(),
                                         password.size(), salt.data(), salt.size(), hash_bytes,
                                         text.data(), text.size());
  if (made != ARGON2_OK) return {};
  text.resize(text.find('\0'));
  return text;
}

bool is_password_of(std::string_view hash, std::string_view password) {
  const std::string text{hash};
  return argon2id_verify(text.c_str(), password.data(), password.size()) == ARGON2_OK;
}

bool is_weaker(std::string_view hash, const hash_cost& cost) {
  unsigned version = 0, memory = 0, passes = 0;
  const std::string text{hash};
  const int read =
      std::sscanf(text.c_str(), "$argon2id$v=%u$m=%u,t=%u", &version, &memory, &passes);
  return read != 3 || memory < cost.memory_kib || passes < cost.passes;
}

} // namespace busbar::adapters::access
