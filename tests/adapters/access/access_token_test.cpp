// Tokens that were made elsewhere, changed on their way, or ask for what is not given.

#include "adapters/access/access_token.hpp"
#include "adapters/access/secrets.hpp"
#include "adapters/access/verified_tokens.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

#include <array>
#include <functional>

namespace busbar::tests {
namespace {

using namespace adapters::access;
using namespace std::chrono_literals;
using nlohmann::json;

const domain::instant noon{domain::microseconds{1'777'636'800'000'000}};

key_ring make_ring() {
  const auto key = signing_key::make();
  key_ring ring;
  ring.signs = key.id();
  ring.keys.emplace(key.id(), key);
  return ring;
}

class access_tokens : public testing::Test {
protected:
  [[nodiscard]] std::string token() const {
    return access_token({"u-1", "f-1", 3, noon, noon + 15min}, ring);
  }
  /// Signed by the ring's own key, whatever it says.
  [[nodiscard]] std::string signed_by_us(const json& head, const json& body) const {
    const auto text = base64url(head.dump()) + "." + base64url(body.dump());
    return text + "." + base64url(ring.keys.at(ring.signs).sign(text));
  }
  [[nodiscard]] json head() const { return {{"alg", "EdDSA"}, {"kid", ring.signs}}; }
  [[nodiscard]] static json body() {
    return {{"iss", "busbar"}, {"sub", "u-1"}, {"sid", "f-1"}, {"ver", 3},
            {"iat", 1'777'636'800}, {"exp", 1'777'637'700}};
  }
  [[nodiscard]] bool is_taken(const std::string& text, domain::instant now = noon) const {
    return claims_of(text, ring, now).has_value();
  }

  key_ring ring = make_ring();
};

TEST_F(access_tokens, are_read_as_they_were_made_until_they_expire) {
  const auto read = claims_of(token(), ring, noon + 15min - 1s);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->subject, "u-1");
  EXPECT_EQ(read->family, "f-1");
  EXPECT_EQ(read->version, 3);
  EXPECT_FALSE(is_taken(token(), noon + 15min));
  EXPECT_TRUE(is_taken(token(), noon - 30s)) << "clocks of nodes differ";
  EXPECT_FALSE(is_taken(token(), noon - 31s));
  EXPECT_TRUE(is_taken(signed_by_us(head(), body()))) << "what the attacks below begin with";
}

TEST_F(access_tokens, without_a_signature_or_by_another_algorithm_are_none) {
  for (const auto* algorithm : {"none", "None", "HS256", "ES256", "eddsa", ""}) {
    auto asked = head();
    asked["alg"] = algorithm;
    EXPECT_FALSE(is_taken(signed_by_us(asked, body()))) << algorithm;
    const auto bare = base64url(asked.dump()) + "." + base64url(body().dump()) + ".";
    EXPECT_FALSE(is_taken(bare)) << algorithm;
  }
  auto nothing = head();
  nothing.erase("alg");
  EXPECT_FALSE(is_taken(signed_by_us(nothing, body())));
}

TEST_F(access_tokens, by_hmac_with_the_public_key_as_its_secret_are_none) {
  auto asked = head();
  asked["alg"] = "HS256";
  const auto text = base64url(asked.dump()) + "." + base64url(body().dump());
  const auto pem = ring.keys.at(ring.signs).pem();
  std::array<unsigned char, 32> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), pem.data(), static_cast<int>(pem.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  EXPECT_FALSE(is_taken(
      text + "." + base64url({reinterpret_cast<const char*>(mac.data()), mac.size()})));
}

TEST_F(access_tokens, of_a_foreign_key_or_under_a_foreign_name_are_none) {
  const auto other = make_ring();
  EXPECT_FALSE(is_taken(access_token({"u-1", "f-1", 3, noon, noon + 15min}, other)));
  auto asked = head();
  asked["kid"] = other.signs;
  EXPECT_FALSE(is_taken(signed_by_us(asked, body())));
  asked["kid"] = "../../etc/passwd";
  EXPECT_FALSE(is_taken(signed_by_us(asked, body())));
  asked.erase("kid");
  EXPECT_FALSE(is_taken(signed_by_us(asked, body())));
}

TEST_F(access_tokens, that_demand_what_is_not_known_are_none) {
  auto asked = head();
  asked["crit"] = {"b64"};
  EXPECT_FALSE(is_taken(signed_by_us(asked, body())));
  asked["crit"] = nullptr;
  EXPECT_FALSE(is_taken(signed_by_us(asked, body())));
}

TEST_F(access_tokens, whose_claims_are_missing_or_no_numbers_are_none) {
  const auto whole = body();
  for (const auto& [name, value] : whole.items()) {
    auto without = body();
    without.erase(name);
    EXPECT_FALSE(is_taken(signed_by_us(head(), without))) << name;
    auto wrong = body();
    wrong[name] = json::array();
    EXPECT_FALSE(is_taken(signed_by_us(head(), wrong))) << name;
  }
  for (const json& expiry : {json(1e300), json(-1), json("1777637700"), json(1ULL << 63U)}) {
    auto wrong = body();
    wrong["exp"] = expiry;
    EXPECT_FALSE(is_taken(signed_by_us(head(), wrong))) << expiry;
  }
  auto other = body();
  other["iss"] = "somebody";
  EXPECT_FALSE(is_taken(signed_by_us(head(), other)));
}

TEST_F(access_tokens, of_which_a_byte_was_changed_are_none) {
  const auto whole = token();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(is_taken(changed)) << i;
  }
  EXPECT_FALSE(is_taken(whole + "=")) << "one text for each token";
  EXPECT_FALSE(is_taken(whole + ".AA"));
  EXPECT_FALSE(is_taken(whole.substr(0, whole.rfind('.'))));
}

TEST_F(access_tokens, of_any_size_and_any_bytes_are_refused_without_being_read) {
  for (const auto& each : {std::string{}, std::string{"."}, std::string{".."}, std::string{"..."},
                           std::string(1'048'576, 'A'), std::string(1'048'576, '.'),
                           base64url(std::string(2'000, '[')) + "." + base64url("{}") + ".AA",
                           std::string(3, '\0'), std::string{"a.b.c"}})
    EXPECT_FALSE(is_taken(each)) << each.substr(0, 20);
}

TEST_F(access_tokens, that_were_verified_before_hold_no_longer_and_no_more_than_others) {
  verified_tokens verified{ring};
  const auto whole = token();
  EXPECT_TRUE(verified.claims(whole, noon));
  EXPECT_EQ(verified.claims(whole, noon + 14min)->subject, "u-1");
  EXPECT_FALSE(verified.claims(whole, noon + 15min)) << "it expires all the same";
  EXPECT_FALSE(verified.claims(whole + "A", noon));
  EXPECT_FALSE(verified.claims(whole.substr(0, whole.size() - 1), noon));
  for (std::size_t i = 0; i <= verified_tokens::kept_max; ++i) {
    const auto other = access_token({std::to_string(i), "f-1", 3, noon, noon + 15min}, ring);
    ASSERT_EQ(verified.claims(other, noon)->subject, std::to_string(i));
  }
  EXPECT_TRUE(verified.claims(whole, noon)) << "forgotten ones are verified again";
}

TEST(signing_key, is_made_once_for_its_owner_alone_and_read_again) {
  const scratch_folder scratch;
  const auto first = read_key_ring(scratch.path());
  ASSERT_TRUE(first) << first.failure().message;
  struct stat about{};
  ASSERT_EQ(::stat(scratch.place_of("signing-key.pem").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  const auto again = read_key_ring(scratch.path());
  ASSERT_TRUE(again);
  EXPECT_EQ(again.value().signs, first.value().signs);
  const auto token =
      access_token({"u-1", "f-1", 1, noon, noon + 15min}, first.value());
  EXPECT_TRUE(claims_of(token, again.value(), noon));
}

TEST(signing_key, one_that_was_put_aside_is_believed_and_signs_nothing) {
  const scratch_folder scratch;
  const auto before = read_key_ring(scratch.path());
  ASSERT_TRUE(before);
  const auto token = access_token({"u-1", "f-1", 1, noon, noon + 15min}, before.value());
  std::filesystem::rename(scratch.place_of("signing-key.pem"),
                          scratch.place_of("signing-key-2026.pem"));
  const auto after = read_key_ring(scratch.path());
  ASSERT_TRUE(after);
  EXPECT_NE(after.value().signs, before.value().signs);
  EXPECT_TRUE(claims_of(token, after.value(), noon));
  std::filesystem::remove(scratch.place_of("signing-key-2026.pem"));
  EXPECT_FALSE(claims_of(token, read_key_ring(scratch.path()).value(), noon));
}

TEST(signing_key, a_file_that_others_may_read_or_that_is_no_key_is_refused) {
  const scratch_folder scratch;
  const auto path = scratch.write("signing-key.pem", "no key");
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(read_key_ring(scratch.path()).failure().code, domain::errc::malformed);
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  EXPECT_EQ(read_key_ring(scratch.path()).failure().code, domain::errc::forbidden);
}

TEST(base64url, is_one_text_for_each_value) {
  for (std::size_t size = 0; size < 40; ++size) {
    const auto bytes = random_bytes(size);
    EXPECT_EQ(from_base64url(base64url(bytes)), bytes);
  }
  EXPECT_EQ(base64url("\xFB\xFF"), "-_8");
  for (const auto* wrong : {"A", "-_9", "AA==", "A+", "A/", "A A"})
    EXPECT_FALSE(from_base64url(wrong)) << wrong;
}

} // namespace
} // namespace busbar::tests
