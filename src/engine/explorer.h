// A table that is explored: what a user wishes to see and to know of it, and what is due for that in each frame.
//
// Nothing here waits, and nothing knows who decodes, executes or shows. Whoever embeds it calls, once a frame and
// after device.on_events():
//
//     SHOAL_TRY(explorer.follow_wishes());
//     while (explorer.has_room()) ...take(device, the next piece of one of explorer.columns())
//     SHOAL_TRY(explorer.advance(device));
//     if (explorer.is_picture_due()) {
//       gpu::Frame frame(device, "picture");
//       explorer.draw(frame);
//       ...copy explorer.view().shading().pixels() to where they are seen
//       frame.submit();
//     }
//
// then executes what device.recorder holds, on its own thread or another's.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/density_view.h"
#include "engine/navigation.h"
#include "engine/picture_reads.h"
#include "engine/query_run.h"
#include "table/ingest.h"

namespace shoal::engine {

struct ExplorerOptions {
  u32 pieces_at_once = 4;       // between upload and encoding; their raw bytes are on the GPU meanwhile
  size_t pictures_at_once = 2;  // one shown, one being counted: a third would only make answers to the wheel late
  bool draws_partial = true;  // pictures of the rows that are in; else rows are counted as they come and drawn once
};

// A question about the rows, whatever is shown.
struct Question {
  u64 id = 0;  // the embedder's
  std::string filter, aggregates;
};
struct Answer {
  u64 id = 0;
  Result<QueryAnswer> result;
};

class Explorer {
 public:
  explicit Explorer(const ExplorerOptions& options) : options_(options) {}

  // The table, which outlives the explorer. What was wished before stays.
  void open(table::Table& table);

  // Wishes. They take effect with follow_wishes(). No picture is drawn before both axes have a column.
  const DensityRequest& wished() const { return wished_; }
  void wish(DensityRequest wanted);
  // Columns of the axes; an empty name stays what it was. An axis that changes shows all of its column.
  void show(const std::string& x, const std::string& y);
  // Numbers for axes without a column, or with one that is not there. Gives what was wrong with such names. Errors:
  // that, or kUnsupported, when the table, called `name` there, has nothing to draw.
  Result<std::vector<Error>> choose_axes(std::string_view name);
  // At a place of the picture: closer when `factor` is above 1. Beside the plot, over an axis, only that axis.
  void zoom(double x, double y, double factor);
  // By pixels, right and down. Calls that follow each other are one drag; any other wish ends it.
  void pan(double dx, double dy);
  void show_all();
  // The picture is due again though nothing of it has changed.
  void redraw();
  // These columns are wanted in the table, whatever is shown.
  void load(const std::vector<size_t>& columns);
  void ask(Question question) { questions_.push_back(std::move(question)); }

  // The rows show what the names did not: `column` cannot be read on, or what is shown cannot be shown. A question
  // that reads the column ends with the error. The picture goes back to what was whole before, or to the axes first
  // chosen: a filter that is to blame is told as filter_error(); else the error is given, to be told beside the
  // picture. To be called again whenever the column is wanted again. Errors: this one, when there is nothing to go
  // back to.
  Result<std::optional<Error>> refuse(size_t column, const Error& error);
  Result<std::optional<Error>> go_back(const Error& error);

  // A frame. Errors of follow_wishes(): columns that cannot be shown; what was shown before stays, and so does
  // wished().
  Result<void> follow_wishes();
  // What should be fed, in whatever order keeps them abreast; those that are all in may be among them.
  std::vector<size_t> columns() const;
  bool has_room() const { return table_ != nullptr && (!ingest_ || ingest_->has_room()); }
  // Every call is given the same device. Errors: those of table::Ingest::take.
  Result<void> take(gpu::Device& device, table::RawPiece piece);
  // The memory of a piece that the GPU has; none is left when its capacity is 0.
  table::RawPiece spare_piece();
  // Takes what has come back and records what is due but for the picture. Errors: those of ingest, and of a view
  // that cannot be counted; kDevice.
  Result<void> advance(gpu::Device& device);
  bool is_picture_due() const;
  // Counts and shades into a frame of the embedder's, which adds where the picture goes, and submits.
  void draw(gpu::Frame& frame);
  // More can be done without news from file or GPU.
  bool wants_frame() const;

  // What is known.
  enum class Status : u8 {
    kLoading,  // rows of the picture are coming in
    kDrawing,  // all are in, and the picture of what was wished is on its way
    kReady     // the picture shows what was wished
  };
  Status status() const;
  const table::Table* table() const { return table_; }
  bool has_picture() const { return request_ > 0; }  // or will have
  const DensityView& view() const { return view_; }
  u64 rows_in() const;                                        // of the picture's columns
  bool is_loaded() const;                                     // all of columns() is in the table
  const PictureNumbers& numbers() const { return numbers_; }  // of the last picture that is known
  std::string caption() const;
  // Around the last picture drawn. The legend follows when the largest count is known.
  const plot::GuideLayout& guides() const { return guides_; }
  u64 guides_laid_out() const { return guides_laid_out_; }  // how often, so far
  // Why the wished filter is not the one that is shown: it is wrong, mostly while it is being typed. The picture
  // keeps the last one that was right.
  const std::optional<Error>& filter_error() const { return filter_error_; }
  // An answer that is there, once. The next question waits until it was taken.
  std::optional<Answer> take_answer() { return std::exchange(answer_, std::nullopt); }

 private:
  // What of a request a file's rows may refuse.
  struct Choice {
    std::string x, y, filter;
    AxisView x_view, y_view;

    friend bool operator==(const Choice&, const Choice&) = default;
  };
  static Choice choice_of(const DensityRequest& request);
  static void choose(DensityRequest& request, const Choice& choice);

  void begin_question();
  void end_question(QueryRun::Outcome outcome);
  Result<void> take_numbers(gpu::ReadbackRing& readbacks);
  Result<void> update_view(gpu::Device& device);
  void count(gpu::Device& device);
  void lay_out_guides();
  void end_drag();

  ExplorerOptions options_;
  table::Table* table_ = nullptr;
  std::optional<table::Ingest> ingest_;
  DensityRequest wished_;
  AxisDrag x_drag_, y_drag_;
  std::vector<size_t> loads_;
  bool has_wished_ = false;  // since follow_wishes()
  bool has_moved_ = false;   // a piece, in this frame
  DensityView view_;
  std::string counted_filter_;  // the last that could be
  Choice whole_;                // of the last picture of all rows; before that the axes first chosen
  std::optional<Error> filter_error_;
  u64 request_ = 0;        // counts what was asked of the view
  u64 drawn_request_ = 0;  // the one of the last picture recorded
  PictureReads reads_;
  PictureNumbers numbers_;
  plot::GuideLayout guides_;
  u64 guides_laid_out_ = 0;
  std::deque<Question> questions_;  // the first is the one that runs
  QueryRun run_;
  std::optional<Answer> answer_;
};

}  // namespace shoal::engine
