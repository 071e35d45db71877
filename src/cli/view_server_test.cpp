#include "cli/view_server.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <httplib.h>

namespace shoal::cli {
namespace {

constexpr size_t kDataBytes = 3'000'000;

std::string data_bytes() {
  std::string bytes(kDataBytes, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
  return bytes;
}

class ViewServerTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "shoal view " + std::to_string(getpid());
    std::filesystem::create_directories(folder_);
    file_ = folder_ + "/some rows (1).parquet";
    std::ofstream(file_, std::ios::binary) << data_;
    std::ofstream(folder_ + "/secret.txt") << "secret";
    auto started = ViewServer::start(file_, {{"index.html", "<!doctype html>"}, {"core.wasm", "wasm"}}, 0);
    ASSERT_TRUE(started) << started.error().message();
    server_ = std::move(*started);
    base_ = "/" + server_->token() + "/";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  httplib::Result get(const std::string& path, const httplib::Headers& headers = {}) {
    httplib::Client client("127.0.0.1", server_->port());
    client.set_keep_alive(false);
    return client.Get(path, headers);
  }

  const std::string data_ = data_bytes();
  std::string folder_, file_, base_;
  std::unique_ptr<ViewServer> server_;
};

TEST_F(ViewServerTest, ServesThePageWithItsTypes) {
  auto page = get(base_);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(page->body, "<!doctype html>");
  EXPECT_EQ(page->get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page->get_header_value("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(get(base_ + "core.wasm")->get_header_value("Content-Type"), "application/wasm");
}

TEST_F(ViewServerTest, RefusesAddressesWithoutTheToken) {
  EXPECT_EQ(server_->token().size(), 32u);
  std::string wrong = base_;
  wrong[5] = wrong[5] == '0' ? '1' : '0';
  for (const std::string& path : {std::string("/"), std::string("/index.html"), wrong, wrong + "core.wasm",
                                  "/" + server_->token(), server_->token()}) {
    const auto answer = get(path);
    EXPECT_TRUE(!answer || answer->status == 404 || answer->status == 400) << path;
  }
}

TEST_F(ViewServerTest, RefusesForeignHosts) {
  for (const char* host : {"evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", ""}) {
    EXPECT_EQ(get(base_, {{"Host", host}})->status, 403) << host;
  }
  const std::string local = "localhost:" + std::to_string(server_->port());
  EXPECT_EQ(get(base_, {{"Host", local}})->status, 200);
}

TEST_F(ViewServerTest, ServesTheNamedFileInRanges) {
  const std::string path = base_ + "file/some%20rows%20%281%29.parquet";
  EXPECT_EQ(get(path)->body, data_);
  const auto part = get(path, {httplib::make_range_header({{1000, 1999}})});
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->body, data_.substr(1000, 1000));
  EXPECT_EQ(part->get_header_value("Content-Range"), "bytes 1000-1999/3000000");
  const auto tail = get(path, {{"Range", "bytes=-65536"}});
  EXPECT_EQ(tail->status, 206);
  EXPECT_EQ(tail->body, data_.substr(kDataBytes - 65536));
  EXPECT_EQ(tail->get_header_value("Content-Range"), "bytes 2934464-2999999/3000000");
  EXPECT_NE(server_->address().find("?src=file/some%2520rows%2520%25281%2529.parquet"), std::string::npos)
      << server_->address();
}

TEST_F(ViewServerTest, ServesATailLongerThanTheFile) {
  const std::string small = folder_ + "/small.parquet";
  std::ofstream(small) << "PAR1";
  auto server = *ViewServer::start(small, {}, 0);
  httplib::Client client("127.0.0.1", server->port());
  const auto tail = client.Get("/" + server->token() + "/file/small.parquet", {{"Range", "bytes=-65536"}});
  ASSERT_TRUE(tail);
  EXPECT_EQ(tail->status, 206);
  EXPECT_EQ(tail->body, "PAR1");
  EXPECT_EQ(tail->get_header_value("Content-Range"), "bytes 0-3/4");
}

TEST_F(ViewServerTest, ServesNothingBesideThatFile) {
  for (const char* path : {"file/secret.txt", "file/../secret.txt", "file/%2e%2e/secret.txt", "../secret.txt",
                           "file/..%2fsecret.txt", "file/", "file", "%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"}) {
    const auto answer = get(base_ + path);
    ASSERT_TRUE(answer) << path;
    EXPECT_EQ(answer->status, 404) << path;
    EXPECT_EQ(answer->body.find("secret"), std::string::npos) << path;
  }
}

TEST_F(ViewServerTest, SaysWhatIsWrongWithFileOrPort) {
  EXPECT_EQ(ViewServer::start(folder_ + "/none.parquet", {}, 0).error().code, ErrorCode::kNotFound);
  const auto folder = ViewServer::start(folder_, {}, 0);
  ASSERT_FALSE(folder);
  EXPECT_NE(folder.error().message().find("is a folder"), std::string::npos);
  const auto taken = ViewServer::start(file_, {}, server_->port());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kIo);
  EXPECT_NE(taken.error().message().find("--port"), std::string::npos) << taken.error().message();
}

TEST(PageFiles, SaysHowToBuildThePage) {
  const std::string folder = testing::TempDir();
  const auto page = read_page(folder);
  ASSERT_FALSE(page);
  EXPECT_NE(page.error().message().find("./dev web"), std::string::npos);
  EXPECT_FALSE(read_page(folder + "/not there"));
}

}  // namespace
}  // namespace shoal::cli
