package import Diagnostics
package import LoadMetrics

/// Runs as one JUnit document, for programs that show tests: a suite for each run, a case for everything that had to hold.
///
/// It is what the XML Schema of Apache Ant's JUnit task allows, which is the strictest of the format's descriptions.
package enum JUnitReport {
    /// A run, and the text of its plan, to show failures at their places.
    package struct Run: Sendable {
        package var summary: RunSummary
        package var plan: SourceFile?

        package init(_ summary: RunSummary, plan: SourceFile? = nil) {
            self.summary = summary
            self.plan = plan
        }
    }

    /// - Parameters:
    ///   - host: the name of the machine that ran them.
    ///   - version: that of this program.
    package static func render(_ runs: [Run], host: String, version: String) -> [UInt8] {
        var taken: Set<[String]> = []
        var writer = XMLWriter()
        writer.element("testsuites") { writer in
            for (id, run) in runs.enumerated() {
                write(run, run.cases.withUniqueNames(besides: &taken), id, host, version, to: &writer)
            }
        }
        return writer.bytes
    }

    private static func write(
        _ run: Run, _ cases: [JUnitCase], _ id: Int, _ host: String, _ version: String, to writer: inout XMLWriter
    ) {
        let attributes: [XMLWriter.Attribute] = [
            ("name", run.summary.planName.isBlank ? "plan" : run.summary.planName),
            ("package", run.summary.planFile), ("id", String(id)),
            // Without the zone, which the schema leaves out.
            ("timestamp", String(UTCTime.text(unixMilliseconds: run.summary.startedUnixMilliseconds).dropLast())),
            ("hostname", host.isEmpty ? "localhost" : host), ("tests", String(cases.count)),
            ("failures", String(cases.count { $0.hasFailed })), ("errors", String(cases.count { $0.hasErred })),
            ("skipped", String(cases.count { $0.isSkipped })),
            ("time", NumberFormat.fixed(Double(run.summary.durationNanoseconds) / 1e9, decimals: 3)),
        ]
        writer.element("testsuite", attributes) { writer in
            writer.element("properties") { writer in
                for property in properties(of: run.summary, version) {
                    writer.element("property", [("name", property.name), ("value", property.value)])
                }
            }
            for item in cases { write(item, to: &writer) }
            writer.element("system-out", text: TerminalSummary.render(run.summary, plan: run.plan))
            writer.element("system-err")
        }
    }

    private static func properties(of summary: RunSummary, _ version: String) -> [(name: String, value: String)] {
        var properties = [
            ("wsplan.version", version), ("plan", summary.planFile), ("seed", String(summary.seed)),
            ("outcome", summary.verdict.outcome.rawValue), ("exit_code", String(summary.verdict.exitCode)),
        ]
        if let generator = summary.generator { properties.append(("generator", generator.grade.rawValue)) }
        for scenario in summary.scenarios {
            properties += [
                ("\(scenario.name).url", scenario.url), ("\(scenario.name).load", scenario.load),
                ("\(scenario.name).model", scenario.model.rawValue),
            ]
        }
        return properties
    }

    private static func write(_ item: JUnitCase, to writer: inout XMLWriter) {
        // Checks take no time of their own; the schema wants to be told one.
        let attributes: [XMLWriter.Attribute] = [
            ("name", item.name), ("classname", item.className), ("time", "0"),
        ]
        switch item.outcome {
        case .passed: writer.element("testcase", attributes)
        case .skipped(let reason):
            writer.element("testcase", attributes) { $0.element("skipped", [("message", reason)]) }
        case .failed(let type, let message, let text):
            writer.element("testcase", attributes) {
                $0.element("failure", [("message", message), ("type", type)], text: text)
            }
        case .errored(let type, let message):
            writer.element("testcase", attributes) { $0.element("error", [("message", message), ("type", type)]) }
        }
    }
}

extension JUnitCase {
    fileprivate var hasFailed: Bool { if case .failed = outcome { true } else { false } }
    fileprivate var hasErred: Bool { if case .errored = outcome { true } else { false } }
    fileprivate var isSkipped: Bool { if case .skipped = outcome { true } else { false } }
}

extension String {
    fileprivate var isBlank: Bool { allSatisfy { $0 == " " } }
}
