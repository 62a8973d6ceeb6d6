package import Diagnostics
package import LoadMetrics

/// One test plan: what virtual users do, how many of them there are, and what the run has to meet.
///
/// Every value knows where its author wrote it, so that what fails at run time is drawn under the plan's own line.
package struct Plan: Sendable {
    /// As written, else the stem of the file's name.
    package var name: String
    /// Where the name is written, if it is.
    package var nameSpan: SourceSpan?
    package var description: Located<String>?
    /// The environment variables that the plan may read, in the order declared.
    package var environment: [EnvironmentVariable]
    /// What virtual users are dealt rows from, in the order declared.
    package var data: [DataSource] = []
    /// The loopback server that this run starts for itself, if any.
    package var serve: Located<Serve>?
    /// The metrics of its own: those of `metrics`, then those that a `measure` declares.
    package var metrics: [MetricDeclaration] = []
    package var thresholds: [Threshold]
    /// What the thresholds are on, those whose conditions are wrong among them.
    package var selectors: [LocatedSelector] = []
    /// Of the thresholds that are judged over a part of the run, which one that is.
    package var judgedTimes: [JudgedTime] = []
    package var blocks: [Block]
    /// What is in the files that steps send, by the paths in the plan, once somebody has read them.
    package var files: [String: [UInt8]] = [:]
    /// What runs side by side. A plan that does not name its scenario has one named `default`.
    package var scenarios: [Scenario]
    /// Of what names may be declared in parts of the document that could not be read. Such a plan has errors, and no such
    /// name is known to be unknown.
    package var lacking: Namespaces = []
    /// Every word in parts of the document that could be read and not understood: each may be the name of something.
    package var unreadNames: Set<String> = []

    package init(
        name: String, nameSpan: SourceSpan? = nil, description: Located<String>? = nil,
        environment: [EnvironmentVariable] = [], serve: Located<Serve>? = nil, thresholds: [Threshold] = [],
        blocks: [Block] = [], scenarios: [Scenario] = []
    ) {
        self.name = name
        self.nameSpan = nameSpan
        self.description = description
        self.environment = environment
        self.serve = serve
        self.thresholds = thresholds
        self.blocks = blocks
        self.scenarios = scenarios
    }
}

extension Plan {
    /// Whether nothing in the document had to be passed over.
    package var isWhollyRead: Bool { lacking.isEmpty && unreadNames.isEmpty }

    /// What no output may show: the values of secret environment variables, and the passwords in addresses.
    package var secrets: [String] {
        environment.filter(\.isSecret).compactMap(\.value) + scenarios.flatMap(\.secrets)
    }

    /// Whether a name that the plan does not declare may be declared where it could not be read.
    package func mayDeclare(_ name: String, in namespace: Namespaces) -> Bool {
        lacking.contains(namespace) || unreadNames.contains(name)
    }
}

/// An embedded server of a run.
package enum Serve: String, CaseIterable, Sendable {
    /// Sends every message back as it came.
    case echo
}

/// Steps under a name, run by `use`.
package struct Block: Sendable {
    package var name: Located<String>
    package var steps: [Step]

    package init(name: Located<String>, steps: [Step]) {
        self.name = name
        self.steps = steps
    }
}
