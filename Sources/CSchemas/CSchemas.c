#include "CSchemas.h"

// The files themselves are compiled in, so that there is no second copy of them to keep in step.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const char plan[] = {
#embed "../../schemas/plan.schema.json"
    , 0,
};

static const char report[] = {
#embed "../../schemas/report.schema.json"
    , 0,
};

const char *wsplan_plan_schema(void) { return plan; }
const char *wsplan_report_schema(void) { return report; }
