// What every primitive of calls.schema says to arguments that cannot be. Nothing is compiled: arguments are judged
// before kernels, so a call of right ones says that its kernels are missing.
#include <algorithm>
#include <bit>
#include <functional>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emit/primitive_table.h"
#include "gpu/device.h"
#include "primitives/calls/calls.h"

namespace shoal::emit {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

constexpr u32 kCount = 1000;
constexpr u64 kRoomyBytes = u64{1} << 20;
constexpr u64 kMostBytes = u64{1} << 27;

struct Call {
  const Primitive* primitive = nullptr;
  std::map<std::string_view, gpu::View> arrays = {};  // the test's of rows and heads under its own name
  std::map<std::string_view, gpu::View> counts = {};  // of those on the GPU
  std::map<std::string_view, u32> words = {};
};

// Every array a buffer of its own with much room; what has several forms takes the one that uses most of them.
Call right_call(const Primitive& primitive) {
  Call call{.primitive = &primitive};
  u32 buffer = 100;
  for (const Field& field : primitive.fields) {
    if (field.is_array() || field.type == "rows") call.arrays[field.name] = {++buffer, 0, kRoomyBytes};
    if (field.name.starts_with("has_") || field.name == "op") call.words[field.name] = field.name != "op" ? 1 : 0;
    if (field.type == "histogram_of") call.words[field.name] = 2;  // floats, which have edges
    if (field.type == "density_of") call.words[field.name] = 4;    // means, which have values and counts
    if (field.type == "element") call.words[field.name] = field.default_value == "f32" ? 2 : 0;
    if (field.type == "f32") call.words[field.name] = std::bit_cast<u32>(field.default_value == "1" ? 1.0f : 0.0f);
    if (field.type == "count") call.words[field.name] = kCount;
    if (field.type == "u32") {
      const std::string text(field.default_value);
      call.words[field.name] = field.has_default ? static_cast<u32>(std::stoul(text)) : kCount / 2;
    }
  }
  return call;
}

void append(std::vector<u32>& words, const gpu::View& view) {
  words.push_back(view.buffer);
  for (const u64 number : {view.offset_bytes, view.size_bytes}) {
    words.push_back(static_cast<u32>(number));
    words.push_back(static_cast<u32>(number >> 32));
  }
}

// As the page writes them (call_reader.h).
std::vector<u32> words_of(const Call& call) {
  std::vector<u32> words;
  const auto word_of = [&](std::string_view name) { return call.words.contains(name) ? call.words.at(name) : 0; };
  for (const Field& field : call.primitive->fields) {
    if (field.is_array()) {
      append(words, call.arrays.at(field.name));
    } else if (field.type == "rows") {
      words.insert(words.end(), {0, 0, 0, 1});  // flags, of u32, no text, one array
      append(words, call.arrays.at(field.name));
    } else if (field.type == "count") {
      const auto on_gpu = call.counts.find(field.name);
      words.push_back(on_gpu != call.counts.end() ? 1 : 0);
      if (on_gpu != call.counts.end()) append(words, on_gpu->second);
      if (on_gpu == call.counts.end()) words.push_back(word_of(field.name));
    } else if (field.type == "quantiles") {
      words.insert(words.end(), {1, 1, word_of(field.name) == 0 ? 2 : word_of(field.name)});
      if (word_of(field.name) != 0) words[words.size() - 2] = word_of(field.name) + 1;
    } else if (field.type == "monoid") {
      if (field.is_optional) words.push_back(0);
      if (!field.is_optional) words.insert(words.end(), {1, 'x'});  // some text: nothing compiles it
      words.push_back(0);
    } else if (field.type == "segment_monoid") {
      words.insert(words.end(), {0, 0});
    } else if (field.type == "u64") {
      words.insert(words.end(), {word_of(field.name), 0});
    } else {
      words.push_back(word_of(field.name));
    }
  }
  return words;
}

// What recording says; empty where only kernels are missing.
std::string said(const Call& call) {
  gpu::Capabilities capabilities;
  capabilities.name = "an adapter";
  capabilities.limits.max_storage_binding_size_bytes = kMostBytes;
  gpu::Device device(capabilities, {});
  gpu::Frame frame(device, "test");
  const Result<void> recorded = primitives::record_call(frame, call.primitive->number, words_of(call));
  if (recorded) return "(recorded)";
  const std::string message = recorded.error().message();
  return message.find("are still being compiled") != std::string::npos ? "" : message;
}

// How messages name a field of a call.
std::string quoted(const Field& field) {
  if (field.type != "rows") return fmt::format("`{}`", field.name);
  return field.name == "heads" ? "`head_views[0]`" : "`keep_views[0]`";
}

void expect_refused(const Call& call, const std::string& name, std::string_view what) {
  const std::string message = said(call);
  EXPECT_THAT(message, HasSubstr(name)) << call.primitive->name << ": " << what;
  EXPECT_THAT(message, HasSubstr(std::string(call.primitive->name))) << what;
  // Whole sentences: what is wrong, then a remedy.
  EXPECT_THAT(message, MatchesRegex("[`A-Z].*\\. [A-Z].*[.)]")) << what;
}

Call with_view(const Call& call, std::string_view name, const std::function<void(gpu::View&)>& change) {
  Call changed = call;
  change(changed.arrays.at(name));
  return changed;
}

// Arrays that the call looks at, which without one of them would be another call.
std::vector<const Field*> used_arrays(const Call& call) {
  std::vector<const Field*> used;
  for (const Field& field : call.primitive->fields) {
    if (!call.arrays.contains(field.name)) continue;
    const bool is_used = !said(with_view(call, field.name, [](gpu::View& view) { view.offset_bytes = 4; })).empty();
    EXPECT_TRUE(is_used) << call.primitive->name << " does not look at " << field.name;
    if (is_used) used.push_back(&field);
  }
  return used;
}

// The least that is taken, in steps of what is taken at all.
u64 least_bytes(const Call& call, std::string_view name) {
  u64 refused = 0, taken = kRoomyBytes;
  while (taken - refused > 4) {
    u64 middle = (refused + taken) / 8 * 4;
    // Between multiples of 16 only words of fixed size are taken.
    const auto is_taken = [&](u64 bytes) {
      return said(with_view(call, name, [bytes](gpu::View& view) { view.size_bytes = bytes; })).empty();
    };
    if (is_taken(middle)) {
      taken = middle;
    } else if (const u64 above = align_up(middle + 1, u64{16}); above < taken && is_taken(above)) {
      taken = above;
    } else {
      refused = middle;
    }
  }
  return taken;
}

class BadArguments : public testing::TestWithParam<size_t> {
 protected:
  const Primitive& primitive() const { return all_primitives()[GetParam()]; }
};

TEST_P(BadArguments, ArraysThatCannotBeBoundAreNamed) {
  const Call call = right_call(primitive());
  ASSERT_EQ(said(call), "");
  for (const Field* field : used_arrays(call)) {
    const std::string name = quoted(*field);
    const auto change = [&](const std::function<void(gpu::View&)>& how) {
      return with_view(call, field->name, how);
    };
    // Totals and counts beside the result, which a call does without.
    const bool may_be_left_out = field->is_optional && (field->name == "total" || field->name == "counts");
    const Call without = change([](gpu::View& view) { view.buffer = 0; });
    if (!may_be_left_out) expect_refused(without, name, "no buffer");
    expect_refused(change([](gpu::View& view) { view.offset_bytes = 4; }), name, "misaligned");
    expect_refused(change([](gpu::View& view) { view.size_bytes = 0; }), name, "empty");
    expect_refused(change([](gpu::View& view) { view.size_bytes = 6; }), name, "no words");
    expect_refused(change([](gpu::View& view) { view.size_bytes = kMostBytes + 16; }), name, "too large to bind");
  }
}

TEST_P(BadArguments, ArraysThatAreTooSmallAreNamed) {
  const Call call = right_call(primitive());
  for (const Field* field : used_arrays(call)) {
    const u64 least = least_bytes(call, field->name);
    const u64 step = least > 16 ? 16 : 4;
    const Call smaller = with_view(call, field->name, [&](gpu::View& view) { view.size_bytes = least - step; });
    expect_refused(smaller, quoted(*field), "too small");
    if (least > 16) {
      EXPECT_THAT(said(smaller), HasSubstr("are needed")) << primitive().name << " " << field->name;
    }
    if (field->doc.starts_with("`count` elements")) {
      EXPECT_EQ(least, kCount * 4) << primitive().name << " " << field->name;
    }
  }
}

TEST_P(BadArguments, ArraysThatMeetAreNamed) {
  const Call call = right_call(primitive());
  const std::vector<const Field*> used = used_arrays(call);
  for (const Field* a : used) {
    for (const Field* b : used) {
      if (a == b || (a->type != "writes" && b->type != "writes")) continue;
      const Call meeting = with_view(call, a->name, [&](gpu::View& view) { view = call.arrays.at(b->name); });
      expect_refused(meeting, quoted(*a), "overlap");
      expect_refused(meeting, quoted(*b), "overlap");
    }
  }
}

TEST_P(BadArguments, CountsThatCannotBeAreNamed) {
  const Call call = right_call(primitive());
  for (const Field& field : primitive().fields) {
    if (field.type != "count") continue;
    Call changed = call;
    changed.words[field.name] = 0xffffffffu;
    expect_refused(changed, fmt::format("`{}`", field.name), "too many");
    changed = call;
    changed.counts[field.name] = {99, 2, 4};
    expect_refused(changed, fmt::format("`{}`", field.name), "between words");
  }
}

std::string name_of(const testing::TestParamInfo<size_t>& info) {
  return std::string(all_primitives()[info.param].name);
}

INSTANTIATE_TEST_SUITE_P(Primitives, BadArguments, testing::Range<size_t>(0, all_primitives().size()), name_of);

struct BadNumber {
  std::string_view primitive, field;
  u32 value = 0;
};

TEST(BadArguments, NumbersOutOfRangeAreNamed) {
  const BadNumber table[] = {
      {"sort", "begin_bit", 32},
      {"sort", "end_bit", 33},
      {"histogram", "bin_count", 1},
      {"histogram", "bin_count", (1u << 24) + 1},
      {"histogram", "low", std::bit_cast<u32>(2.0f)},
      {"quantiles", "end_bit", 33},
      {"quantiles", "quantiles", 3},  // 4 / 3
      {"top_k", "k", 0},
      {"top_k", "k", 65537},
      {"top_k", "end_bit", 33},
      {"bottom_k", "k", 0},
      {"bottom_k", "k", 65537},
      {"group_by", "group_count", 0},
      {"group_by", "group_count", (1u << 20) + 1},
      {"grouped_quantiles", "group_count", 0},
      {"grouped_quantiles", "group_count", (1u << 24) + 1},
      {"grouped_quantiles", "quantiles", 3},
      {"envelope", "column_count", 0},
      {"envelope", "column_count", 65537},
      {"unpack", "bits", 0},
      {"unpack", "bits", 33},
      {"merge", "a_count", 0xffffffffu},
      {"merge", "b_count", 0xffffffffu},
      {"fold_states", "state_words", 0},
      {"fold_states", "state_words", 17},
  };
  for (const BadNumber& bad : table) {
    const auto primitive = std::ranges::find(all_primitives(), bad.primitive, &Primitive::name);
    ASSERT_NE(primitive, all_primitives().end()) << bad.primitive;
    Call call = right_call(*primitive);
    ASSERT_EQ(said(call), "") << bad.primitive;
    call.words[bad.field] = bad.value;
    expect_refused(call, fmt::format("`{}`", bad.field), fmt::format("{} = {}", bad.field, bad.value));
  }
}

}  // namespace
}  // namespace shoal::emit
