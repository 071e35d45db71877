// A program that knows nothing of shoal is recorded, and its trace replayed with equal readbacks; a program that
// dies leaves what it said.
#include "review/record_program.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "gpu/commands.gen.h"
#include "gpu/decode.gen.h"
#include "gpu/native/trace_file.h"
#include "gpu/native/trace_print.h"
#include "review/replay_process.h"

namespace shoal::review {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;

class RecordTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("shoal_record_" + std::to_string(getpid()));
    if (SHOAL_SANITIZED) GTEST_SKIP() << "A recorder with sanitizers cannot be loaded into programs without.";
    fs::create_directories(folder_);
    path_ = folder_ / "a.trace";
  }
  void TearDown() override { fs::remove_all(folder_); }

  Result<RecordReport> record(const std::string& arguments) {
    // The program's output goes to a file, to be compared.
    const std::string command =
        SHOAL_RECORD_SUBJECT " " + arguments + " >" + (folder_ / "out").string() + " 2>/dev/null";
    return record_program({.out = path_.string(),
                           .recorder = SHOAL_RECORDER,
                           .library = "",
                           .command = {"/bin/sh", "-c", "exec " + command}});
  }

  std::string output() const {
    std::ifstream file(folder_ / "out");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // Of the subject without a recorder.
  std::string plain_output(const std::string& arguments) const {
    const std::string out = (folder_ / "plain").string();
    EXPECT_EQ(std::system((SHOAL_RECORD_SUBJECT " " + arguments + " >" + out + " 2>/dev/null").c_str()), 0);
    std::ifstream file(out);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  nlohmann::json replay(u32 repetitions = 1) {
    const auto outcome = replay_in_child(
        path_.string(), {.adapter = "software", .times_passes = true, .repetitions = repetitions}, true, 120);
    EXPECT_TRUE(outcome) << outcome.error().message();
    return outcome ? nlohmann::json::parse(outcome->report, nullptr, false) : nlohmann::json();
  }

  fs::path folder_, path_;
};

TEST_F(RecordTest, ReplaysAProgramWithEqualReadbacksAndTimesItsPasses) {
  const auto report = record("frames 3 40");
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(report->exit_code, 0);
  EXPECT_EQ(report->submissions, 3u);
  EXPECT_EQ(output(), plain_output("frames 3 40"));
  EXPECT_TRUE(report->unrecorded.empty()) << report->unrecorded.front();
  const auto json = replay(3);
  EXPECT_EQ(json["readbacks"], 9);
  EXPECT_EQ(json["equal_readbacks"], 9);
  EXPECT_EQ(json["errors"], nlohmann::json::array());
  ASSERT_EQ(json["passes"].size(), 3u);
  EXPECT_EQ(json["passes"][0]["label"], "triangles");
  EXPECT_EQ(json["passes"][0]["repetitions"], 3);
  EXPECT_GT(json["passes"][0]["ms"].get<double>(), 0);
  EXPECT_EQ(json["passes"][2]["submission"], 3);
}

TEST_F(RecordTest, KnowsWhenAndFromWhereCommandsWereSaid) {
  ASSERT_TRUE(record("frames 2 4"));
  const auto file = gpu::load_trace(path_.string());
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->trace.damage, "");
  std::vector<std::vector<u32>> stacks(1);
  std::vector<std::string> functions(1);
  u32 submit_stack = 0, blobs = 0;
  gpu::Call call;
  for (const gpu::TraceRecord& record : file->trace.records) {
    blobs += record.kind == gpu::TraceKind::kBlob ? 1u : 0u;
    if (record.kind == gpu::TraceKind::kNotes) {
      (void)gpu::decode_notes(record.words, [&]<class Note>(const Note& note) {
        if constexpr (std::is_same_v<Note, gpu::StackFrame>) functions.emplace_back(note.function);
        if constexpr (std::is_same_v<Note, gpu::Stack>) stacks.emplace_back(note.frames.begin(), note.frames.end());
      });
    }
    if (record.kind != gpu::TraceKind::kStream) continue;
    (void)gpu::decode_commands(record.words, [&]<class Command>(const Command& command) {
      if constexpr (std::is_same_v<Command, gpu::Call>) call = command;
      if constexpr (std::is_same_v<Command, gpu::Submit>) {
        submit_stack = call.stack;
        EXPECT_NE(call.duration_ns, gpu::kAllOrNone);
      }
    });
  }
  ASSERT_LT(submit_stack, stacks.size());
  ASSERT_FALSE(stacks[submit_stack].empty());
  EXPECT_LT(stacks.size(), 60u);  // not one for each call
  std::vector<std::string> names;
  for (const u32 frame : stacks[submit_stack]) names.push_back(functions[frame]);
  EXPECT_THAT(names, Contains(HasSubstr("main")));
  // Two uploads that differ, and pictures: equal ones are one.
  EXPECT_GE(blobs, 3u);
  const auto text = gpu::print_trace(path_.string(), false);
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, HasSubstr("program_end exit_code=0 signal=0"));
  EXPECT_THAT(*text, HasSubstr("draw pass="));
}

TEST_F(RecordTest, LeavesAReadableTraceOfAProgramThatDies) {
  for (const char* mode : {"crash", "abort"}) {
    const auto report = record(mode);
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_EQ(report->signal, SIGABRT) << mode;
    const auto text = gpu::print_trace(path_.string(), false);
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("signal=6"));
    if (std::string(mode) == "crash") {
      EXPECT_THAT(*text, testing::ContainsRegex("submit command_buffers=.* never returned"));
    }
    // What wgpu-native did not survive is dropped here, and all before it is as it was.
    const auto json = replay();
    EXPECT_EQ(json["readbacks"], json["equal_readbacks"]) << mode;
    EXPECT_GE(json["readbacks"], 1) << mode;
  }
}

TEST_F(RecordTest, RecordsTheParentOfAFork) {
  const auto report = record("fork");
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(report->traces.size(), 1u);
  const auto file = gpu::load_trace(path_.string());
  ASSERT_TRUE(file);
  EXPECT_EQ(file->trace.damage, "");
  EXPECT_EQ(replay()["equal_readbacks"], 3);
}

TEST_F(RecordTest, SaysWhatCannotBeRecorded) {
  const auto fails = [&](std::vector<std::string> command, std::string_view part) {
    const auto report = record_program(
        {.out = path_.string(), .recorder = SHOAL_RECORDER, .library = "", .command = std::move(command)});
    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().message(), HasSubstr(std::string(part)));
    EXPECT_TRUE(fs::is_empty(folder_));
  };
  fails({"/bin/true"}, "used no WebGPU");
  fails({(folder_ / "none").string()}, "cannot be run");
}

TEST_F(RecordTest, ReportsATraceThatEndsTheProcess) {
  std::ofstream(path_) << "no trace";
  const auto none = replay_in_child(path_.string(), {.adapter = "software"}, true, 60);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message(), HasSubstr("This is no trace"));
}

// A readback that differs is told by its place.
TEST_F(RecordTest, TellsWhereAReadbackDiffers) {
  ASSERT_TRUE(record("frames 1 4"));
  std::vector<char> bytes;
  {
    std::ifstream file(path_, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  // The shader's text, as it lies in the trace: another grey is drawn.
  const std::string_view drawn = "return place.wwww;";
  const auto at = std::search(bytes.begin(), bytes.end(), drawn.begin(), drawn.end());
  ASSERT_NE(at, bytes.end());
  std::ranges::copy(std::string_view("return place.zzzz;"), at);
  std::ofstream(path_, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  const auto json = replay();
  EXPECT_EQ(json["equal_readbacks"], 0);
  ASSERT_EQ(json["differences"].size(), 1u);
  EXPECT_EQ(json["differences"][0]["buffer"], "out");
  EXPECT_EQ(json["differences"][0]["size_bytes"], 256 * 64);
  EXPECT_GT(json["differences"][0]["differing_bytes"], 0);
}

}  // namespace
}  // namespace shoal::review
