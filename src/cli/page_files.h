// The files of the explorer page, as ./dev web builds them.
#pragma once

#include <map>
#include <string>

#include "base/result.h"

namespace shoal::cli {

// By name, with the bytes of each. Subfolders are not part of the page.
using PageFiles = std::map<std::string, std::string>;

// Reads the page from `folder`. Errors: kNotFound when a file that every page has is not there.
Result<PageFiles> read_page(const std::string& folder);

// Where the page lies that belongs to this program: build/web beside a program in build/, share/shoal/web beside an
// installed one.
Result<std::string> find_page();

// "text/html; charset=utf-8" of "index.html"; a browser refuses modules and WASM of another type.
std::string content_type(const std::string& name);

}  // namespace shoal::cli
