package import EventProgram
package import Expressions
package import LoadMetrics
package import WebSocketCodec
package import WebSocketTransport

/// One scenario to run: its program, its load, and what its samples are tagged with.
package struct LoadScenario: Sendable {
    package var program: Program
    package var load: LoadShape
    /// The plan's own tags.
    package var tags: [(name: String, value: String)]
    /// The values of the plan's environment variables, in the order declared.
    package var environment: [Value]
    /// What no log and no failure may show.
    package var secrets: SecretMask
    /// What every connection proposes about compression; nil for nothing.
    package var compression: CompressionOffer?
    /// How TLS is spoken; nil where no address can be a `wss` one.
    package var tls: TLSContext?
    /// Where the rows of the sources that the program reads come from, in the program's order.
    package var rows: [RowSource]
    /// The way of its connections to their target.
    package var route: ConnectRoute
    /// So many answers that lead elsewhere are followed.
    package var redirectLimit: Int
    /// Who hears what happens on the wire and what becomes of it, on the loop and at once; nil for nobody, which is what a
    /// load is made with.
    package var observe: (@Sendable (TranscriptEvent) -> Void)?

    package init(
        program: Program, load: LoadShape, tags: [(name: String, value: String)] = [], environment: [Value] = [],
        secrets: SecretMask = .none, compression: CompressionOffer? = nil, tls: TLSContext? = nil,
        rows: [RowSource] = [], route: ConnectRoute = ConnectRoute(), redirectLimit: Int = 0,
        observe: (@Sendable (TranscriptEvent) -> Void)? = nil
    ) {
        self.program = program
        self.load = load
        self.tags = tags
        self.environment = environment
        self.secrets = secrets
        self.compression = compression
        self.tls = tls
        self.rows = rows
        self.route = route
        self.redirectLimit = redirectLimit
        self.observe = observe
    }
}
