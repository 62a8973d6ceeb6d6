// The JSON Schema of plans, as it was when this was built.
#ifndef CPLANSCHEMA_H
#define CPLANSCHEMA_H

// The text of schemas/plan.schema.json: UTF-8 with a zero behind it, and there as long as the process.
const char *_Nonnull wsplan_plan_schema(void);

#endif
