#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "service/period_figures.h"
#include "service/page.h"
#include "service/write.h"

namespace gridward::service {

struct AssessmentFilter {
  std::int64_t district = 0;
  std::string status;       // empty: any
  std::int64_t before = 0;  // the number after which a page begins, as lists go backwards; 0: from the newest
  int limit = 100;
};
/// The assessments of a district whose cell lies in the caller's area, newest first.
Result<Page> list_assessments(storage::Pool& pool, const Principal& who, const AssessmentFilter& filter);
/// One of them as a JSON document. not_found without it, forbidden outside the caller's area.
Result<std::string> get_assessment(storage::Pool& pool, const Principal& who, const std::string& id);

/// The figures of an assessment: as signed, and as known now.
struct RestatedFigures {
  std::int64_t district = 0;
  std::string document;  // of the assessment, JSON
  std::string version;   // of the data that `now` is made from
  std::string reason;    // why there are none of now, or empty
  bool is_signed = false;
  std::vector<PeriodFigure> then, now;
};
/// Of one level, or of all (empty). Of a draft those of now alone.
Result<RestatedFigures> restate_assessment(FigureSources& sources, const Principal& who, const std::string& id, const std::string& level);

/// A draft that a request names, and the version that it is meant for ("*": any), as If-Match says.
struct DraftAsked {
  std::string id;
  std::string version = "*";
};
/// Drafts an assessment: `asked` says what is counted, `body` is the request as JSON. rule_violated for a period that is not over.
Result<Written> draft_assessment(storage::Pool& pool, const Deed& deed, const FiguresAsked& asked, const std::vector<std::string>& levels, const std::string& body);
/// Changes title, reason or document number of a draft.
Result<Written> change_assessment(storage::Pool& pool, const Deed& deed, const DraftAsked& draft, const std::string& body);
Result<Written> discard_assessment(storage::Pool& pool, const Deed& deed, const DraftAsked& draft);
/// Drafts a document that withdraws a signed assessment.
Result<Written> draft_withdrawal(storage::Pool& pool, const Deed& deed, const std::string& id, const std::string& body);
/// Signs a draft, as another than its author: its figures are counted and kept, and what it replaces ends, in one transaction. conflict where it is no draft any more.
Result<Written> sign_assessment(storage::Pool& pool, FigureSources& sources, const Deed& deed, const DraftAsked& draft, const std::string& document_no, const std::string& comment);

}  // namespace gridward::service
