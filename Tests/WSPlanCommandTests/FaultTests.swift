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
            /// The messages that it got, each as soon as it was due; nil where that depends on the moment.
            let messages: [String]?
            let closesItself: Bool
            /// Keys of the plan's `connect`.
            let connect: String?

            init(
                _ name: String, _ target: Target, _ kinds: Set<String>, shown: [String] = [], closes: [Int] = [],
                messages: [String]? = nil, closesItself: Bool = false, connect: String? = nil
            ) {
                testDescription = name
                self.target = target
                self.kinds = kinds
                self.shown = shown
                self.closes = closes
                self.messages = messages
                self.closesItself = closesItself
                self.connect = connect
            }

            /// A peer of `raw_peer.py` by the name of its mode.
            init(_ mode: String, _ kind: String, closes: [Int] = []) {
                self.init(mode, .peer(mode), [kind], closes: closes)
            }

            /// Frames that break a rule. They are written in hexadecimal digits, each packet by itself.
            static func frames(
                _ name: String, _ packets: String..., kind: String = "protocol", code: Int = 1002,
                connect: String? = nil
            ) -> Fault {
                Fault(name, .peer("sends", packets), [kind], closes: [code], messages: ["hello"], connect: connect)
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
            Fault(
                "a head without end",
                .peer("endless-head", ["HTTP/1.1 101 Switching Protocols\r\n", "X-Filler: 0123456789\r\n"]),
                ["handshake"], shown: ["head with more than 128 header lines"]),
            Fault(
                "a line of a head without end",
                .peer("endless-head", ["HTTP/1.1 101 Switching Protocols\r\nX-Filler: ", "0123456789"]),
                ["handshake"], shown: ["head of more than 64 KiB"]),
            Fault(
                "interim answers without end", .peer("endless-head", ["", "HTTP/1.1 100 Continue\r\n\r\n"]),
                ["handshake"],
                shown: ["more than 16 interim answers"]),
            Fault("not-http", "handshake"),
            .status("200"),
            .status("301", shown: ["/elsewhere"]),
            .status("403"),
            .status("503"),
            Fault("wrong-accept", "handshake"),
            Fault("no-upgrade-header", "handshake"),
            Fault("unasked-subprotocol", "handshake"),
            Fault("unasked-extension", "handshake"),
            Fault(
                "closed before an answer", .peer("close-after-request"), ["handshake"],
                shown: ["the peer closed the connection before answering"]),
            Fault(
                "closed inside of an answer", .peer("end-in-head"), ["handshake"],
                shown: ["the peer closed the connection in the middle of its answer"]),
            Fault("reset-at-once", "reset"),
            Fault("reset-after-request", "reset"),
            Fault("reset-in-head", "reset"),

            Fault("reset after open", .peer("reset-after-open"), ["reset", "abnormal_closure"]),
            Fault("end of stream after open", .peer("end-after-open"), ["abnormal_closure", "reset"]),
            Fault(
                "a message in one packet with the end of the stream", .peer("sends-and-ends", ["81 04 676f6f64"]),
                ["abnormal_closure"], shown: ["message good", "without a Close frame"]),
            Fault(
                "the end of the stream inside of a message", .peer("sends-and-ends", ["81 04 676f"]),
                ["abnormal_closure"],
                shown: ["in the middle of a message"]),
            Fault(
                "closed with 1011", .peer("close-code", ["1011"]), ["close_code"],
                shown: ["1011", "the peer's reason"],
                closes: [1011]),
            Fault(
                "no answer to our close", .peer("no-answer-to-close"), ["close_timeout"], closes: [1000],
                closesItself: true),
            Fault(
                "the end of the stream for an answer to our close", .peer("end-after-close-frame"),
                ["abnormal_closure"], closes: [1000], closesItself: true),
            Fault(
                "a reset for an answer to our close", .peer("reset-after-close-frame"), ["reset"], closes: [1000],
                closesItself: true),
            Fault(
                "messages for an answer to our close", .peer("talks-past-close-frame"), ["close_timeout"],
                closes: [1000], closesItself: true),

            .frames("RSV1", "c1 01 3f"),
            .frames("RSV2", "a1 01 3f"),
            .frames("RSV3", "91 01 3f"),
            .frames("RSV1 of a ping", "c9 00"),
            .frames("the first reserved opcode of data", "83 01 3f"),
            .frames("the last reserved opcode of data", "87 01 3f"),
            .frames("the first reserved opcode of control frames", "8b 00"),
            .frames("the last reserved opcode of control frames", "8f 00"),
            .frames("a masked frame", "81 84 00000000 676f6f64"),
            .frames("a ping of 126 bytes", "89 7e 007e" + String(repeating: "00", count: 126)),
            .frames("a fragmented ping", "09 01 3f"),
            .frames("a fragmented close", "08 02 03e8"),
            .frames("a continuation of nothing", "80 01 3f"),
            .frames("a message inside of a message", "01 01 61 81 01 62"),
            .frames("a length of 2^63", "82 7f 8000000000000000"),
            .frames("a length in more bytes than it needs", "82 7e 007d"),
            .frames("a close of one byte", "88 01 03"),
            .frames("close code 0", "88 02 0000"),
            .frames("close code 999", "88 02 03e7"),
            .frames("close code 1004", "88 02 03ec"),
            .frames("close code 1005", "88 02 03ed"),
            .frames("close code 1006", "88 02 03ee"),
            .frames("close code 1015", "88 02 03f7"),
            .frames("close code 2999", "88 02 0bb7"),
            .frames("close code 5000", "88 02 1388"),
            .frames("text that is not UTF-8", "81 02 c328", kind: "utf8", code: 1007),
            .frames("text that ends too early", "81 01 c3", kind: "utf8", code: 1007),
            .frames("text that is wrong across fragments", "01 01 c3", "80 01 28", kind: "utf8", code: 1007),
            .frames("text that is wrong in a part of a frame", "81 7e 1000 61 f4 90", kind: "utf8", code: 1007),
            .frames("a surrogate", "81 03 eda080", kind: "utf8", code: 1007),
            .frames("a close reason that is not UTF-8", "88 03 03e8 ff", kind: "utf8", code: 1007),
            .frames("a frame of 10 GiB", "82 7f 0000000280000000", kind: "too_big", code: 1009),
            .frames(
                "a message beyond the limit", "82 7e 0401", kind: "too_big", code: 1009,
                connect: "max_message_size: 1KiB"),
            .frames(
                "fragments beyond the limit", "02 7e 0200" + String(repeating: "00", count: 512), "80 7e 0201",
                kind: "too_big", code: 1009, connect: "max_message_size: 1KiB"),
            // The message counts, and is answered before the Close frame.
            Fault(
                "a message in one packet with a violation", .peer("sends", ["81 04 676f6f64 83 00"]), ["protocol"],
                shown: ["message good"], closes: [1002], messages: ["hello", "re: good"]),

            Fault(
                "messages for pongs", .peer("data-without-pongs"), ["timeout"],
                shown: ["no pong within 100ms of a ping of the keepalive"], closes: [1011],
                connect: "keepalive: {interval: 30ms, timeout: 100ms}"),
            Fault(
                "a late pong", .peer("late-pong", ["0.3"]), ["timeout"], closes: [1011],
                connect: "keepalive: {interval: 50ms}"),
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
                connect:
                  \(fault.connect ?? "{}")
                on_open:
                  - send: hello
                \(fault.closesItself ? "  - close" : "")
                on_message:
                  - log: "message ${message.text}"
                  - send: "re: ${message.text}"
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
            #expect(result.output.contains("first: VU 1, iteration 0, "), "\(result.transcript)")
            let words = try #require(error.first).message
            #expect(!words.isEmpty && result.output.contains(words), "'\(words)'\n\(result.transcript)")
            for text in fault.shown {
                #expect((result.output + result.error).contains(text), "'\(text)' is not shown:\n\(result.transcript)")
            }
            #expect(report.durationMilliseconds <= Double(Self.timeoutMilliseconds + 250), "\(result.transcript)")
            if let peer {
                let counts = try await peer.finish(PeerCounts.self)
                #expect(counts.connections == 1 && counts.closes == fault.closes)
                if let messages = fault.messages { #expect(counts.messages == messages) }
            }
        }

        /// What a peer does not read waits here: no more of it than the queue holds, whatever the plan sends.
        @Test func aPeerThatNeverReadsFillsABoundedQueue() async throws {
            let folder = try TemporaryDirectory()
            let peer = try await EndToEnd.rawPeer("never-reads")
            let plan = """
                url: \(peer.url)
                vars:
                  block: ${random_string(100000)}
                on_open:
                  - repeat: 2000
                    do:
                      - send: ${block}
                      - wait: 1us
                  - close
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.errors.map(\.kind) == ["backpressure"] && report.errors.first?.count == 1)
            #expect(
                result.output.contains(" bytes wait for the peer, which takes them too slowly"),
                "\(result.transcript)")
            // 16 MiB in the queue and some megabytes in the buffers of the two sockets.
            let sent = try #require(report.counter("ws_msgs_sent"))
            #expect(sent >= 168 && sent < 1_000, "\(sent)")
        }

        /// Sending after the close is an error whether or not the handler has anything to say of it.
        @Test(arguments: [("!=", false), ("==", true)])
        func aMessageBehindTheCloseIsCountedAndCanBePassedOver(_ relation: String, _ isLogged: Bool) async throws {
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
            #expect(
                result.error.contains("An unexpected error occurred: ") == isLogged, "\(result.transcript)")
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
