/// The metrics of one run, by name. `builtIn` is what each run has; what a plan declares comes on top of it.
package struct MetricCatalog: Sendable {
    /// In the order in which reports and the reference list them.
    package let definitions: [MetricDefinition]

    package init(_ definitions: [MetricDefinition]) { self.definitions = definitions }

    package static let builtIn = MetricCatalog([
        .wsSessions, .wsMsgsSent, .wsMsgsReceived, .wsErrors, .wsCloses, .wsInboxDropped,
        .iterations, .droppedIterations, .dataSent, .dataReceived, .wsPayloadSent, .wsPayloadReceived,
        .checks, .wsSessionFailed,
        .vus, .vusMax, .wsOpen,
        .wsConnecting, .wsDNS, .wsTCP, .wsTLS, .wsUpgrade, .wsSessionDuration, .wsPing, .wsAwait,
        .iterationDuration, .timerLag,
    ])

    /// The tags that samples of every metric can have, beside those that the plan names itself.
    static let commonTags = ["scenario", "group", "url"]

    /// These metrics and more, whose names are none of theirs.
    package func with(_ custom: [MetricDefinition]) -> MetricCatalog { MetricCatalog(definitions + custom) }

    package subscript(name name: String) -> MetricDefinition? { definitions.first { $0.name == name } }
}
