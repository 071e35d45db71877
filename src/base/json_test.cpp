#include <limits>

#include <gtest/gtest.h>

#include "base/json_value.h"
#include "base/json_writer.h"

namespace shoal {
namespace {

TEST(JsonWriter, SetsCommasBetweenMembersAndElementsOnly) {
  JsonWriter json;
  json.begin_object()
      .member("a", 1)
      .key("list")
      .begin_array()
      .value(true)
      .value("x,[{:")
      .begin_object()
      .end_object()
      .begin_array()
      .end_array()
      .raw("null")
      .end_array()
      .member("b", std::string("y"))
      .end_object();
  EXPECT_EQ(json.text(), R"({"a":1,"list":[true,"x,[{:",{},[],null],"b":"y"})");
}

TEST(JsonWriter, WritesNumbersAsDigitsThatReadBackAsThemselves) {
  JsonWriter json;
  json.begin_array()
      .value(std::numeric_limits<u64>::max())
      .value(std::numeric_limits<i64>::min())
      .value(0.1)
      .value(-2.0)
      .value(std::numeric_limits<double>::quiet_NaN())
      .value(std::numeric_limits<double>::infinity())
      .end_array();
  EXPECT_EQ(json.text(), "[18446744073709551615,-9223372036854775808,0.1,-2,null,null]");
}

TEST(JsonWriter, EscapesWhatAStringCannotHold) {
  EXPECT_EQ(json_text("a\"b\\\n\r\t\x01\x7fé\xf0\x9f\x90\x9f"),
            "\"a\\\"b\\\\\\n\\r\\t\\u0001\x7fé\xf0\x9f\x90\x9f\"");
}

TEST(JsonWriter, ReplacesBytesThatAreNoUtf8) {
  const std::string lost = "\xef\xbf\xbd";
  EXPECT_EQ(json_text("a\xffz"), "\"a" + lost + "z\"");
  EXPECT_EQ(json_text("\xc3"), "\"" + lost + "\"") << "cut off";
  EXPECT_EQ(json_text("\xc0\xaf"), "\"" + lost + lost + "\"") << "overlong";
  EXPECT_EQ(json_text("\xed\xa0\x80"), "\"" + lost + lost + lost + "\"") << "a surrogate";
  EXPECT_EQ(json_text("\xf4\x90\x80\x80"), "\"" + lost + lost + lost + lost + "\"") << "past U+10FFFF";
  EXPECT_EQ(json_text("\xef\xbf\xbf\xf4\x8f\xbf\xbf"), "\"\xef\xbf\xbf\xf4\x8f\xbf\xbf\"");
}

TEST(JsonValue, ReadsWhatAPageSays) {
  const auto json = JsonValue::parse(
      R"( {"a": {"x": -1.5e2, "y": [1, "two", null, true, false]}, "name" : "\u00e9\n\ud83d\udc1f\"/\/" } )");
  ASSERT_TRUE(json);
  const JsonValue& a = (*json)["a"];
  EXPECT_EQ(a.number("x", 0), -150);
  const std::vector<JsonValue>& y = a["y"].items();
  ASSERT_EQ(y.size(), 5u);
  EXPECT_EQ(y[0].number(), 1);
  EXPECT_EQ(y[1].text(), "two");
  EXPECT_EQ(y[2].kind(), JsonValue::Kind::kNull);
  EXPECT_TRUE(y[3].is_true());
  EXPECT_FALSE(y[4].is_true());
  EXPECT_EQ(json->text("name"), "é\n\xf0\x9f\x90\x9f\"//");
}

TEST(JsonValue, AnswersForWhatIsNotThere) {
  const auto json = JsonValue::parse(R"({"text": "t", "number": 3, "large": 1e30, "negative": -1, "part": 2.9})");
  ASSERT_TRUE(json);
  EXPECT_FALSE(json->has("other"));
  EXPECT_EQ((*json)["other"]["deeper"].kind(), JsonValue::Kind::kNull);
  EXPECT_EQ(json->text("number", "otherwise"), "otherwise");
  EXPECT_EQ(json->number("text", 7), 7);
  EXPECT_EQ(json->whole("number", 0u), 3u);
  EXPECT_EQ(json->whole("large", u32{0}), 0xffffffffu);
  EXPECT_EQ(json->whole("large", u64{0}), std::numeric_limits<u64>::max());
  EXPECT_EQ(json->whole("negative", 5u), 5u);
  EXPECT_EQ(json->whole("part", 5u), 2u);
}

TEST(JsonValue, RefusesWhatIsNoJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "nul", "1 2", "\"open", "\"\\x\"",
                           "\"\\ud83dx\\u0041", "\"\\u12g4\"", "+1", ".5", "1e", "--1", "[1 2]", "{\"a\":1,}"}) {
    EXPECT_FALSE(JsonValue::parse(text)) << text;
  }
  EXPECT_TRUE(JsonValue::parse(std::string(60, '[') + std::string(60, ']')));
  EXPECT_FALSE(JsonValue::parse(std::string(1'000'000, '['))) << "no stack is deep enough";
}

TEST(JsonValue, ReadsWhatTheWriterWrites) {
  const std::string text = "\x01\"\\\n\r\té\xf0\x9f\x90\x9f";
  JsonWriter json;
  json.begin_object().member(text, text).end_object();
  const auto read = JsonValue::parse(json.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text(text), text);
}

}  // namespace
}  // namespace shoal
