/// The load is not the one that was asked for, or not all of it goes well.
extension Trap {
    private static let dealing = """
        data: {users: {file: users.csv}}
        on_open: [{log: '${data.users.name}'}, close]
        scenarios:
          early: {load: {vus: 1, iterations: 2}}
          late: {load: {vus: 1, iterations: 2, start_after: 300ms}}
        """

    static let loads: [Trap] = [
        Trap(
            "no virtual user", .embedded, "load: {vus: 1, iterations_per_vu: 1}\non_open: [close]",
            options: ["--shard", "2/2"], because: "no session was attempted",
            passes: "", rightOptions: ["--shard", "1/2"]),
        Trap(
            "all virtual users are busy", .embedded,
            """
            load: {rate: 10/s, duration: 1s, max_vus: 1}
            on_open: [{wait: 10s}]
            """,
            fails: "thresholds: {dropped_iterations: count == 0}", because: "threshold dropped_iterations: count == 0",
            shown: ["9 of 10 arrivals of 'default' found none of its 1 virtual users free"],
            passes: "thresholds: {dropped_iterations: count <= 9}"),
        Trap(
            "a server that is gone at half time", .peer("leaves-after", "10"),
            "load: {vus: 1, iterations: 13}\non_open: [close]",
            because: "3 of 13 sessions failed", "3 errors: refused",
            passes: "thresholds: {ws_session_failed: rate < 25%}"),
        Trap(
            "two of two hundred fail", .peer("refuses-every", "100"),
            "load: {vus: 1, iterations: 200}\non_open: [close]",
            fails: "thresholds: {ws_session_failed: rate < 1%}", because: "threshold ws_session_failed: rate < 1%",
            passes: "thresholds: {ws_session_failed: rate <= 1%}"),
        Trap(
            "the same, and nobody tolerates it", .peer("refuses-every", "100"),
            "load: {vus: 1, iterations: 200}\non_open: [close]",
            because: "2 of 200 sessions failed", "2 errors: http_status", "2 failed checks: status is 101",
            passes: "thresholds: {ws_errors: count <= 2, checks: rate >= 99%}"),
        Trap(
            "a run that gives up", .peer("status", "503"), fails: "load: {vus: 4, duration: 1h}",
            because: "gave up after 12 failed sessions, since none met its expectation",
            passes: "load: {vus: 4, iterations: 20}\nexpect: {status: 503}"),
        Trap(
            "a scenario that the end of the run prevents", .embedded,
            """
            on_open: [{if: scenario == "first", then: [{wait: 100ms}, {stop_run: enough}], else: [close]}]
            """,
            fails: "scenarios: {first: {}, second: {load: {vus: 1, start_after: 1h}}}",
            because: "the scenario 'second' never started", passes: "scenarios: {first: {}, second: {}}"),
        Trap(
            "a scenario for which no row is left", .embedded, dealing.replacing("csv", with: "csv, at_end: stop"),
            because: "the scenario 'late' never started", shown: ["had no row left"],
            passes: nil, files: ["users.csv": "name\nann\nbob\n"]),
        Trap(
            "fewer iterations than there should be", .embedded,
            "load: {vus: 1, iterations: 1000000, duration: 1s}\non_open: [{wait: 10ms}, close]",
            fails: "thresholds: {iterations: count == 1000000}", because: "threshold iterations: count == 1000000",
            shown: ["of the 1000000 iterations of 'default' were begun before its end"], passes: ""),
        Trap(
            "a smoke run of what fails", .embedded,
            "on_open: [{check: {it is right: vu.id == 2}}, close]\nload: {vus: 2, iterations_per_vu: 1}",
            options: ["--smoke"], because: "1 failed check: it is right",
            passes: "thresholds: {checks: rate > 50%}"),
        Trap(
            "a quiet run of what fails", .embedded, fails: "on_open: [{check: {it is right: false}}, close]",
            options: ["--quiet"], because: "1 failed check: it is right",
            passes: "on_open: [{check: {it is right: true}}, close]", rightOptions: ["--quiet"]),
    ]
}
