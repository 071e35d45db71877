// Damaged files end in success or in an Error: no crash, no hang, no huge allocation. Run under the sanitizers too.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>

#include "base/text.h"
#include "formats/parquet/read_all.h"
#include "formats/parquet/test_file.h"

namespace shoal::formats {
namespace {

using Bytes = std::vector<std::byte>;

// Small files of each kind: codec, page version, dictionary, nulls, many pages, nested columns.
constexpr const char* kFiles[] = {"matrix_some__none_v1_dict_g401_p64.parquet",
                                  "matrix_some__snappy_v2_plain_g1500_p1048576.parquet",
                                  "matrix_some__gzip_v1_dict_g1500_p1048576.parquet",
                                  "matrix_required__zstd_v1_dict_g401_p1048576.parquet",
                                  "matrix_none__zstd_v2_dict_g1500_p64.parquet",
                                  "nested__.parquet",
                                  "int96__True.parquet",
                                  "zero_rows__.parquet"};

// Opens the file and decodes all of it. The message when it is refused.
std::string decode(std::span<const std::byte> file) {
  const ParquetOptions options{.most_page_bytes = u64{16} << 20};
  const auto source = open_bytes(file, options);
  if (!source) return source.error().message();
  std::string message;
  for (size_t column = 0; column < (*source)->columns().size(); ++column) {
    if (!(*source)->columns()[column].unsupported.empty()) continue;
    table::Dictionary dictionary;
    const auto all = read_all(**source, file, column, dictionary);
    if (!all) message = all.error().message();
    if (all) {
      EXPECT_EQ(all->validity.size(), (*source)->rows());
      EXPECT_EQ(all->values.size(), (*source)->rows() * table::raw_size_bytes((*source)->columns()[column].raw));
    }
  }
  return message;
}

void expect_sentence(const std::string& message) {
  EXPECT_TRUE(message.ends_with('.') || message.ends_with(')')) << message;
}

TEST(ParquetDamage, EveryTruncationIsRefused) {
  std::mt19937 random(1);
  for (const char* name : kFiles) {
    SCOPED_TRACE(name);
    const Bytes file = read_test_file(name);
    std::vector<size_t> lengths{0, 1, 11, 12, file.size() - 1};
    for (size_t tenth = 1; tenth < 10; ++tenth) lengths.push_back(file.size() * tenth / 10);
    for (int i = 0; i < 200; ++i) lengths.push_back(random() % file.size());
    for (const size_t length : lengths) {
      const std::string message = decode(std::span(file).first(length));
      ASSERT_NE(message.find("test.parquet"), std::string::npos) << length << ": " << message;
      expect_sentence(message);
    }
  }
}

TEST(ParquetDamage, EveryFlipAndSpliceEndsInSuccessOrAnError) {
  std::mt19937 random(2);
  constexpr int kRounds = 400;  // for each of 8 files
  int refused = 0;
  for (const char* name : kFiles) {
    const Bytes file = read_test_file(name);
    u32 footer_bytes = 0;
    std::memcpy(&footer_bytes, file.data() + file.size() - 8, 4);
    for (int round = 0; round < kRounds; ++round) {
      SCOPED_TRACE(fmt::format("{} round {}", name, round));
      Bytes damaged = file;
      // Every other time in the footer, which is the smaller part and the one that steers.
      const size_t begin = round % 2 == 0 ? 0 : file.size() - footer_bytes - 8;
      const auto place = [&] { return begin + random() % (damaged.size() - begin); };
      if (round % 5 == 4) {
        const size_t from = place();
        const size_t to = place();
        const size_t size = std::min<size_t>(1 + random() % 64, damaged.size() - std::max(from, to));
        std::memmove(damaged.data() + to, damaged.data() + from, size);
      } else {
        for (int flips = 1 + static_cast<int>(random() % 4); flips > 0; --flips) {
          damaged[place()] = random() % 2 == 0 ? static_cast<std::byte>(random()) : std::byte{0xff};
        }
      }
      if (const std::string message = decode(damaged); !message.empty()) {
        expect_sentence(message);
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, kRounds);
}

struct Decoded {
  u64 nulls = 0;
  std::vector<u8> validity;
  std::vector<std::byte> values;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

// One column of the file; nothing when it is refused, and why.
std::optional<Decoded> decode_column(const table::ChunkSource& source, const Bytes& file, size_t column,
                                     std::string& message) {
  table::Dictionary dictionary;
  auto all = read_all(source, file, column, dictionary);
  if (!all) {
    message = all.error().message();
    return std::nullopt;
  }
  return Decoded{all->nulls, std::move(all->validity), std::move(all->values)};
}

// Calls visit(what the column reads as, or why it does not) with one bit flipped in each byte of its pages in the
// first row group.
template <class Visit>
void flip_a_bit_of_every_byte(Bytes file, size_t column, Visit visit) {
  const auto source = open_bytes(file);
  ASSERT_TRUE(source);
  std::string message;
  const auto whole = decode_column(**source, file, column, message);
  ASSERT_TRUE(whole) << message;
  const table::ByteRange range = (*source)->stored_range(0, column);
  for (size_t at = static_cast<size_t>(range.offset); at < range.offset + range.size; ++at) {
    SCOPED_TRACE(fmt::format("column {} byte {}", column, at));
    const std::byte kept = file[at];
    file[at] ^= static_cast<std::byte>(1u << (at % 8));
    message.clear();
    visit(*whole, decode_column(**source, file, column, message), message);
    file[at] = kept;
  }
}

TEST(ParquetDamage, APageWithAChecksumDoesNotChangeUnnoticed) {
  for (const char* name :
       {"checksums__none_v1.parquet", "checksums__snappy_v1.parquet", "checksums__zstd_v2.parquet"}) {
    SCOPED_TRACE(name);
    size_t by_checksum = 0, refused = 0;
    for (size_t column = 0; column < 3; ++column) {
      flip_a_bit_of_every_byte(
          read_test_file(name), column, [&](const auto& whole, const auto& found, const auto& message) {
            EXPECT_TRUE(!found || *found == whole);
            refused += found ? 0u : 1u;
            by_checksum += message.find("does not match its checksum") != std::string::npos ? 1u : 0u;
          });
    }
    EXPECT_GT(by_checksum, refused / 2);
  }
}

TEST(ParquetDamage, WithoutAChecksumTheNumberOfNullsDoesNotChangeUnnoticed) {
  // Where values are PLAIN and not compressed. What they are, and which rows they stand in, may change: the README
  // says so.
  for (const char* name :
       {"matrix_some__none_v1_plain_g401_p64.parquet", "matrix_some__none_v2_plain_g401_p64.parquet"}) {
    SCOPED_TRACE(name);
    size_t refused = 0, changed = 0;
    flip_a_bit_of_every_byte(read_test_file(name), 0, [&](const auto& whole, const auto& found, const auto&) {
      EXPECT_TRUE(!found || found->nulls == whole.nulls);
      refused += found ? 0u : 1u;
      changed += found && found->values != whole.values ? 1u : 0u;
    });
    EXPECT_GT(refused, 0u);
    EXPECT_GT(changed, 0u);
  }
}

Bytes with_trailer(Bytes file, u32 footer_bytes, const char* magic) {
  std::memcpy(file.data() + file.size() - 8, &footer_bytes, 4);
  std::memcpy(file.data() + file.size() - 4, magic, 4);
  return file;
}

TEST(ParquetDamage, SaysWhatIsWrongWithTheEnd) {
  const Bytes file = read_test_file("zero_rows__.parquet");
  EXPECT_EQ(decode(std::span(file).first(11)),
            "test.parquet is not a Parquet file: it has 11 bytes, and the smallest has 12.");
  EXPECT_EQ(decode(with_trailer(file, 10, "PARE")),
            "test.parquet is encrypted, which is not read. Write it without encryption.");
  EXPECT_EQ(
      decode(with_trailer(file, 10, "NOPE")),
      "test.parquet is not a Parquet file, or was cut off: it does not end with PAR1. Copy it again, or write it "
      "again from its source.");
  EXPECT_EQ(
      decode(with_trailer(file, 0xffff'ffff, "PAR1")),
      fmt::format("The footer of test.parquet is damaged: it states 4,294,967,295 bytes, and the file has {}. "
                  "Copy the file again, or write it again from its source.",
                  group_thousands(file.size())));
  EXPECT_EQ(
      decode(with_trailer(file, 3, "PAR1")),
      "The footer of test.parquet is damaged: its metadata can not be parsed. Copy the file again, or write it "
      "again from its source.");
}

TEST(ParquetDamage, SaysWhereAPageIsDamaged) {
  Bytes file = read_test_file("matrix_required__zstd_v1_dict_g401_p1048576.parquet");
  // The first page's header is overwritten with the end of a struct.
  file[4] = std::byte{0};
  EXPECT_EQ(
      decode(file),
      "Column 'int8' in row group 0 of test.parquet cannot be read: the page at byte 4 does not begin with a page "
      "header. The file is damaged: copy it again, or write it again from its source.");
}

TEST(ParquetDamage, AnswersAWrongNumberOfBytesWithAnError) {
  const Bytes file = read_test_file("int96__True.parquet");
  ParquetOpener opener("test.parquet", file.size());
  ASSERT_TRUE(opener.next({}));
  const auto wrong = opener.next(std::span(file).first(20));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::kIo);
  const auto source = open_bytes(file);
  ASSERT_TRUE(source);
  const auto decoder = (*source)->decode(0, 0, nullptr);
  ASSERT_TRUE(decoder);
  ASSERT_TRUE((*decoder)->next({}));
  const auto short_read = (*decoder)->next(std::span(file).first(3));
  ASSERT_FALSE(short_read);
  EXPECT_EQ(short_read.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace shoal::formats
