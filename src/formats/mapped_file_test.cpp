#include "formats/mapped_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "formats/open_file.h"

namespace shoal::formats {
namespace {

namespace fs = std::filesystem;

class MappedFileTest : public testing::Test {
 protected:
  MappedFileTest() { fs::create_directories(folder_); }
  ~MappedFileTest() override { fs::remove_all(folder_); }

  std::string write(const char* name, const std::string& content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return (folder_ / name).string();
  }
  std::string path(const char* name) const { return (folder_ / name).string(); }

 private:
  fs::path folder_ = fs::temp_directory_path() / ("shoal_mapped_file_test_" + std::to_string(::getpid()));
};

void expect_error(const Result<OpenFile>& opened, ErrorCode code, const std::string& message) {
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, code);
  EXPECT_EQ(opened.error().message(), message);
}

TEST_F(MappedFileTest, HoldsTheFile) {
  auto mapped = MappedFile::open(write("a", "hello"));
  ASSERT_TRUE(mapped) << mapped.error().message();
  MappedFile moved = std::move(*mapped);
  EXPECT_EQ(moved.bytes().size(), 5u);
  EXPECT_EQ(std::memcmp(moved.bytes().data(), "hello", 5), 0);
  EXPECT_TRUE(mapped->bytes().empty());
}

TEST_F(MappedFileTest, RefusesWhatIsNoFileWithRows) {
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

TEST_F(MappedFileTest, SaysWhenItMayNotRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string secret = write("secret.parquet", "PAR1");
  ASSERT_EQ(::chmod(secret.c_str(), 0), 0);
  expect_error(open_file(secret), ErrorCode::kIo,
               secret + " may not be read by this user. Change its permissions.");
}

}  // namespace
}  // namespace shoal::formats
