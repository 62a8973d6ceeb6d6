/// What the plan says is not what was meant, and nothing is run.
extension Trap {
    static let plans: [Trap] = [
        Trap(
            "a key that is misspelt", .embedded, "on_open: [close]", fails: "tresholds: {ws_errors: count == 0}",
            exitCode: 2, because: "unknown key 'tresholds'", "did you mean 'thresholds'",
            passes: "thresholds: {ws_errors: count == 0}"),
        Trap(
            "a metric that is misspelt", .embedded, "on_open: [close]", fails: "thresholds: {ws_eror: count == 0}",
            exitCode: 2, because: "there is no metric 'ws_eror'", passes: "thresholds: {ws_errors: count == 0}"),
        Trap(
            "a tag that no sample has", .embedded, "on_open: [close]",
            fails: "thresholds: {'ws_errors{who=me}': count == 0}",
            exitCode: 2, because: "samples of ws_errors have no tag 'who'",
            passes: "tags: {who: me}\nthresholds: {'ws_errors{who=me}': count == 0}"),
        Trap(
            "a value that no sample has", .embedded, "on_open: [close]",
            fails: "thresholds: {'ws_errors{scenario=main}': count == 0}",
            exitCode: 2, because: "no sample has the value 'main' of 'scenario'",
            passes: "thresholds: {'ws_errors{scenario=default}': count == 0}"),
        Trap(
            "a file without rows", .embedded,
            "data: {users: {file: users.csv}}\non_open: [{log: '${data.users.name}'}, close]",
            exitCode: 2, because: "there is no row below the names", passes: nil, files: ["users.csv": "name\n"]),
        Trap(
            "a load without users", .embedded, "on_open: [close]",
            fails: "load: {start_vus: 0, stages: [{duration: 1s, target: 0}]}",
            exitCode: 2, because: "this load never starts a virtual user",
            passes: "load: {start_vus: 1, stages: [{duration: 1s, target: 0}]}"),
        Trap(
            "a variable without a value", .embedded,
            "env: {HOST: {secret: false}}\non_open: [{log: '${env.HOST}'}, close]",
            exitCode: 2, because: "HOST", passes: "", rightOptions: ["--env", "HOST=here"]),
    ]
}
