import TestSupport
import Testing

extension EndToEnd {
    /// The world fails in every way that we could think of, and each is told by its name.
    @Suite struct Faults {
        /// One way to fail.
        struct Fault: CustomTestStringConvertible, Sendable {
            /// What the plan connects to.
            enum Target: Sendable {
                case peer(String, [String] = [])
                case nobody
                case url(String)
            }

            let testDescription: String
            let target: Target
            /// More than one where the moment decides which it is.
            let kinds: Set<String>
            /// What a reader of the terminal has to see.
            let shown: [String]
            /// The codes of the Close frames that the peer got from us.
            let closes: [Int]
            let closesItself: Bool

            init(
                _ name: String, _ target: Target, _ kinds: Set<String>, shown: [String] = [], closes: [Int] = [],
                closesItself: Bool = false
            ) {
                testDescription = name
                self.target = target
                self.kinds = kinds
                self.shown = shown
                self.closes = closes
                self.closesItself = closesItself
            }

            /// A peer of `raw_peer.py` by the name of its mode.
            init(_ mode: String, _ kind: String, closes: [Int] = []) {
                self.init(mode, .peer(mode), [kind], closes: closes)
            }

            /// An HTTP answer instead of a 101.
            static func status(_ code: String, shown: [String] = []) -> Fault {
                let answer = [code, "raw_peer", "this is the body of a \(code)"]
                return Fault("status \(code)", .peer("status", [code]), ["http_status"], shown: answer + shown)
            }
        }

        static let faults: [Fault] = [
            Fault("refused", .nobody, ["refused"]),
            Fault("unknown host", .url("ws://nonexistent.invalid/"), ["dns"], shown: ["nonexistent.invalid"]),

            Fault("silent", "timeout"),
            Fault("slow-head", "timeout"),
            Fault("a head without end", .peer("endless-head"), ["handshake", "too_big"]),
            Fault("not-http", "handshake"),
            .status("200"),
            .status("301", shown: ["/elsewhere"]),
            .status("403"),
            .status("503"),
            Fault("wrong-accept", "handshake"),
            Fault("no-upgrade-header", "handshake"),
            Fault("unasked-subprotocol", "handshake"),
            Fault("unasked-extension", "handshake"),
            Fault("closed before an answer", .peer("close-after-request"), ["abnormal_closure", "handshake", "reset"]),
            Fault("reset-after-request", "reset"),

            Fault("reset after open", .peer("reset-after-open"), ["reset", "abnormal_closure"]),
            Fault("end of stream after open", .peer("end-after-open"), ["abnormal_closure", "reset"]),
            Fault(
                "closed with 1011", .peer("close-code", ["1011"]), ["close_code"],
                shown: ["1011", "the peer's reason"],
                closes: [1011]),
            Fault(
                "no answer to our close", .peer("no-answer-to-close"), ["close_timeout"], closes: [1000],
                closesItself: true),
            Fault("reserved-opcode", "protocol", closes: [1002]),
            Fault("reserved-bit", "protocol", closes: [1002]),
            Fault("masked-frame", "protocol", closes: [1002]),
            Fault("fragmented-ping", "protocol", closes: [1002]),
            Fault("bad-utf8", "utf8", closes: [1007]),
            Fault("message-then-violation", "protocol", closes: [1002]),
        ]

        /// The longest that any step of these plans may take.
        static let timeoutMilliseconds = 500

        @Test(arguments: faults) func isToldByItsName(_ fault: Fault) async throws {
            let folder = try TemporaryDirectory()
            let port = try ReservedPort()
            var peer: TestServer?
            let url: String
            switch fault.target {
            case .peer(let mode, let arguments):
                let started = try await EndToEnd.rawPeer(mode, arguments)
                url = started.url
                peer = started
            case .nobody: url = "ws://127.0.0.1:\(port.number)/"
            case .url(let text): url = text
            }

            let plan = """
                url: \(url)
                timeouts:
                  connect: \(Self.timeoutMilliseconds)ms
                  close: \(Self.timeoutMilliseconds)ms
                  session: 5s
                on_open:
                  - send: hello
                \(fault.closesItself ? "  - close" : "")
                on_message:
                  - log: "message ${message.text}"
                on_error:
                  - log: "error is ${error.kind}, ${error.message}"
                on_close:
                  - log: "closed by ${close.by}"
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 1, "\(result.transcript)")

            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.outcome == "failed")
            #expect(report.sessions.failed == 1)
            #expect(report.errors.count == 1, "\(result.transcript)")
            let error = try #require(report.errors.first)
            #expect(fault.kinds.contains(error.kind), "\(error.kind)\n\(result.transcript)")
            #expect(error.count == 1)
            #expect(result.error.contains("error is \(error.kind), "), "\(result.transcript)")
            for text in fault.shown {
                #expect((result.output + result.error).contains(text), "'\(text)' is not shown:\n\(result.transcript)")
            }
            #expect(report.durationMilliseconds <= Double(Self.timeoutMilliseconds + 250), "\(result.transcript)")
            if let peer {
                let counts = try await peer.finish(PeerCounts.self)
                #expect(counts.connections == 1 && counts.closes == fault.closes)
            }
        }

        /// Sending after the close is an error whether or not the handler has anything to say of it.
        @Test(arguments: [("!=", ""), ("==", "An unexpected error occurred: ")])
        func aMessageBehindTheCloseIsCountedAndCanBePassedOver(_ relation: String, _ logged: String) async throws {
            let folder = try TemporaryDirectory()
            let plan = """
                serve: echo
                url: ${server.url}
                on_open:
                  - close
                on_close:
                  - send: too late
                on_error:
                  - if: error.kind \(relation) "close_sent"
                    then:
                      - log: "An unexpected error occurred: ${error.message}"
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.error.contains(logged) && result.error.isEmpty == logged.isEmpty, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.errors.map(\.kind) == ["close_sent"] && report.errors.first?.count == 1)
            #expect(report.counter("ws_errors") == 1 && report.counter("ws_msgs_sent") == nil)
        }

        /// An answer that is not the one wanted is part of the report, not of the terminal alone.
        @Test func theAnswerIsInTheReport() async throws {
            let folder = try TemporaryDirectory()
            let peer = try await EndToEnd.rawPeer("status", ["403"])
            _ = try await EndToEnd.run(plan: "url: \(peer.url)\ntimeouts:\n  session: 1s\n", in: folder).run()
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            let answer = try #require(report.errors.first?.first?.answer)
            #expect(answer.status == 403)
            #expect(answer.headers.first { $0.name.lowercased() == "x-refused-by" }?.value == "raw_peer")
            #expect(answer.bodyStart == "this is the body of a 403")
        }
    }
}
