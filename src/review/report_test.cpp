// Where a trace's time goes: costs, passes and what they bind, the timeline, the profile in each format. And what
// the fuzzer of reviews begins with.
#include <cstring>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "review/html_page.h"
#include "review/review_html.h"
#include "review/review_report.h"
#include "review/test_trace.h"
#include "review/trace_profile.h"

namespace shoal::review {
namespace {

using namespace gpu;
using testing::HasSubstr;

// `frames` frames: a compute pass that binds 1,024 bytes of a buffer, and a render pass to a target of 16 x 16
// texels that it loads and stores; then a map.
TestTrace working(u32 frames) {
  TestTrace trace;
  trace.note(DeviceInfo{.device = 1, .adapter = "an adapter", .driver = "a driver", .type = "software"});
  trace.say(CreateBuffer{.buffer = 1, .label = "values", .size_bytes = 4096, .usage = BufferUsage::kStorage});
  trace.say(CreateBuffer{.buffer = 2, .label = "</script>", .size_bytes = 256, .usage = BufferUsage::kMapRead});
  trace.say(CreateTexture{.texture = 3,
                          .label = "target",
                          .descriptor = {.dimension = TextureDimension::k2d,
                                         .format = TextureFormat::kRgba8unorm,
                                         .width = 16,
                                         .height = 16,
                                         .depth_or_layers = 1,
                                         .mip_level_count = 1,
                                         .sample_count = 1,
                                         .view_formats = {}}});
  trace.say(CreateTextureView{.view = 4, .texture = 3, .descriptor = {}});
  trace.say(CreateBindGroup{.bind_group = 5,
                            .entries = {{.binding = 0, .buffer = 1, .offset_bytes = 1024, .size_bytes = 1024}}});
  trace.say(CreateRenderBundleEncoder{.pass = 6, .targets = {.color_formats = {}}});
  trace.say(SetVertexBuffer{.pass = 6, .slot = 0, .buffer = 1, .offset_bytes = 4000, .size_bytes = kWholeSize});
  trace.say(Draw{.pass = 6, .vertex_count = 3, .instance_count = 1});
  trace.say(FinishBundle{.pass = 6, .bundle = 7});
  for (u32 frame = 0; frame < frames; ++frame) {
    const u32 base = 100 * (frame + 1);
    trace.say(CreateCommandEncoder{.encoder = base});
    trace.say(BeginComputePass{.encoder = base, .pass = base + 1, .label = "sort"});
    trace.say(SetBindGroup{.pass = base + 1, .index = 0, .bind_group = 5});
    trace.say(DispatchWorkgroups{.pass = base + 1, .x = 1, .y = 1, .z = 1});
    trace.say(DispatchWorkgroups{.pass = base + 1, .x = 1, .y = 1, .z = 1});
    trace.say(EndPass{.pass = base + 1});
    trace.say(BeginRenderPass{
        .encoder = base,
        .pass = base + 2,
        .label = "draw",
        .targets = {.color_attachments = {{.view = 4, .load = LoadOp::kLoad, .store = StoreOp::kStore}},
                    .depth_stencil = {}}});
    const u32 bundles[] = {7, 7};
    trace.say(ExecuteBundles{.pass = base + 2, .bundles = bundles});
    trace.say(EndPass{.pass = base + 2});
    trace.say(Finish{.encoder = base, .command_buffer = base + 3});
    const u32 buffers[] = {base + 3};
    trace.say(Submit{.command_buffers = buffers}, 1'000'000);
    trace.say(MapAsync{.buffer = 2, .offset_bytes = 0, .size_bytes = 256, .ticket = base});
    trace.say(FrameMark{});
  }
  return trace;
}

MeasuredPasses measured(size_t passes) {
  MeasuredPasses times{.adapter = "another adapter",
                       .roofs = Roofs{.read_bytes_per_s = 1e9, .copy_bytes_per_s = 1e9, .atomic_adds_per_s = 1e9},
                       .passes = {}};
  for (size_t i = 0; i < passes; ++i) {
    const double ms = i % 2 == 0 ? 0.5 : 0.01;
    times.passes.push_back({ms, ms, ms});
  }
  return times;
}

TEST(Costs, AreMeasuredOnesByTheirSizeWhereTheyAreKnown) {
  TestTrace file = working(1);
  const auto trace = file.read();
  const TraceModel model(trace);
  EXPECT_EQ(model.driver(), "a driver");
  const Costs guessed = costs_of(model, std::nullopt);
  EXPECT_FALSE(guessed.is_measured);
  EXPECT_NEAR(guessed.upload_ns(1000), 100, 1e-6);  // by its class, 0.1 ns a byte
  CallCosts calls;
  calls.write = {{1000, {.call_us = 1, .whole_us = 3}}, {3000, {.call_us = 2, .whole_us = 8}}};
  calls.copy = calls.write;
  calls.submission = {.call_us = 10, .whole_us = 4};  // the call waits: less in all than in the call
  const Costs costs = costs_of(model, calls);
  EXPECT_TRUE(costs.is_measured);
  EXPECT_DOUBLE_EQ(costs.upload_ns(0), 3000);
  EXPECT_DOUBLE_EQ(costs.upload_ns(1000), 3000);
  EXPECT_DOUBLE_EQ(costs.upload_ns(2000), 5500);
  EXPECT_DOUBLE_EQ(costs.upload_ns(5000), 13'000);
  EXPECT_EQ(costs.submit_us, 4);
  // What was measured holds, whatever the call took that was recorded; a figure comes beside it.
  EXPECT_EQ(costs.whole(700, 300), 300u);
  EXPECT_EQ(guessed.whole(700, 300), 1000u);
  EXPECT_TRUE(review(model, calls).is_calibrated);
  EXPECT_THAT(format_review(review(model, calls), model, "a", ReportFormat::kJson),
              HasSubstr("\"costs\":\"measured\""));
}

TEST(Passes, KnowWhatTheyBindOnceAndWhatTheirAttachmentsMove) {
  TestTrace file = working(2);
  const auto trace = file.read();
  const TraceModel model(trace);
  const std::vector<Pass> passes = passes_of(model);
  ASSERT_EQ(passes.size(), 4u);
  EXPECT_EQ(passes[0].label, "sort");
  EXPECT_EQ(passes[0].bound_bytes, 1024u);
  EXPECT_FALSE(passes[0].draws);
  EXPECT_TRUE(passes[1].draws);
  EXPECT_EQ(passes[1].bound_bytes, 2 * 1024u + 96);  // loaded, stored, and the end of the buffer by the bundle
  EXPECT_EQ(passes[3].frame, 1u);
  EXPECT_EQ(model.steps()[passes[3].submit_step].opcode, Submit::kOpcode);
}

TEST(Passes, DoNotGuessWhatATraceDoesNotSay) {
  TestTrace file;
  file.say(CreateCommandEncoder{.encoder = 1});
  file.say(CreateBindGroup{.bind_group = 3, .entries = {{.buffer = 99}}});
  file.say(BeginComputePass{.encoder = 1, .pass = 2, .label = "a"});
  file.say(SetBindGroup{.pass = 2, .index = 0, .bind_group = 3});
  file.say(DispatchWorkgroups{.pass = 2, .x = 1, .y = 1, .z = 1});
  file.say(EndPass{.pass = 2});
  const auto trace = file.read();
  const TraceModel model(trace);
  const std::vector<Pass> passes = passes_of(model);
  ASSERT_EQ(passes.size(), 1u);
  EXPECT_EQ(passes[0].bound_bytes, std::nullopt);
  EXPECT_EQ(passes[0].submit_step, kNone);
}

TEST(Timeline, LaysPassesBehindTheirSubmissionAndEachOther) {
  TestTrace file = working(2);
  const auto trace = file.read();
  const TraceModel model(trace);
  const MeasuredPasses times = measured(4);
  const Timeline timeline = timeline_of(model, passes_of(model), &times);
  std::vector<Span> gpu;
  for (const Span& span : timeline.spans) {
    if (span.lane == Lane::kGpu) gpu.push_back(span);
  }
  ASSERT_EQ(gpu.size(), 4u);
  EXPECT_GE(gpu[0].begin_ms, 1.0);  // its submission took as long
  EXPECT_DOUBLE_EQ(gpu[1].begin_ms, gpu[0].begin_ms + 0.5);
  EXPECT_EQ(gpu[1].kind, SpanKind::kRender);
  EXPECT_GE(gpu[2].begin_ms, gpu[0].begin_ms + 1.0);
  EXPECT_FALSE(timeline_of(model, passes_of(model), nullptr).has_gpu);
  const std::string text = timeline_text(timeline, 0, timeline.span_ms, 40);
  EXPECT_THAT(text, HasSubstr("host"));
  EXPECT_THAT(text, HasSubstr("s"));
  EXPECT_THAT(text, HasSubstr("\u2588"));
}

// However long a trace is, what is drawn of it stays small, and the host's time stays what it was.
TEST(Timeline, PutsTogetherWhatCannotBeSeen) {
  TestTrace file;
  u64 said_ns = 0;
  for (u32 i = 0; i < 60'000; ++i) {
    const u32 took_ns = 100 + i % 7;
    i % 2 == 0 ? file.say(WriteBuffer{.buffer = 1}, took_ns) : file.say(SetPipeline{.pass = 1}, took_ns);
    said_ns += took_ns;
    if (i % 10 == 0) file.say(FrameMark{}, 0);
  }
  const auto trace = file.read();
  const TraceModel model(trace);
  const Timeline timeline = timeline_of(model, passes_of(model), nullptr);
  size_t host = 0;
  u64 calls = 0;
  double host_ms = 0;
  for (const Span& span : timeline.spans) {
    if (span.lane != Lane::kHost) continue;
    ++host;
    calls += span.count;
    host_ms += span.ms;
  }
  EXPECT_LE(timeline.spans.size(), 2u * 4000);
  EXPECT_GT(host, 500u);
  EXPECT_EQ(calls, 60'000u);
  EXPECT_NEAR(host_ms, static_cast<double>(said_ns) / 1e6, 0.01);
}

TEST(Profile, HasALineForEachLabelBesideTheRoof) {
  TestTrace file = working(10);
  const auto trace = file.read();
  const TraceModel model(trace);
  const MeasuredPasses times = measured(20);
  const TraceProfile profile = profile_of(model, &times);
  ASSERT_EQ(profile.lines.size(), 2u);
  EXPECT_EQ(profile.lines[0].label, "sort");
  EXPECT_EQ(profile.lines[0].passes, 10u);
  EXPECT_DOUBLE_EQ(profile.lines[0].median_ms, 0.5);
  EXPECT_NEAR(profile.lines[0].share, 5 / 5.1, 1e-9);
  EXPECT_NEAR(*profile.lines[0].roof_share, 1024 / (0.5e-3 * 1e9), 1e-9);
  const auto json = nlohmann::json::parse(format_profile(profile, model, "a.trace", ProfileFormat::kJson));
  EXPECT_EQ(json["passes"][0]["name"], "sort");
  EXPECT_EQ(json["passes"][0]["bytes"], 1024);
  EXPECT_EQ(json["replayed_on"], "another adapter");
  const std::string text = format_profile(profile, model, "a.trace", ProfileFormat::kText);
  EXPECT_THAT(text, HasSubstr("'sort'"));
  EXPECT_THAT(text, HasSubstr("The frame of median length"));
  const auto chrome = nlohmann::json::parse(chrome_trace(profile));
  size_t passes = 0;
  for (const auto& event : chrome["traceEvents"]) passes += event.value("cat", "") == "compute pass" ? 1u : 0u;
  EXPECT_EQ(passes, 10u);
  const TraceProfile untimed = profile_of(model, nullptr);
  EXPECT_THAT(pass_table_text(untimed), HasSubstr("--measure"));
  EXPECT_TRUE(nlohmann::json::parse(format_profile(untimed, model, "a", ProfileFormat::kJson))["passes"][0]["ms"]
                  .is_null());
}

TEST(Profile, NoShareIsGivenWhereAPassBindsMoreThanItMoved) {
  TestTrace file = working(1);
  const auto trace = file.read();
  const TraceModel model(trace);
  MeasuredPasses times = measured(2);
  times.roofs->read_bytes_per_s = 1000;
  EXPECT_EQ(profile_of(model, &times).lines[0].roof_share, std::nullopt);
}

TEST(Html, IsOneFileWhoseDataAScriptCanRead) {
  TestTrace file = working(3);
  const auto trace = file.read();
  const TraceModel model(trace);
  const MeasuredPasses times = measured(6);
  const std::string html = format_profile(profile_of(model, &times), model, "<b>", ProfileFormat::kHtml);
  EXPECT_THAT(html, testing::Not(HasSubstr("http")));
  EXPECT_THAT(html, HasSubstr("Profile of &lt;b&gt;"));
  const std::string_view begin = "<script type='application/json' id='spans'>";
  const size_t from = html.find(begin) + begin.size();
  const auto data = nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
  EXPECT_EQ(data["lanes"].size(), kLaneCount);
  EXPECT_EQ(data["lanes"][3]["spans"].size(), 6u);
  const size_t ends = html.find("</html>");
  EXPECT_EQ(ends, html.size() - std::strlen("</html>\n"));
  const Review found = review(model);
  EXPECT_THAT(format_review(found, model, "a", ReportFormat::kHtml), HasSubstr("--measure"));
}

// Bytes behind a trace's head, as review_fuzz.cpp takes them.
TEST(Review, LeavesSeedsForItsFuzzer) {
  std::filesystem::create_directories(SHOAL_FUZZ_SEEDS);
  for (const u32 frames : {1u, 4u, 20u}) {
    TestTrace trace = working(frames);
    const auto bytes = std::as_bytes(std::span(trace.file()).subspan(3));
    const std::string path = SHOAL_FUZZ_SEEDS "/frames_" + std::to_string(frames);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    EXPECT_EQ(std::filesystem::file_size(path), bytes.size());
  }
}

}  // namespace
}  // namespace shoal::review
