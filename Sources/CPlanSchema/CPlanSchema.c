#include "CPlanSchema.h"

// The file itself is compiled in, so that there is no second copy of it to keep in step.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const char schema[] = {
#embed "../../schemas/plan.schema.json"
    , 0,
};

const char *wsplan_plan_schema(void) { return schema; }
