#include "cli/view_server.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include <httplib.h>

#include "base/text.h"

namespace shoal::cli {
namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr size_t kTokenBytes = 16;
constexpr size_t kReadBytes = 1u << 20;
// Idle connections hold a thread until then, also when the server is to stop.
constexpr time_t kKeepAliveSeconds = 1;
constexpr size_t kKeepAliveRequests = 1000;

// A file descriptor that is given back.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&&) = delete;

  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

struct DataFile {
  OpenFile file;
  u64 size_bytes;
};

Result<DataFile> open_data(const std::string& path) {
  OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) {
    return fail(ErrorCode::kNotFound, "There is no file {}. Check the name.", quote(path));
  }
  struct stat status{};
  if (file.get() < 0 || fstat(file.get(), &status) != 0) {
    return fail(ErrorCode::kIo, "{} cannot be read: {}.", quote(path), std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kInvalidArgument, "{} is a {}, not a file that can be shown.", quote(path),
                S_ISDIR(status.st_mode) ? "folder" : "device or pipe");
  }
  return DataFile{std::move(file), static_cast<u64>(status.st_size)};
}

Result<std::string> random_token() {
  std::array<u8, kTokenBytes> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return fail(ErrorCode::kIo,
                "The system gives no random bytes ({}), and without them the page would be open to all.",
                std::strerror(errno));
  }
  std::string token;
  for (const u8 byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

}  // namespace

struct ViewServer::State {
  State(DataFile data_file, std::string file, PageFiles page_files)
      : data(std::move(data_file)), name(std::move(file)), page(std::move(page_files)) {}

  bool is_own_host(const std::string& host) const {
    return host == fmt::format("{}:{}", kHost, port) || host == fmt::format("localhost:{}", port);
  }

  void answer(const httplib::Request& request, httplib::Response& response);
  void send_data(httplib::Response& response);

  DataFile data;
  std::string name;
  PageFiles page;
  std::string token;
  u16 port = 0;
  httplib::Server server;
  std::thread thread;
};

void ViewServer::State::answer(const httplib::Request& request, httplib::Response& response) {
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Referrer-Policy", "no-referrer");  // the address holds the token
  response.set_header("Cross-Origin-Resource-Policy", "same-origin");
  response.set_header("Cache-Control", "no-store");
  const auto refuse = [&](int status, const std::string& sentence) {
    response.status = status;
    response.set_content(sentence + "\n", "text/plain; charset=utf-8");
  };
  if (!is_own_host(request.get_header_value("Host")))
    return refuse(403, "This server answers to its own address only.");
  const std::string base = "/" + token + "/";
  if (!request.path.starts_with(base))
    return refuse(404, "The address is not complete: open the one that shoal printed.");
  // Names are looked up, never joined to a folder: there is nothing to climb out of.
  std::string rest = request.path.substr(base.size());
  if (rest.empty()) rest = "index.html";
  if (rest == "file/" + name) return send_data(response);
  if (const auto found = page.find(rest); found != page.end()) {
    return response.set_content(found->second, content_type(rest));
  }
  refuse(404, "There is no such file here.");
}

void ViewServer::State::send_data(httplib::Response& response) {
  response.set_content_provider(static_cast<size_t>(data.size_bytes), "application/octet-stream",
                                [this](size_t offset, size_t length, httplib::DataSink& sink) {
                                  std::string part(std::min(length, kReadBytes), '\0');
                                  const ssize_t got =
                                      pread(data.file.get(), part.data(), part.size(), static_cast<off_t>(offset));
                                  // Nothing more although the size said so: the file was cut short. Ending the
                                  // connection tells the page.
                                  return got > 0 && sink.write(part.data(), static_cast<size_t>(got));
                                });
}

ViewServer::ViewServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

ViewServer::~ViewServer() {
  state_->server.stop();
  if (state_->thread.joinable()) state_->thread.join();
}

Result<std::unique_ptr<ViewServer>> ViewServer::start(const std::string& file, PageFiles page, u16 port) {
  SHOAL_TRY_SET(DataFile data, open_data(file));
  auto state =
      std::make_unique<State>(std::move(data), std::filesystem::path(file).filename().string(), std::move(page));
  SHOAL_TRY_SET(state->token, random_token());

  httplib::Server& server = state->server;
  // Without SO_REUSEPORT, which would let a second server share a port that is taken.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  server.set_keep_alive_timeout(kKeepAliveSeconds);
  server.set_keep_alive_max_count(kKeepAliveRequests);
  server.set_tcp_nodelay(true);
  server.Get(".*", [own = state.get()](const httplib::Request& request, httplib::Response& response) {
    own->answer(request, response);
  });
  const int bound = port == 0 ? server.bind_to_any_port(kHost) : (server.bind_to_port(kHost, port) ? port : -1);
  if (bound <= 0) {
    return fail(ErrorCode::kIo,
                "Port {} of {} cannot be listened on ({}). Choose another with --port, or leave it out.", port,
                kHost, std::strerror(errno));
  }
  state->port = static_cast<u16>(bound);
  state->thread = std::thread([&server] { server.listen_after_bind(); });
  // stop() before the thread listens would be forgotten.
  while (!server.is_running()) std::this_thread::yield();
  return std::unique_ptr<ViewServer>(new ViewServer(std::move(state)));
}

u16 ViewServer::port() const { return state_->port; }
const std::string& ViewServer::token() const { return state_->token; }

std::string ViewServer::address() const {
  return fmt::format("http://{}:{}/{}/?src={}", kHost, state_->port, state_->token,
                     percent_encode("file/" + percent_encode(state_->name)));
}

std::string percent_encode(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_' || c == '.' || c == '/';
    if (is_plain) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<u8>(c));
    }
  }
  return encoded;
}

}  // namespace shoal::cli
