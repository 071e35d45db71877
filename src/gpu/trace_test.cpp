// A trace says what was said, whole or cut off, and nothing that a stranger writes into one does harm.
#include "gpu/trace.h"

#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "gpu/decode.gen.h"
#include "gpu/native/trace_file.h"
#include "gpu/native/trace_print.h"
#include "gpu/native/trace_writer.h"
#include "gpu/payload_hash.h"
#include "gpu/print_trace.h"
#include "gpu/recorder.h"

namespace shoal::gpu {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class TraceTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("shoal_trace_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    path_ = folder_ / "a.trace";
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Two streams, one batch of events, two blobs of which one is written twice.
  void record() {
    const std::vector<std::byte> large(1001 * 4, std::byte{7}), small(12, std::byte{9}), same = large;
    Recorder recorder;
    const u32 buffer = recorder.create_buffer("slab \"1\"\n", 8192, BufferUsage::kStorage | BufferUsage::kCopyDst);
    recorder.write_lent({buffer, 0, large.size()}, large);
    recorder.write_lent({buffer, 4096, same.size()}, same);
    recorder.write({buffer, 0, small.size()}, small);
    const u32 module = recorder.new_id(), layout = recorder.new_id(), pipeline = recorder.new_id();
    recorder.say(CreateShaderModule{.module = module, .label = "sum", .code = "fn sum() {}", .trusted = 1});
    const LayoutEntry entry{.binding = 2,
                            .visibility = ShaderStage::kCompute,
                            .kind = BindingKind::kReadOnlyStorage,
                            .min_size_bytes = 16};
    recorder.say(CreateBindGroupLayout{.layout = layout, .label = "in", .entries = {entry}});
    recorder.say(CreateComputePipelineAsync{.pipeline = pipeline,
                                            .label = "sum",
                                            .layout = 0,
                                            .module = module,
                                            .entry_point = "main",
                                            .constants = {{.name = "kTile", .value = 0.5}}});
    Capabilities adapter;
    adapter.name = "an adapter";
    adapter.driver = "a driver";
    adapter.type = AdapterType::kSoftware;
    auto writer = TraceWriter::create(path_, adapter);
    ASSERT_TRUE(writer) << writer.error().message();
    (*writer)->stream(recorder.words());
    std::vector<u32> events;
    WireWriter(events).write(PipelineReady{.pipeline = pipeline});
    WireWriter(events).write(Mapped{.ticket = 3, .data = small});
    (*writer)->events(events);

    recorder.clear();
    const u32 encoder = recorder.new_id(), pass = recorder.new_id(), commands = recorder.new_id();
    recorder.write_lent({buffer, 0, small.size()}, small);
    recorder.say(CreateCommandEncoder{.encoder = encoder, .label = "frame"});
    recorder.say(BeginComputePass{.encoder = encoder, .pass = pass, .label = "sum"});
    recorder.say(SetPipeline{.pass = pass, .pipeline = pipeline});
    const u32 offsets[] = {0, 256};
    recorder.say(SetBindGroup{.pass = pass, .index = 1, .bind_group = 99, .dynamic_offsets = offsets});
    recorder.say(DispatchWorkgroups{.pass = pass, .x = 67, .y = 1, .z = 1});
    recorder.say(EndPass{.pass = pass});
    recorder.say(Finish{.encoder = encoder, .command_buffer = commands});
    recorder.say(Submit{.command_buffers = std::span(&commands, 1)});
    (*writer)->stream(recorder.words());
    ASSERT_TRUE((*writer)->finish());
  }

  std::vector<std::byte> file_bytes() {
    auto file = load_trace(path_);
    EXPECT_TRUE(file) << file.error().message();
    return std::move(file->bytes);
  }

  fs::path folder_, path_;
};

TEST_F(TraceTest, HoldsWhatWasSaidAndEachBlobOnce) {
  record();
  const auto file = load_trace(path_);
  ASSERT_TRUE(file) << file.error().message();
  const Trace& trace = file->trace;
  EXPECT_EQ(trace.damage, "");
  EXPECT_EQ(trace.whole_bytes, file->bytes.size());
  ASSERT_EQ(trace.blobs.size(), 2u);
  EXPECT_EQ(trace.blobs[0].bytes.size(), 4004u);
  EXPECT_EQ(trace.blobs[1].bytes.size(), 12u);
  EXPECT_EQ(trace.blobs[0].hash, payload_hash(trace.blobs[0].bytes));
  ASSERT_EQ(trace.records.size(), 6u);
  EXPECT_EQ(trace.records[0].kind, TraceKind::kNotes);
  EXPECT_EQ(trace.records[1].kind, TraceKind::kBlob);
  EXPECT_EQ(trace.records[2].kind, TraceKind::kStream);
  EXPECT_EQ(trace.records[2].device, 1u);
  EXPECT_EQ(trace.records[3].kind, TraceKind::kEvents);
  EXPECT_LE(trace.records[2].host_time_ns, trace.records[5].host_time_ns);
  std::vector<u32> named;
  ASSERT_TRUE(decode_commands(trace.records[2].words, [&](const auto& command) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(command)>, WriteBufferFromBlob>) {
      named.push_back(command.blob);
      EXPECT_EQ(command.blob_offset_bytes, 0u);
      EXPECT_EQ(command.size_bytes, 4004u);
    }
  }));
  EXPECT_EQ(named, (std::vector<u32>{1, 1}));
}

TEST_F(TraceTest, PrintsOneLineACommandIndentedBySubmissionAndPass) {
  record();
  const auto text = print_trace(path_, false);
  ASSERT_TRUE(text);
  std::string untimed;  // host times differ
  for (size_t at = 0; at < text->size();) {
    const size_t time = text->find(" host_ms=", at);
    untimed += text->substr(at, time - at);
    at = time == std::string::npos ? time : text->find('\n', time);
  }
  const std::vector<std::byte> large(4004, std::byte{7}), small(12, std::byte{9});
  const std::string_view code = "fn sum() {}";
  EXPECT_EQ(untimed,
            fmt::format(R"(trace version=1
notes 1
  device_info device 1 "" adapter="an adapter" vendor="" driver="a driver" type="software" backend="" features=[] limits=[]
blob 1 size_bytes=4004 xxh3={0:016x}
stream 1
  create_buffer buffer 1 "slab \"1\"\n" size_bytes=8192 usage=copy_dst|storage reports=0 mapped_at_creation=0
  write_buffer_from_blob buffer 1 "slab \"1\"\n" offset_bytes=0 blob 1 blob_offset_bytes=0 size_bytes=4004
  write_buffer_from_blob buffer 1 "slab \"1\"\n" offset_bytes=4096 blob 1 blob_offset_bytes=0 size_bytes=4004
  write_buffer buffer 1 "slab \"1\"\n" offset_bytes=0 data=[12 bytes, xxh3 {1:016x}]
  create_shader_module module=shader_module 2 "sum" code=[11 bytes, xxh3 {2:016x}] trusted=1
  create_bind_group_layout layout=bind_group_layout 3 "in" entries=[{{binding=2 visibility=compute kind=read_only_storage has_dynamic_offset=0 min_size_bytes=16 sample_type=undefined view_dimension=undefined multisampled=0 format=undefined access=undefined}}]
  create_compute_pipeline_async pipeline=compute_pipeline 4 "sum" layout=pipeline_layout none module=shader_module 2 "sum" entry_point="main" constants=[{{name="kTile" value=0.5}}]
events 1
  pipeline_ready pipeline 4 "sum"
  mapped ticket=3 data=[12 bytes, xxh3 {1:016x}]
blob 2 size_bytes=12 xxh3={1:016x}
stream 2
  write_buffer_from_blob buffer 1 "slab \"1\"\n" offset_bytes=0 blob 2 blob_offset_bytes=0 size_bytes=12
  submission 1
    create_command_encoder encoder=5 "frame"
    begin_compute_pass encoder=5 pass=6 "sum" query_set none begin_query=0 end_query=0
      set_pipeline pass=6 pipeline=compute_pipeline 4 "sum"
      set_bind_group pass=6 index=1 bind_group 99 dynamic_offsets=[0, 256]
      dispatch_workgroups pass=6 x=67 y=1 z=1
    end_pass pass=6
    finish encoder=5 command_buffer 7
    submit command_buffers=[7]
end
)",
                        payload_hash(large), payload_hash(small), payload_hash(std::as_bytes(std::span(code)))));
}

TEST_F(TraceTest, PrintsTheSameAsJson) {
  record();
  const auto text = print_trace(path_, true);
  ASSERT_TRUE(text);
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  ASSERT_TRUE(json.is_array()) << *text;
  EXPECT_EQ(json.front(), nlohmann::json::parse(R"({"record":"trace","version":1})"));
  EXPECT_EQ(json[2]["arguments"]["adapter"], "an adapter");
  EXPECT_EQ(json.back(), nlohmann::json::parse(R"({"record":"end","whole":true})"));
  const auto& created = json[5];
  EXPECT_EQ(created["command"], "create_buffer");
  EXPECT_EQ(created["arguments"]["label"], "slab \"1\"\n");
  EXPECT_EQ(created["arguments"]["usage"], nlohmann::json::parse(R"(["copy_dst","storage"])"));
  const auto dispatch = std::ranges::find_if(
      json, [](const auto& item) { return item.value("command", "") == "dispatch_workgroups"; });
  ASSERT_NE(dispatch, json.end());
  EXPECT_EQ(*dispatch, nlohmann::json::parse(R"({"record":"command","stream":2,"submission":1,
      "command":"dispatch_workgroups","arguments":{"pass":6,"x":67,"y":1,"z":1}})"));
}

TEST_F(TraceTest, GivesWhatIsWholeOfATraceCutOffAnywhere) {
  record();
  const std::vector<std::byte> whole = file_bytes();
  size_t most_records = 0;
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto trace = read_trace(cut);
    ASSERT_EQ(trace.has_value(), size >= 12) << size;
    if (!trace) continue;
    ASSERT_LE(trace->whole_bytes, size);
    ASSERT_THAT(trace->damage, HasSubstr("is unaffected.")) << size;
    ASSERT_GE(trace->records.size(), most_records);
    most_records = trace->records.size();
  }
  EXPECT_EQ(most_records, 6u);
}

TEST_F(TraceTest, SurvivesThreeThousandMutations) {
  record();
  const std::vector<std::byte> whole = file_bytes();
  std::mt19937 engine(20261123);
  const auto random = [&] { return static_cast<u32>(engine()); };
  size_t damaged = 0;
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::byte> bytes = whole;
    // The records' heads and the streams are few of the bytes: half of all changes go there, and to extreme values.
    for (u32 changes = 1 + random() % 3; changes > 0; --changes) {
      const size_t at = random() % 2 == 0   ? random() % bytes.size()
                        : random() % 2 == 0 ? random() % 80
                                            : bytes.size() - 1 - random() % 1200;
      const u32 value = random();
      switch (random() % 4) {
        case 0: bytes[at] ^= std::byte(1u << (value % 8)); break;
        case 1: bytes[at] = std::byte(value % 256); break;
        case 2: bytes[at] = std::byte{0xff}; break;
        default: bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at)); break;
      }
    }
    const auto trace = read_trace(bytes);
    if (!trace) continue;
    damaged += trace->damage.empty() ? 0u : 1u;
    ASSERT_LE(trace->records.size(), bytes.size() / kTraceRecordHeadBytes);
    const std::string text = print(*trace, PrintStyle::kText);
    const std::string json = print(*trace, PrintStyle::kJson);
    ASSERT_LT(text.size() + json.size(), 64 * bytes.size());
    ASSERT_TRUE(nlohmann::json::accept(json)) << json;
  }
  EXPECT_GT(damaged, 1000u);
}

// A file with one record of words and a right end.
std::vector<std::byte> trace_of(std::span<const u32> words, TraceKind kind = TraceKind::kStream) {
  std::vector<u32> file = {0, 0, kTraceVersion};
  std::memcpy(file.data(), "SHOALTRC", 8);
  const u32 size_bytes = static_cast<u32>(words.size_bytes() + kTraceTimedHeadBytes);
  file.insert(file.end(), {static_cast<u32>(kind), size_bytes, 0, 0, 0, 7, 3});
  file.insert(file.end(), words.begin(), words.end());
  file.insert(file.end(), {5, 8, 0, 1, 0});
  const auto bytes = std::as_bytes(std::span(file));
  return {bytes.begin(), bytes.end()};
}

TEST(Trace, RefusesStreamsThatReadMemoryOrBytesThatABlobHasNot) {
  for (const WriteBufferFromBlob& write :
       {WriteBufferFromBlob{.buffer = 1, .blob = 0, .blob_offset_bytes = 4096, .size_bytes = 4},
        WriteBufferFromBlob{.buffer = 1, .blob = 1, .blob_offset_bytes = 0, .size_bytes = 0}}) {
    std::vector<u32> words;
    WireWriter(words).write(write);
    const auto bytes = trace_of(words);
    const auto trace = read_trace(bytes);
    ASSERT_TRUE(trace);
    EXPECT_TRUE(trace->records.empty());
    EXPECT_THAT(trace->damage, HasSubstr(fmt::format("of blob {}, which has not got them", write.blob)));
  }
}

TEST(Trace, RefusesReadbacksOfBytesThatABlobHasNot) {
  std::vector<u32> words;
  WireWriter(words).write(MappedBlob{.ticket = 1, .blob = 1, .size_bytes = 4});
  const auto bytes = trace_of(words, TraceKind::kEvents);
  const auto trace = read_trace(bytes);
  ASSERT_TRUE(trace);
  EXPECT_TRUE(trace->records.empty());
  EXPECT_THAT(trace->damage, HasSubstr("mapped_blob reads 4 bytes at 0 of blob 1"));
}

TEST(Trace, SaysOfACommandWhenItWasSaidAndFromWhere) {
  std::vector<u32> words;
  WireWriter(words).write(Call{.begin_ns = 1'500'000, .duration_ns = 2500, .stack = 4});
  WireWriter(words).write(Draw{.pass = 2, .vertex_count = 3, .instance_count = 1});
  WireWriter(words).write(Call{.begin_ns = 2'000'000, .duration_ns = kAllOrNone, .stack = 0});
  WireWriter(words).write(FrameMark{});
  const auto bytes = trace_of(words);
  const auto trace = read_trace(bytes);
  ASSERT_TRUE(trace && trace->damage.empty());
  EXPECT_EQ(trace->records[0].device, 7u);
  EXPECT_EQ(trace->records[0].thread, 3u);
  const std::string text = print(*trace, PrintStyle::kText);
  EXPECT_THAT(
      text, HasSubstr("first_instance=0 at_ms=1.500 took_us=2.5 stack=4\n  frame_mark at_ms=2.000 never returned"));
  const auto json = nlohmann::json::parse(print(*trace, PrintStyle::kJson), nullptr, false);
  ASSERT_TRUE(json.is_array());
  EXPECT_EQ(json[2]["took_us"], 2.5);
  EXPECT_EQ(json[2]["stack"], 4);
  EXPECT_TRUE(json[3]["took_us"].is_null());
}

TEST(Trace, EndsWhereARecorderHadNotWritten) {
  std::vector<u32> words;
  WireWriter(words).write(Poll{.waits = 1});
  auto bytes = trace_of(words);
  bytes.resize(bytes.size() - 20);  // without its end
  const size_t whole_bytes = bytes.size();
  bytes.resize(whole_bytes + 4096);
  const auto trace = read_trace(bytes);
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->records.size(), 1u);
  EXPECT_EQ(trace->whole_bytes, whole_bytes);
  EXPECT_THAT(trace->damage, HasSubstr("did not finish it"));
}

TEST(Trace, DoesNotRepeatAnEndlessLabel) {
  std::vector<u32> words;
  const std::string label(100'000, '\x01');
  WireWriter(words).write(CreateBuffer{.buffer = 1, .label = label});
  for (int i = 0; i < 1000; ++i) WireWriter(words).write(DestroyBuffer{.buffer = 1});
  const auto bytes = trace_of(words);
  const auto trace = read_trace(bytes);
  ASSERT_TRUE(trace && trace->damage.empty());
  EXPECT_LT(print(*trace, PrintStyle::kText).size(), 1'000'000u);
}

TEST(Trace, PrintsStrangeTextAndNumbersSafely) {
  std::vector<u32> words;
  WireWriter(words).write(CreateBuffer{.buffer = 1,
                                       .label = "\x1b[2J\xff\xc2\x9b caf\xc3\xa9 \xed\xa0\x80",
                                       .usage = static_cast<BufferUsage>(0x80000001u)});
  WireWriter(words).write(CreateQuerySet{.query_set = 2, .label = "", .type = static_cast<QueryType>(7)});
  const Constant nan{.name = "n", .value = std::numeric_limits<double>::quiet_NaN()};
  WireWriter(words).write(
      CreateComputePipelineAsync{.pipeline = 3, .label = {}, .entry_point = {}, .constants = {nan}});
  const auto bytes = trace_of(words);
  const auto trace = read_trace(bytes);
  ASSERT_TRUE(trace && trace->damage.empty());
  const std::string text = print(*trace, PrintStyle::kText);
  EXPECT_THAT(text, HasSubstr("\"\\u001b[2J\xef\xbf\xbd\\u009b caf\xc3\xa9 "));
  EXPECT_THAT(text, HasSubstr("usage=map_read|0x80000000"));
  EXPECT_THAT(text, HasSubstr("type=0x7"));
  const std::string json = print(*trace, PrintStyle::kJson);
  EXPECT_TRUE(nlohmann::json::accept(json)) << json;
  EXPECT_THAT(json, HasSubstr(R"("usage":["map_read","0x80000000"])"));
  EXPECT_THAT(json, HasSubstr(R"("type":"0x7")"));
  EXPECT_THAT(json, HasSubstr(R"("value":"nan")"));
}

TEST_F(TraceTest, SaysWhatIsWrongWithAFile) {
  const auto expect = [&](const fs::path& path, ErrorCode code, std::string_view part) {
    const auto printed = print_trace(path, false);
    ASSERT_FALSE(printed);
    EXPECT_EQ(printed.error().code, code);
    EXPECT_THAT(printed.error().message(), HasSubstr(std::string(part)));
  };
  expect(folder_ / "none", ErrorCode::kNotFound, "Check its name.");
  expect(folder_, ErrorCode::kInvalidArgument, "no regular file");
  expect("/dev/zero", ErrorCode::kInvalidArgument, "no regular file");
  std::ofstream(path_) << "";
  expect(path_, ErrorCode::kCorrupt, "does not begin with SHOALTRC");
  std::ofstream(path_) << "SHOALTRC\x07" << std::string(3, '\0');
  expect(path_, ErrorCode::kUnsupported, "version 7");
}

TEST_F(TraceTest, ReportsWhatItCouldNotWrite) {
  const auto missing = TraceWriter::create(folder_ / "no" / "a.trace", {});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message(), HasSubstr("Create its folder first"));
  EXPECT_FALSE(TraceWriter::create("/dev/full", {}));
}

}  // namespace
}  // namespace shoal::gpu
