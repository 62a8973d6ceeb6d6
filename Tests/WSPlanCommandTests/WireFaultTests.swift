import TestSupport
import Testing

extension EndToEnd {
    /// Between the client and a server that does right the network does wrong: each fault of `FaultProxy`, in each phase of
    /// a connection, over TCP and over TLS. Each ends in its named kind, and in time.
    @Suite struct WireFaults {
        /// When in the life of a connection.
        enum Phase: Int, CaseIterable, Sendable { case tcp, tls, head, open, closing }

        enum Scheme: String, CaseIterable, Sendable {
            case ws
            case wss

            /// What a plan says under `connect`.
            var connect: String { self == .wss ? "tls: {ca: \(EndToEnd.certificates)/ca.pem}" : "{}" }
        }

        /// One fault in one phase.
        struct Cell: CustomTestStringConvertible, Sendable {
            let fault: String
            let scheme: Scheme
            let phase: Phase
            /// The kinds of error that it may end in, none where it passes: more than one where the moment decides.
            let kinds: Set<String>

            var testDescription: String { "\(fault) over \(scheme) in \(phase)" }

            /// What the proxy is to do: the right server says one thing in each phase.
            var wireFault: WireFault {
                let turn = scheme == .wss || phase == .tcp ? phase.rawValue : phase.rawValue - 1
                // Inside of what it says: of the status code, of a frame, of a TLS record.
                let inside = turn == 0 ? 0 : scheme == .wss ? 20 : phase == .head ? 10 : 1
                return switch fault {
                case "latency": WireFault(.delays(milliseconds: 20), turn: turn)
                case "slices": WireFault(.slices, turn: turn)
                case "stall": WireFault(.stalls, turn: turn, offset: inside)
                case "reset": WireFault(.resets, turn: turn, offset: inside)
                case "ends": WireFault(.ends, turn: turn)
                case "half": WireFault(.halfCloses, turn: turn)
                // The header of a record has five bytes.
                case "cut": WireFault(.ends, turn: turn, offset: scheme == .wss ? 3 : inside)
                case "partial": WireFault(.ends, turn: turn, offset: inside)
                // The length of a frame is right whatever it is, its first byte is not.
                case "corrupt": WireFault(.corrupts(0x40), turn: turn, offset: inside == 1 ? 0 : inside)
                default: preconditionFailure("no fault '\(fault)'")
                }
            }
        }

        /// `ends` is between two things that the server says, `cut` and what else breaks is inside of one. There is nothing to
        /// cut or to corrupt before anything is said.
        private static let tables: [Scheme: String] = [
            .ws: """
            fault    tcp             tls  head       open               closing
            latency  passes          -    passes     passes             passes
            slices   passes          -    passes     passes             passes
            stall    timeout         -    timeout    close_timeout      close_timeout
            reset    reset           -    reset      reset              reset
            ends     handshake|reset -    handshake  abnormal_closure   abnormal_closure
            half     handshake       -    handshake  abnormal_closure   abnormal_closure
            cut      -               -    handshake  abnormal_closure   abnormal_closure
            corrupt  -               -    handshake  protocol           protocol
            """,
            .wss: """
            fault    tcp             tls  head       open               closing
            latency  passes          passes    passes     passes             passes
            slices   passes          passes    passes     passes             passes
            stall    timeout         timeout   timeout    close_timeout      close_timeout
            reset    reset           reset     reset      reset              reset
            ends     tls|reset       tls       handshake  abnormal_closure   abnormal_closure
            half     tls             tls       handshake  abnormal_closure   abnormal_closure
            cut      -               tls       handshake  abnormal_closure   abnormal_closure
            partial  -               tls       handshake  abnormal_closure   abnormal_closure
            corrupt  -               tls       tls        tls                tls
            """,
        ]

        /// What `make test` tries: each fault once.
        private static let quick: Set<String> = [
            "latency over ws in head", "slices over ws in tcp", "stall over ws in tcp", "reset over ws in closing",
            "ends over ws in open", "half over ws in closing", "cut over ws in open", "corrupt over ws in closing",
            "latency over wss in tls", "slices over wss in tcp", "stall over wss in tls", "reset over wss in open",
            "ends over wss in closing", "half over wss in head", "cut over wss in open", "partial over wss in closing",
            "corrupt over wss in open",
        ]

        static let cells = Scheme.allCases.flatMap { cells(over: $0) }
            .filter { EndToEnd.isVerifying || quick.contains($0.testDescription) }

        static func cells(over scheme: Scheme) -> [Cell] {
            let rows = tables[scheme, default: ""].split(separator: "\n").map { $0.split(separator: " ") }
            return rows.dropFirst().flatMap { row in
                zip(Phase.allCases, row.dropFirst()).filter { $0.1 != "-" }.map { phase, kinds in
                    let named = kinds == "passes" ? [] : Set(kinds.split(separator: "|").map(String.init))
                    return Cell(fault: String(row[0]), scheme: scheme, phase: phase, kinds: named)
                }
            }
        }

        /// The longest that any step of a plan may take: what passes is not judged by its speed.
        private static func timeoutMilliseconds(of cell: Cell) -> Int { cell.kinds.isEmpty ? 10_000 : 500 }

        @Test(arguments: cells) func isToldByItsName(_ cell: Cell) async throws {
            let folder = try TemporaryDirectory()
            let peer = try await EndToEnd.rawPeer("echo", overTLS: cell.scheme == .wss)
            let network = try Network(cell, before: peer.port)
            let timeout = Self.timeoutMilliseconds(of: cell)

            let plan = """
                url: \(cell.scheme)://127.0.0.1:\(network.port)/
                connect:
                  \(cell.scheme.connect)
                timeouts:
                  connect: \(timeout)ms
                  close: \(timeout)ms
                  session: \(timeout)ms
                on_open:
                  - send: hello
                on_message:
                  - close
                on_error:
                  - log: "error is ${error.kind}, ${error.message}"
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            network.stop()
            #expect(network.hasStruck)
            #expect(result.exitCode == (cell.kinds.isEmpty ? 0 : 1), "\(result.transcript)")

            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.sessions.attempted == 1)
            #expect(report.errors.count == (cell.kinds.isEmpty ? 0 : 1), "\(result.transcript)")
            for error in report.errors {
                #expect(cell.kinds.contains(error.kind), "\(error.kind)\n\(result.transcript)")
                #expect(result.error.contains("error is \(error.kind), "), "\(result.transcript)")
                // Over TLS the end of a stream that nobody announced may be somebody's else.
                let isCutOff = cell.scheme == .wss && error.kind == "abnormal_closure"
                #expect(result.error.contains("close_notify") == isCutOff, "\(result.transcript)")
            }
            // A stall of an open session is first its timeout and then that of its close.
            let timeouts = cell.fault == "stall" && cell.phase == .open ? 2 : 1
            #expect(report.durationMilliseconds <= Double(timeouts * timeout + 250), "\(result.transcript)")
        }

        /// What a cell connects to.
        private enum Network {
            case proxy(FaultProxy)
            /// A network that does not even answer a SYN, which no proxy can stand in for.
            case full(FullPort)

            init(_ cell: Cell, before server: Int) throws {
                if cell.fault == "stall", cell.phase == .tcp {
                    self = .full(try FullPort())
                } else {
                    self = .proxy(try FaultProxy(before: server, [cell.wireFault]))
                }
            }

            var port: Int {
                switch self {
                case .proxy(let proxy): proxy.port
                case .full(let port): port.number
                }
            }

            var hasStruck: Bool {
                switch self {
                case .proxy(let proxy): proxy.struck == 1
                case .full: true
                }
            }

            func stop() {
                switch self {
                case .proxy(let proxy): proxy.stop()
                case .full(let port): port.stop()
                }
            }
        }
    }
}
