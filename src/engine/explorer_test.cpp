// An explorer over values in memory, driven frame by frame; what it says to the GPU is read before it is carried
// out.
#include "engine/explorer.h"

#include <cstring>
#include <map>
#include <type_traits>

#include <gtest/gtest.h>

#include "gpu/decode.gen.h"
#include "gpu/native/native_gpu.h"
#include "table/memory_source.h"

namespace shoal::engine {
namespace {

constexpr u64 kRowsPerChunk = 131'072;
constexpr u64 kRows = 3 * kRowsPerChunk;
constexpr u32 kMostStrings = 1u << 20;

table::MemoryColumn integers(std::string name, u64 rows, i64 modulus) {
  table::MemoryColumn column{.name = std::move(name),
                             .type = {.kind = table::TypeKind::kInteger},
                             .raw = table::RawFormat::kI64,
                             .values = std::vector<std::byte>(rows * sizeof(i64)),
                             .is_null = {},
                             .strings = {}};
  for (u64 row = 0; row < rows; ++row) {
    const i64 value = static_cast<i64>(row * 7919) % modulus;
    std::memcpy(column.values.data() + row * sizeof value, &value, sizeof value);
  }
  return column;
}

// x and y have 1,000 and 500 values, c0 to c7 ten each.
std::vector<table::MemoryColumn> columns(u64 rows) {
  std::vector<table::MemoryColumn> all = {integers("x", rows, 1000), integers("y", rows, 500)};
  for (int i = 0; i < 8; ++i) all.push_back(integers("c" + std::to_string(i), rows, 10));
  return all;
}

// What one frame said.
struct Said {
  std::map<std::string_view, u32> commands;  // by name
  u32 pictures = 0;                          // encoders of that label

  u32 of(std::string_view name) const {
    const auto found = commands.find(name);
    return found == commands.end() ? 0 : found->second;
  }
};

class ExplorerTest : public testing::Test {
 protected:
  void SetUp() override { open({}, kRows); }

  void open(const ExplorerOptions& options, u64 rows) {
    explorer_.reset();
    readers_.clear();
    auto opened = gpu::NativeGpu::open("software", gpu::Tier::kFull, {});
    ASSERT_TRUE(opened) << opened.error().message();
    gpu_ = std::move(*opened);
    source_ = std::make_unique<table::MemorySource>(columns(rows), rows, kRowsPerChunk);
    auto planned = table::Table::plan(*source_, kMostStrings);
    ASSERT_TRUE(planned) << planned.error().message();
    table_ = std::move(*planned);
    explorer_ = std::make_unique<Explorer>(options);
    explorer_->open(*table_);
  }

  void wish(std::string x, std::string y, std::string filter = "") {
    DensityRequest request = explorer_->wished();
    request.x = std::move(x);
    request.y = std::move(y);
    request.filter = std::move(filter);
    request.width = 400;
    request.height = 300;
    explorer_->wish(request);
  }

  // As an embedder has it: at most one piece, and what is due. The stream is recorded and not carried out.
  Said frame() {
    const auto followed = explorer_->follow_wishes();
    EXPECT_TRUE(followed) << followed.error().message();
    if (explorer_->has_room()) feed();
    const auto advanced = explorer_->advance(gpu_->device());
    EXPECT_TRUE(advanced) << advanced.error().message();
    while (explorer_->spare_piece().values.capacity() > 0) continue;
    if (explorer_->is_picture_due()) {
      gpu::Frame picture(gpu_->device(), "picture");
      explorer_->draw(picture);
      picture.submit();
    }
    return read_stream();
  }

  void feed() {
    for (const size_t column : explorer_->columns()) {
      const auto reader = readers_.try_emplace(column, *source_, table_->chunks(), column, kMostStrings).first;
      if (reader->second.is_done()) continue;
      table::RawPiece piece;
      ASSERT_TRUE(reader->second.next(piece, {}));
      ASSERT_TRUE(explorer_->take(gpu_->device(), std::move(piece)));
      return;
    }
  }

  Said read_stream() const {
    Said said;
    EXPECT_TRUE(gpu::decode_commands(gpu_->device().recorder.words(), [&](const auto& command) {
      using Command = std::remove_cvref_t<decltype(command)>;
      ++said.commands[Command::kName];
      if constexpr (std::is_same_v<Command, gpu::CreateCommandEncoder>) {
        said.pictures += command.label == "picture" ? 1u : 0u;
      }
    }));
    return said;
  }

  void execute() {
    const auto pumped = gpu_->pump(true);
    ASSERT_TRUE(pumped) << pumped.error().message();
  }

  // Frames until the picture shows what was wished. How many pictures that took.
  u32 settle() {
    u32 pictures = 0;
    for (int i = 0; i < 10'000; ++i) {
      pictures += frame().pictures;
      if (explorer_->status() == Explorer::Status::kReady) return pictures;
      execute();
    }
    ADD_FAILURE() << "it never settled";
    return pictures;
  }

  Answer ask(std::string filter, std::string aggregates) {
    explorer_->ask({.id = ++last_question_, .filter = std::move(filter), .aggregates = std::move(aggregates)});
    for (int i = 0; i < 10'000; ++i) {
      frame();
      if (auto answer = explorer_->take_answer()) return *std::move(answer);
      execute();
    }
    ADD_FAILURE() << "it never answered";
    return {};
  }
  static std::string json(const Answer& answer) {
    JsonWriter writer;
    writer.begin_object();
    if (answer.result) write_answer(writer, *answer.result);
    if (!answer.result) write_error(writer, answer.result.error());
    return std::move(writer.end_object()).text();
  }

  u64 drawn() const { return explorer_->numbers().tally.drawn; }

  std::unique_ptr<gpu::NativeGpu> gpu_;
  std::unique_ptr<table::MemorySource> source_;
  std::optional<table::Table> table_;
  std::unique_ptr<Explorer> explorer_;
  std::map<size_t, table::ColumnReader> readers_;
  u64 last_question_ = 0;
};

TEST_F(ExplorerTest, DrawsWhatIsInAndThenEveryRow) {
  wish("x", "y");
  u64 last = 0, partial = 0;
  while (explorer_->status() != Explorer::Status::kReady) {
    frame();
    execute();
    EXPECT_GE(drawn(), last);
    last = drawn();
    if (drawn() > 0 && drawn() < kRows) {
      ++partial;
      EXPECT_TRUE(explorer_->caption().ends_with(" of 393,216 rows so far")) << explorer_->caption();
    }
  }
  EXPECT_GT(partial, 0u) << "no picture before the last row";
  EXPECT_EQ(drawn(), kRows);
  EXPECT_EQ(explorer_->caption(), "393,216 of 393,216 rows, exact");
  EXPECT_EQ(explorer_->rows_in(), kRows);
  EXPECT_TRUE(explorer_->is_loaded());
}

TEST_F(ExplorerTest, DrawsOnceWhereNobodySeesAPartialPicture) {
  open({.draws_partial = false}, kRows);
  wish("x", "y");
  EXPECT_EQ(settle(), 1u);
  EXPECT_EQ(drawn(), kRows);
  explorer_->redraw();
  EXPECT_NE(explorer_->status(), Explorer::Status::kReady);
  EXPECT_EQ(settle(), 1u);
  EXPECT_EQ(drawn(), kRows);
}

TEST_F(ExplorerTest, DrawsATableWithoutRows) {
  open({}, 0);
  wish("x", "y");
  settle();
  EXPECT_EQ(explorer_->caption(), "0 of 0 rows, exact");
}

TEST_F(ExplorerTest, AZoomInASteadyFrameMakesNothingAndAwaitsNothing) {
  wish("x", "y", "c0 < 5");
  settle();
  // Buffers take their largest size, readbacks have theirs.
  for (const double factor : {2.0, 0.5, 2.0, 0.5, 2.0}) {
    explorer_->zoom(200, 150, factor);
    frame();
    execute();
  }
  settle();
  // Two at once: nothing of the first has come back when the second is said.
  for (const double factor : {1.5, 1.5}) {
    explorer_->zoom(200, 150, factor);
    const Said said = frame();
    gpu_->device().recorder.clear();
    EXPECT_EQ(said.pictures, 1u) << "in the frame of the wish";
    EXPECT_GT(said.of("dispatch_workgroups"), 0u);
    for (const auto& [name, count] : said.commands) {
      const bool makes = name.starts_with("create_") && name != "create_command_encoder";
      EXPECT_FALSE(makes) << count << " times " << name;
    }
    EXPECT_EQ(said.of("on_submitted_work_done"), 0u);
    EXPECT_EQ(said.of("submit"), 1u);
  }
  EXPECT_FALSE(explorer_->is_picture_due()) << "a third would only make the wheel's answers late";
}

TEST_F(ExplorerTest, AnIdleFrameSaysNothing) {
  wish("x", "y");
  settle();
  gpu_->device().recorder.clear();
  EXPECT_TRUE(frame().commands.empty());
  EXPECT_FALSE(explorer_->wants_frame());
}

TEST_F(ExplorerTest, ZoomAndDragLeaveRowsOutside) {
  wish("x", "y");
  settle();
  const plot::PixelRect area = explorer_->guides().plot;
  explorer_->zoom(area.x + area.width / 2.0, area.y + area.height / 2.0, 2);
  settle();
  const u64 zoomed = drawn();
  EXPECT_LT(zoomed, kRows / 2);
  EXPECT_EQ(zoomed + explorer_->numbers().tally.outside, kRows);
  const plot::Domain before = explorer_->view().x_domain();
  for (int i = 0; i < 10; ++i) explorer_->pan(area.width / -100.0, 0);
  settle();
  EXPECT_EQ(explorer_->view().x_domain().high - explorer_->view().x_domain().low, before.high - before.low);
  EXPECT_EQ(static_cast<i64>(explorer_->view().x_domain().low - before.low), 50) << "a tenth of 500";
  // Below the plot, over the x axis, only x is zoomed.
  const plot::Domain y_before = explorer_->view().y_domain();
  explorer_->zoom(area.x + area.width / 2.0, area.y + area.height + 5.0, 2);
  settle();
  EXPECT_EQ(explorer_->view().y_domain(), y_before);
  EXPECT_LT(explorer_->view().x_domain().high - explorer_->view().x_domain().low, before.high - before.low);
  explorer_->show_all();
  settle();
  EXPECT_EQ(drawn(), kRows);
}

TEST_F(ExplorerTest, AWrongFilterLeavesTheLastPictureThatWasRight) {
  wish("x", "y", "c0 < 5");
  settle();
  const u64 right = drawn();
  EXPECT_GT(right, 0u);
  EXPECT_LT(right, kRows);
  wish("x", "y", "c0 <");
  EXPECT_EQ(frame().pictures, 0u) << "what is shown has not changed";
  ASSERT_TRUE(explorer_->filter_error());
  EXPECT_EQ(explorer_->status(), Explorer::Status::kReady);
  explorer_->zoom(200, 150, 2);
  settle();
  EXPECT_TRUE(explorer_->filter_error());
  EXPECT_EQ(drawn() + explorer_->numbers().tally.outside, right);
  wish("x", "y", "c0 < 5");
  settle();
  EXPECT_FALSE(explorer_->filter_error());
  EXPECT_EQ(drawn() + explorer_->numbers().tally.outside, right);
}

TEST_F(ExplorerTest, AFilterThatCannotBeCountedIsAsWrongAsOneThatDoesNotParse) {
  wish("x", "y");
  settle();
  // Two axes and five columns more than a kernel binds.
  wish("x", "y", "c0 < 5 AND c1 < 5 AND c2 < 5 AND c3 < 5 AND c4 < 5");
  settle();
  ASSERT_TRUE(explorer_->filter_error());
  EXPECT_EQ(explorer_->filter_error()->code, ErrorCode::kUnsupported);
  EXPECT_EQ(drawn(), kRows);
  wish("x", "y", "c0 < 5");
  settle();
  EXPECT_FALSE(explorer_->filter_error());
  EXPECT_LT(drawn(), kRows);
}

TEST_F(ExplorerTest, ColumnsThatAreNotThereAreRefusedAndThePictureStays) {
  wish("nowhere", "y");
  EXPECT_FALSE(explorer_->follow_wishes());
  EXPECT_FALSE(explorer_->has_picture());
  const auto wrong = explorer_->choose_axes("memory");
  ASSERT_TRUE(wrong);
  ASSERT_EQ(wrong->size(), 1u);
  EXPECT_EQ(wrong->front().code, ErrorCode::kNotFound);
  EXPECT_EQ(explorer_->wished().x, "x");
  settle();
  explorer_->show("", "nowhere");
  EXPECT_FALSE(explorer_->follow_wishes());
  EXPECT_EQ(explorer_->wished().y, "y");
  EXPECT_EQ(explorer_->status(), Explorer::Status::kReady);
  explorer_->show("c0", "");
  settle();
  EXPECT_EQ(explorer_->view().requested().x, "c0");
  EXPECT_EQ(explorer_->view().requested().y, "y");
}

TEST_F(ExplorerTest, LoadsColumnsWithoutAPicture) {
  explorer_->load({2, 3});
  while (!explorer_->is_loaded()) {
    EXPECT_EQ(frame().pictures, 0u);
    execute();
  }
  EXPECT_EQ(table_->columns()[3].chunks.size(), table_->chunks().size());
  EXPECT_TRUE(table_->columns()[0].chunks.empty());
}

TEST_F(ExplorerTest, AnswersAQuestionWhateverIsShown) {
  wish("x", "y");
  settle();
  const u64 shown = drawn();
  const Answer answer = ask("c3 = 7 AND x < 10", "count, sum(c3), min(x)");
  EXPECT_EQ(answer.id, 1u);
  ASSERT_TRUE(answer.result) << answer.result.error().message();
  u64 passed = 0;
  for (u64 row = 0; row < kRows; ++row) passed += row * 7919 % 10 == 7 && row * 7919 % 1000 < 10 ? 1 : 0;
  EXPECT_EQ(json(answer), fmt::format("{{\"columns\":[\"count\",\"sum(c3)\",\"min(x)\"],\"rows\":[[{},{},7]],"
                                      "\"rows_scanned\":{},\"rows_read\":{},\"rows_passed\":{}}}",
                                      passed, passed * 7, kRows, kRows, passed));
  EXPECT_EQ(drawn(), shown);
  EXPECT_EQ(explorer_->status(), Explorer::Status::kReady);
}

TEST_F(ExplorerTest, AnswersOneQuestionAfterTheOther) {
  explorer_->ask({.id = 7, .filter = "", .aggregates = "max(x)"});
  explorer_->ask({.id = 8, .filter = "nothing > 1", .aggregates = "count"});
  explorer_->ask({.id = 9, .filter = "", .aggregates = "count"});
  std::vector<u64> ids;
  std::vector<std::string> answers;
  while (ids.size() < 3) {
    frame();
    if (const auto answer = explorer_->take_answer()) {
      ids.push_back(answer->id);
      answers.push_back(json(*answer));
      EXPECT_EQ(explorer_->wants_frame(), ids.size() < 3);
    }
    execute();
  }
  EXPECT_EQ(ids, (std::vector<u64>{7, 8, 9}));
  EXPECT_TRUE(answers[0].starts_with(R"json({"columns":["max(x)"],"rows":[[999]],)json")) << answers[0];
  EXPECT_TRUE(answers[1].starts_with(R"({"error":{"code":"not_found","message":")")) << answers[1];
  EXPECT_TRUE(answers[2].starts_with(R"({"columns":["count"],"rows":[[393216]],)")) << answers[2];
}

TEST_F(ExplorerTest, AQuestionThatIsRefusedByTheAdapterEndsAlone) {
  wish("x", "y");
  settle();
  const Answer answer = ask("c0 < 5 AND c1 < 5 AND c2 < 5 AND c3 < 5 AND c4 < 5 AND c5 < 5", "count, sum(c6)");
  ASSERT_FALSE(answer.result);
  EXPECT_EQ(answer.result.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(explorer_->status(), Explorer::Status::kReady);
  EXPECT_TRUE(ask("c0 < 5", "count").result);
}

TEST_F(ExplorerTest, AnswersWithoutAnAdapterWhatTheFileSays) {
  explorer_->ask({.id = 1, .filter = "", .aggregates = "count"});
  ASSERT_TRUE(explorer_->follow_wishes());
  const auto answer = explorer_->take_answer();
  ASSERT_TRUE(answer && answer->result);
  EXPECT_EQ(answer->result->rows_passed, kRows);
  EXPECT_TRUE(gpu_->device().recorder.empty());
}

}  // namespace
}  // namespace shoal::engine
