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

// The folder of the page that belongs to this program: share/shoal/web of where it is installed, or build/web of
// the tree it was built in. Errors: kNotFound.
Result<std::string> find_page();

// "text/html; charset=utf-8" of "index.html"; a browser refuses modules and WASM of another type.
std::string content_type(const std::string& name);

}  // namespace shoal::cli
