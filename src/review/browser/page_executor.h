// Traces carried out by the page's executor.
#pragma once

#include "review/browser/executor_page.h"
#include "review/trace_executor.h"

namespace shoal::review {

// Opens devices in `page`, which outlives them. Errors: those of ExecutorPage::ask.
OpenExecutor page_executors(ExecutorPage& page);

}  // namespace shoal::review
