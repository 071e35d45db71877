#include "formats/input_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <tuple>

#include <gtest/gtest.h>

#include "formats/open_file.h"

namespace shoal::formats {
namespace {

namespace fs = std::filesystem;

class InputFileTest : public testing::Test {
 protected:
  InputFileTest() { fs::create_directories(folder_); }
  ~InputFileTest() override { fs::remove_all(folder_); }

  std::string write(const char* name, const std::string& content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return (folder_ / name).string();
  }
  std::string path(const char* name) const { return (folder_ / name).string(); }

 private:
  fs::path folder_ = fs::temp_directory_path() / ("shoal_input_file_test_" + std::to_string(::getpid()));
};

void expect_error(const Result<OpenFile>& opened, ErrorCode code, const std::string& message) {
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, code);
  EXPECT_EQ(opened.error().message(), message);
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST_F(InputFileTest, ReadsPartsOfTheFile) {
  auto opened = InputFile::open(write("a", "hello, file"));
  ASSERT_TRUE(opened) << opened.error().message();
  const InputFile moved = std::move(*opened);
  EXPECT_EQ(moved.size_bytes(), 11u);
  ByteBuffer buffer;
  for (const auto& [offset, size, text] : {std::tuple(0u, 5u, "hello"), std::tuple(7u, 4u, "file"),
                                           std::tuple(0u, 11u, "hello, file"), std::tuple(3u, 0u, "")}) {
    const auto read = moved.read({offset, size}, buffer);
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(text_of(*read), text);
  }
}

TEST_F(InputFileTest, SaysThatTheFileBecameShorter) {
  const std::string name = write("a", std::string(10'000, 'x'));
  const auto file = InputFile::open(name);
  ASSERT_TRUE(file);
  fs::resize_file(name, 5000);
  ByteBuffer buffer;
  EXPECT_TRUE(file->read({0, 5000}, buffer));
  const auto cut = file->read({0, 10'000}, buffer);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::kIo);
  EXPECT_EQ(
      cut.error().message(),
      name +
          " has become shorter while it was read: it ends at byte 5,000 and had 10,000 before. Try again when "
          "nobody writes to it.");
}

TEST_F(InputFileTest, RefusesWhatIsNoFileWithRows) {
  expect_error(open_file(path("none.parquet")), ErrorCode::kNotFound,
               path("none.parquet") + " does not exist. Check the path.");
  expect_error(open_file(path("")), ErrorCode::kInvalidArgument, path("") + " is a directory. Name a file in it.");
  const std::string empty = write("empty.parquet", "");
  expect_error(open_file(empty), ErrorCode::kInvalidArgument, empty + " is empty. Write it again from its source.");
  const std::string pipe = path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  expect_error(open_file(pipe), ErrorCode::kInvalidArgument,
               pipe + " is not a regular file. Copy its contents into one.");
  const std::string text = write("rows.csv", "a,b\n1,2\n");
  expect_error(
      open_file(text), ErrorCode::kUnsupported,
      text +
          " is not a Parquet file (it does not begin with PAR1), the only format that is read. Convert it to "
          "Parquet.");
  expect_error(open_file(write("cut.parquet", "PAR1 and then nothing of use")), ErrorCode::kCorrupt,
               path("cut.parquet") +
                   " is not a Parquet file, or was cut off: it does not end with PAR1. Copy it again, "
                   "or write it again from its source.");
}

TEST_F(InputFileTest, SaysWhenItMayNotRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string secret = write("secret.parquet", "PAR1");
  ASSERT_EQ(::chmod(secret.c_str(), 0), 0);
  expect_error(open_file(secret), ErrorCode::kIo,
               secret + " may not be read by this user. Change its permissions.");
}

}  // namespace
}  // namespace shoal::formats
