// Commands and events as words: what is written is read, and words that are damaged are refused, never followed.
#include "gpu/wire.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "gpu/commands.gen.h"
#include "gpu/decode.gen.h"
#include "gpu/device.h"

namespace shoal::gpu {
namespace {

// Fills every field with something that differs from field to field and from seed to seed.
struct Filler {
  u32 seed;
  std::vector<std::vector<u32>>& kept_words;

  template <class T>
  void operator()(T& field) {
    ++seed;
    if constexpr (std::is_enum_v<T> || std::is_same_v<T, u32> || std::is_same_v<T, i32>) {
      field = static_cast<T>(seed * 2654435761u);
    } else if constexpr (std::is_same_v<T, u64>) {
      field = u64{seed} << 33 | seed;
    } else if constexpr (std::is_same_v<T, double>) {
      field = 0.1 * seed;
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      static constexpr std::string_view kText = "a label, \xc3\xa4 and more";
      field = kText.substr(0, seed % (kText.size() + 1));
    } else if constexpr (std::is_same_v<T, std::span<const std::byte>>) {
      field = std::as_bytes(words(3)).first(seed % 12);
    } else if constexpr (std::is_same_v<T, std::span<const u32>>) {
      field = words(seed % 4);
    } else if constexpr (requires { T::kFields; }) {
      fill(field);
    } else {
      field.resize(seed % 3);
      for (auto& item : field) (*this)(item);
    }
  }
  std::span<const u32> words(u32 size) { return kept_words.emplace_back(size, seed); }
  template <class T>
  void fill(T& item) {
    T::visit(item, [this](auto&... fields) { ((*this)(fields), ...); });
  }
};

template <class T>
std::vector<u32> encoded(const T& item) {
  std::vector<u32> words;
  WireWriter(words).write(item);
  return words;
}

// Every type of a stream, found by asking the decoder which opcodes it knows: a new command is tested unasked.
template <class Decode>
void visit_types(Decode&& decode, auto&& visit) {
  for (u32 opcode = 1; opcode < 256; ++opcode) {
    // So many zero words that every fixed field is there; the length is then cut until it fits.
    for (u32 size = 1; size < 64; ++size) {
      std::vector<u32> words(size);
      words[0] = opcode | size << 8;
      bool found = false;
      static_cast<void>(decode(words, [&](const auto& item) {
        found = true;
        visit(item);
      }));
      if (found) break;
    }
  }
}

const auto kDecodeCommands = [](std::span<const u32> words, auto&& visit) { return decode_commands(words, visit); };
const auto kDecodeEvents = [](std::span<const u32> words, auto&& visit) { return decode_events(words, visit); };
const auto kDecodeNotes = [](std::span<const u32> words, auto&& visit) { return decode_notes(words, visit); };

// Not a part of round_trip, which is made for every type: decoding would be made for every pair of types.
template <class Decode>
void expect_reads(const Decode& decode, const std::vector<u32>& words, std::string_view name) {
  size_t visited = 0;
  const auto decoded = decode(words, [&](const auto& read) {
    ++visited;
    const bool is_same = encoded(read) == words && std::remove_cvref_t<decltype(read)>::kName == name;
    if (!is_same) ADD_FAILURE() << name;
  });
  EXPECT_TRUE(decoded) << name;
  EXPECT_EQ(visited, 1u) << name;
}

template <class Decode>
std::vector<u32> round_trip(const Decode& decode, size_t& types) {
  std::vector<u32> stream;
  visit_types(decode, [&]<class T>(const T&) {
    ++types;
    for (u32 seed = 0; seed < 40; ++seed) {
      std::vector<std::vector<u32>> kept;
      kept.reserve(256);
      T item;
      Filler{seed, kept}.fill(item);
      const std::vector<u32> words = encoded(item);
      expect_reads(decode, words, T::kName);
      stream.insert(stream.end(), words.begin(), words.end());
    }
  });
  return stream;
}

TEST(Wire, ReadsEveryCommandAndEventAsItWasWritten) {
  size_t commands = 0, events = 0, notes = 0;
  round_trip(kDecodeCommands, commands);
  round_trip(kDecodeEvents, events);
  round_trip(kDecodeNotes, notes);
  EXPECT_GE(commands, 82u);
  EXPECT_GE(events, 11u);
  EXPECT_GE(notes, 7u);
}

template <class Decode>
void expect_truncations_refused(const Decode& decode) {
  size_t types = 0;
  std::vector<u32> stream = round_trip(decode, types);
  stream.resize(std::min<size_t>(stream.size(), 3000));
  for (size_t size = 0; size < stream.size(); ++size) {
    size_t followed = 0;
    const auto decoded =
        decode(std::span(stream).first(size), [&](const auto& item) { followed += encoded(item).size(); });
    // Either the cut lies between two items, or what is cut off is refused and all before it was read.
    EXPECT_EQ(decoded.has_value(), followed == size) << size;
    EXPECT_TRUE(decoded || decoded.error().code == ErrorCode::kCorrupt) << size;
  }
}

TEST(Wire, RefusesEveryTruncation) {
  expect_truncations_refused(kDecodeCommands);
  expect_truncations_refused(kDecodeEvents);
  expect_truncations_refused(kDecodeNotes);
}

template <class Decode>
void mutate(const Decode& decode) {
  size_t types = 0;
  const std::vector<u32> whole = round_trip(decode, types);
  std::mt19937 random(2026);
  size_t refused = 0;
  for (int turn = 0; turn < 2000; ++turn) {
    // A window of the stream, so that damage meets every sort of item.
    const size_t first = random() % whole.size(), size = std::min<size_t>(whole.size() - first, random() % 400 + 1);
    std::vector<u32> words(whole.begin() + static_cast<std::ptrdiff_t>(first),
                           whole.begin() + static_cast<std::ptrdiff_t>(first + size));
    for (u32 i = random() % 4; i < 4; ++i) {
      u32& word = words[random() % words.size()];
      word = random() % 2 == 0 ? word ^ (1u << random() % 32) : static_cast<u32>(random());
    }
    u32 checksum = 0;
    const auto decoded = decode(words, [&](const auto& item) {
      for (const u32 word : encoded(item)) checksum += word;  // touches every byte that the item claims
    });
    if (!decoded) ++refused;
    EXPECT_TRUE(decoded || decoded.error().code == ErrorCode::kCorrupt) << checksum;
  }
  EXPECT_GT(refused, 100u);
}

TEST(Wire, SurvivesDamagedWords) {
  mutate(kDecodeCommands);
  mutate(kDecodeEvents);
  mutate(kDecodeNotes);
}

TEST(Wire, RefusesLengthsThatWouldWrap) {
  // A label of 2^32 - 1 bytes, a list of 2^32 - 1 items.
  for (const u32 length : {0xffffffffu, 0xfffffffdu, 0x80000000u}) {
    const u32 labelled[] = {CreateCommandEncoder::kOpcode | 4u << 8, 1, length, 0};
    EXPECT_FALSE(decode_commands(labelled, [](const auto&) { FAIL(); }));
    const u32 listed[] = {Submit::kOpcode | 3u << 8, length, 0};
    EXPECT_FALSE(decode_commands(listed, [](const auto&) { FAIL(); }));
    const u32 structs[] = {CreateBindGroup::kOpcode | 6u << 8, 1, 0, 1, length, 0};
    EXPECT_FALSE(decode_commands(structs, [](const auto&) { FAIL(); }));
  }
}

TEST(Wire, RefusesToWriteWhatAHeadCannotCount) {
  // A write_buffer has a head, a buffer, an offset and the data's size beside the data.
  constexpr size_t kMostDataWords = kMostItemWords - 5;
  const std::vector<std::byte> data((kMostDataWords + 1) * 4);
  std::vector<u32> words = {7};
  EXPECT_FALSE(WireWriter(words).write(WriteBuffer{.buffer = 1, .data = data}));
  EXPECT_EQ(words, std::vector<u32>{7}) << "nothing of it is left";
  const auto fits = std::span(data).first(kMostDataWords * 4);
  words.clear();
  EXPECT_TRUE(WireWriter(words).write(WriteBuffer{.buffer = 1, .data = fits}));
  size_t read_bytes = 0;
  EXPECT_TRUE(decode_commands(words, [&]<class T>(const T& command) {
    if constexpr (std::is_same_v<T, WriteBuffer>) read_bytes = command.data.size();
  }));
  EXPECT_EQ(read_bytes, fits.size());
}

TEST(Wire, ALongWriteIsSaidInParts) {
  Recorder recorder;
  std::vector<std::byte> data(static_cast<size_t>(2 * kMostPayloadBytes) + 12), written(data.size() + 8);
  for (size_t i = 0; i < data.size(); i += 4093) data[i] = static_cast<std::byte>(i % 251 + 1);
  recorder.write({9, 8, data.size()}, data);
  u32 parts = 0;
  EXPECT_TRUE(decode_commands(recorder.words(), [&]<class T>(const T& command) {
    if constexpr (std::is_same_v<T, WriteBuffer>) {
      ++parts;
      EXPECT_EQ(command.buffer, 9u);
      ASSERT_LE(command.offset_bytes + command.data.size(), written.size());
      std::ranges::copy(command.data, written.begin() + static_cast<std::ptrdiff_t>(command.offset_bytes));
    }
  }));
  EXPECT_EQ(parts, 3u);
  EXPECT_TRUE(std::ranges::equal(std::span(written).subspan(8), data));
  EXPECT_EQ(recorder.refused(), "");
}

TEST(Wire, ACommandThatCannotBeSaidIsToldByTheDevice) {
  Device device(Capabilities{}, {});
  const std::string code(static_cast<size_t>(4 * kMostPayloadBytes), ' ');
  device.recorder.say(CreateShaderModule{.module = 1, .label = "long", .code = code, .trusted = 0});
  EXPECT_TRUE(device.recorder.empty());
  const auto checked = device.check();
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::kInternal);
  EXPECT_NE(checked.error().message().find("create_shader_module"), std::string::npos);
}

}  // namespace
}  // namespace shoal::gpu
