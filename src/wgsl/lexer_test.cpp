#include "wgsl/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shoal::wgsl {
namespace {

using ::testing::StartsWith;

// Tokens with a space between; an opened template list reads <: and its end :>.
std::string tokens_of(std::string_view text) {
  Source source{"t.wgsl", std::string(text)};
  Result<LexedSource> lexed = lex(source);
  if (!lexed) return lexed.error().message();
  std::string result;
  for (const Token& token : lexed->tokens) {
    if (!result.empty()) result += ' ';
    if (token.kind == TokenKind::kTemplateClose) result += ':';
    result += source.slice(token.span);
    if (token.kind == TokenKind::kTemplateOpen) result += ':';
  }
  return result;
}

std::string kind_of(std::string_view text) {
  Source source{"t.wgsl", std::string(text)};
  Result<LexedSource> lexed = lex(source);
  if (!lexed || lexed->tokens.size() != 1) return "no single token";
  switch (lexed->tokens[0].kind) {
    case TokenKind::kIdentifier: return "identifier";
    case TokenKind::kKeyword: return "keyword";
    case TokenKind::kInteger: return "integer";
    case TokenKind::kFloat: return "float";
    default: return "punctuation";
  }
}

TEST(Lexer, FindsTemplateLists) {
  EXPECT_EQ(tokens_of("array<vec2<u32>,4>"), "array <: vec2 <: u32 :> , 4 :>");
  EXPECT_EQ(tokens_of("var<storage,read_write> x"), "var <: storage , read_write :> x");
  EXPECT_EQ(tokens_of("array<u32,(1<<2)>"), "array <: u32 , ( 1 << 2 ) :>");
  EXPECT_EQ(tokens_of("array<u32,select(2,3,a>b)>"), "array <: u32 , select ( 2 , 3 , a > b ) :>");
  EXPECT_EQ(tokens_of("array<f32>=x"), "array <: f32 :> = x");
  EXPECT_EQ(tokens_of("bitcast<u32>(a)>>1"), "bitcast <: u32 :> ( a ) >> 1");
}

TEST(Lexer, ComparisonsAreNoTemplateLists) {
  EXPECT_EQ(tokens_of("a<b"), "a < b");
  EXPECT_EQ(tokens_of("a<b&&c>d"), "a < b && c > d");
  EXPECT_EQ(tokens_of("(a<b)|(c>d)"), "( a < b ) | ( c > d )");
  EXPECT_EQ(tokens_of("if a<b{c>d;}"), "if a < b { c > d ; }");
  EXPECT_EQ(tokens_of("x=a<b;y=c>d"), "x = a < b ; y = c > d");
  EXPECT_EQ(tokens_of("a<=b>c"), "a <= b > c");
  EXPECT_EQ(tokens_of("a<<b>>c"), "a << b >> c");
  EXPECT_EQ(tokens_of("a[b<c]>d"), "a [ b < c ] > d");
  EXPECT_EQ(tokens_of("a<b+=c>d"), "a < b += c > d");
  EXPECT_EQ(tokens_of("a<b==c>(d)"), "a <: b == c :> ( d )");  // so says the specification's algorithm
  EXPECT_EQ(tokens_of("1<2>3"), "1 < 2 > 3");
}

TEST(Lexer, TakesTheLongestToken) {
  EXPECT_EQ(tokens_of("a>>=b<<=c->d::e"), "a >>= b <<= c -> d :: e");
  EXPECT_EQ(tokens_of("a---b"), "a -- - b");
  EXPECT_EQ(tokens_of("&&&"), "&& &");
}

TEST(Lexer, ReadsEveryFormOfNumber) {
  for (std::string_view text : {"0", "0u", "0i", "7", "1234567890u", "0x0", "0XaBu", "0x1Fi"}) {
    EXPECT_EQ(kind_of(text), "integer") << text;
  }
  for (std::string_view text : {"0f", "1h", "1.", ".5", "1.5", "01.5", "1.f", ".5h", "1e3", "1E+3f", "01e5",
                                "1.5e-10h", "0x1.8", "0x.8", "0x1p4", "0X1P+4f", "0x1.8p-2h"}) {
    EXPECT_EQ(kind_of(text), "float") << text;
  }
}

TEST(Lexer, RefusesWhatLooksLikeANumber) {
  for (std::string_view text :
       {"01", "00", "01f", "0x", "0xg", "1e", "1e+", "0x1p", "1u2", "1.5u", "1x", "0x1.8f_", "1_000", "0x.p1"}) {
    EXPECT_THAT(tokens_of(text), StartsWith("t.wgsl:1:1: ")) << text;
  }
}

TEST(Lexer, TellsWordsApart) {
  EXPECT_EQ(kind_of("x_1"), "identifier");
  EXPECT_EQ(kind_of("_x"), "identifier");
  EXPECT_EQ(kind_of("_"), "punctuation");
  EXPECT_EQ(kind_of("Δέλτα"), "identifier");
  EXPECT_EQ(kind_of("while"), "keyword");
  EXPECT_EQ(kind_of("u32"), "identifier");
  EXPECT_THAT(tokens_of("__x"), StartsWith("t.wgsl:1:1: '__x' starts with two underscores"));
}

TEST(Lexer, SkipsBlanksAndComments) {
  EXPECT_EQ(tokens_of("a\t\v\f\r\nb\xC2\x85"
                      "c\xE2\x80\x8E"
                      "d\xE2\x80\xA8"
                      "e"),
            "a b c d e");
  EXPECT_EQ(tokens_of("a/*b/*c*/d*/e//f\ng"), "a e g");
  EXPECT_EQ(tokens_of("a//b\xE2\x80\xA9"
                      "c"),
            "a c");
  EXPECT_EQ(tokens_of("/**/"), "");
  EXPECT_EQ(tokens_of(""), "");
}

TEST(Lexer, RefusesWhatIsNoText) {
  EXPECT_THAT(tokens_of("a /* b"), StartsWith("t.wgsl:1:3: This block comment is not closed."));
  EXPECT_THAT(tokens_of("/*/"), StartsWith("t.wgsl:1:1: This block comment is not closed."));
  EXPECT_THAT(tokens_of("a\xFF"), StartsWith("t.wgsl:1:2: Byte 0xFF is not UTF-8."));
  EXPECT_THAT(tokens_of("\xE2\x80"), StartsWith("t.wgsl:1:1: Byte 0xE2 is not UTF-8."));
  EXPECT_THAT(tokens_of("a # b"), StartsWith("t.wgsl:1:3: Character '#' has no meaning in WGSL."));
  EXPECT_THAT(tokens_of(std::string_view("a\0b", 3)), StartsWith("t.wgsl:1:2: Character "));
}

}  // namespace
}  // namespace shoal::wgsl
