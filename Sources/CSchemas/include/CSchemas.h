// The JSON Schemas of what is read and written, as they were when this was built: UTF-8 with a zero behind it, and there as
// long as the process.
#ifndef CSCHEMAS_H
#define CSCHEMAS_H

// The text of schemas/plan.schema.json.
const char *_Nonnull wsplan_plan_schema(void);

// The text of schemas/report.schema.json.
const char *_Nonnull wsplan_report_schema(void);

#endif
