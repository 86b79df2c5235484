// What a client has already and what it can unpack: entity tags and gzip, over real sockets.

#include "tests/adapters/http/server_fixture.hpp"

#include <zlib.h>

namespace busbar::tests {
namespace {

class http_negotiation : public server_fixture {};

/// What gunzip makes of `packed`; empty where it is none.
std::string unpacked(const std::string& packed) {
  z_stream stream{};
  // 16 more than zlib's largest window: gzip's format.
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return {};
  std::string text(1'000'000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const bool is_whole = inflate(&stream, Z_FINISH) == Z_STREAM_END;
  text.resize(is_whole ? stream.total_out : 0);
  inflateEnd(&stream);
  return text;
}

TEST_F(http_negotiation, packs_answers_of_a_kibibyte_and_more_for_clients_that_take_gzip) {
  start();
  const raw_answer plain = ask("GET", "/openapi.json");
  EXPECT_EQ(plain.header("Content-Encoding"), "");
  EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
  const raw_answer packed = ask("GET", "/openapi.json", "Accept-Encoding: br, GZIP;q=0.5\r\n");
  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  EXPECT_EQ(packed.header("Vary"), "Accept-Encoding");
  EXPECT_LT(packed.body.size() * 4, plain.body.size());
  EXPECT_EQ(unpacked(packed.body), plain.body);
  for (const char* refused : {"gzip;q=0", "gzip; q=0.000, *", "br", "identity", "*;q=0"})
    EXPECT_EQ(ask("GET", "/openapi.json", "Accept-Encoding: " + std::string(refused) + "\r\n")
                  .header("Content-Encoding"), "") << refused;
  const std::string takes_any = "Accept-Encoding: *\r\n";
  EXPECT_EQ(ask("GET", "/openapi.json", takes_any).header("Content-Encoding"), "gzip");
  EXPECT_EQ(ask("GET", "/health/live", takes_any).header("Content-Encoding"), "") << "too small";
}

TEST_F(http_negotiation, packs_lists_and_refusals_but_no_stream) {
  start();
  for (int i = 0; i < 100; ++i) engine.record("entry " + std::to_string(i));
  const std::string takes = "Accept-Encoding: gzip\r\n";
  const raw_answer list = ask("GET", "/api/v1/events", takes);
  EXPECT_EQ(list.header("Content-Encoding"), "gzip");
  EXPECT_NE(unpacked(list.body).find("entry 99"), std::string::npos);
  std::string many = "/api/v1/events?";
  for (int i = 0; i < 30; ++i) many += "unknown_" + std::to_string(i) + "=1&";
  const raw_answer refusal = ask("GET", many, takes);
  EXPECT_EQ(refusal.status, 400u);
  EXPECT_EQ(refusal.header("Content-Encoding"), "gzip");
  EXPECT_NE(unpacked(refusal.body).find("unknown_29"), std::string::npos);
  raw_client stream{server->port()};
  stream.send("GET /api/v1/stream HTTP/1.1\r\nHost: busbar\r\n" + takes + "\r\n");
  const raw_answer opened = stream.receive(false);
  EXPECT_EQ(opened.status, 200u);
  EXPECT_EQ(opened.header("Content-Encoding"), "");
}

TEST_F(http_negotiation, answers_304_where_the_client_has_that_version_of_a_list) {
  start();
  const raw_answer first = ask("GET", "/api/v1/events");
  const std::string tag = first.header("ETag");
  EXPECT_EQ(tag.substr(0, 3), "W/\"");
  EXPECT_EQ(first.header("Cache-Control"), "private, no-cache");
  for (const std::string& known : {tag, tag.substr(2), "\"other\", " + tag, std::string("*")}) {
    const raw_answer again = ask("GET", "/api/v1/events", "If-None-Match: " + known + "\r\n");
    EXPECT_EQ(again.status, 304u) << known;
    EXPECT_EQ(again.header("ETag"), tag);
    EXPECT_EQ(again.body, "");
  }
  EXPECT_EQ(ask("GET", "/api/v1/events", "If-None-Match: \"other\"\r\n").status, 200u);
  engine.record("one more");
  const raw_answer changed = ask("GET", "/api/v1/events", "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(changed.status, 200u);
  EXPECT_NE(changed.header("ETag"), tag);
}

TEST_F(http_negotiation, bounds_names_in_bytes_as_the_openapi_says) {
  start();
  // 64 bytes each: letters, and 32 letters of two bytes.
  std::string two_bytes;
  for (int i = 0; i < 32; ++i) two_bytes += "%C3%BC";
  EXPECT_EQ(ask("GET", "/api/v1/events?request=" + std::string(64, 'a')).status, 200u);
  EXPECT_EQ(ask("GET", "/api/v1/events?request=" + two_bytes).status, 200u);
  EXPECT_EQ(ask("GET", "/api/v1/events?request=" + two_bytes + "a").status, 400u);
  EXPECT_NE(ask("GET", "/openapi.json").body.find("1 to 64 bytes of UTF-8"), std::string::npos);
  EXPECT_EQ(ask("GET", "/api/v1/events?after=9007199254740992").status, 200u);
  EXPECT_EQ(ask("GET", "/api/v1/events?after=9007199254740993").status, 400u);
}

} // namespace
} // namespace busbar::tests
