import TestSupport
import Testing

extension EndToEnd {
    /// How a session finds its server, and what it says of itself on the way: `connect`, as seen from the other side.
    @Suite struct Addressing {
        struct Run {
            var result: ProcessRunner.Result
            var report: RunReport
            var requests: [PeerCounts.Request]

            var error: RunReport.Failures? { report.errors.first }
        }

        /// Runs a plan against `raw_peer.py`; `PORT` in the plan is the peer's.
        private func run(
            _ peer: [String], exitCode: Int32 = 0, connectTimeout: String = "5s", environment: [String: String] = [:],
            plan: String
        ) async throws -> Run {
            let folder = try TemporaryDirectory()
            let started = try await EndToEnd.rawPeer(peer[0], Array(peer.dropFirst()))
            let text =
                "timeouts:\n  connect: \(connectTimeout)\n  session: 10s\n"
                + plan.replacing("PORT", with: "\(started.port)")
            let path = try folder.write(text, to: "plan.yaml")
            let result = try await EndToEnd.wsplan(
                "run", path, "--report", "json=\(folder.path(of: "report.json"))", environment: environment
            ).run()
            #expect(result.exitCode == exitCode, "\(result.transcript)")
            return Run(
                result: result, report: try RunReport(contentsOf: folder.path(of: "report.json")),
                requests: try await started.finish(PeerCounts.self).requests)
        }

        // MARK: Redirects

        @Test func redirectsAreFollowedWithTheCookiesThatTheySet() async throws {
            let run = try await run(
                [
                    "routes", "/a?x 302 | Location: b | Set-Cookie: at=a; Path=/",
                    "/b 307 | Location: http://127.0.0.1:PORT/c", "/c 101 | Set-Cookie: at=c; Path=/",
                ],
                plan: """
                    url: ws://user:pa%24%24word@127.0.0.1:PORT/a?x
                    connect:
                      follow_redirects: 2
                      cookies:
                        mine: ${vu.iteration}
                    load:
                      iterations: 2
                    on_open:
                      - log: at ${response.status}
                      - close
                    """)
            #expect(run.requests.map(\.target) == ["/a?x", "/b", "/c", "/a?x", "/b", "/c"])
            #expect(
                run.requests.map { $0.headers["cookie"] } == [
                    "mine=0", "mine=0; at=a", "mine=0; at=a", "mine=1; at=c", "mine=1; at=a", "mine=1; at=a",
                ])
            #expect(run.requests.allSatisfy { $0.headers["authorization"] == "Basic dXNlcjpwYSQkd29yZA==" })
            #expect(run.report.sessions.opened == 2 && run.report.sessions.attempted == 2)
            #expect(!run.result.transcript.contains("pa%24%24word"), "\(run.result.transcript)")
        }

        @Test func redirectsAreNotFollowedUnasked() async throws {
            let run = try await run(
                ["routes", "/a 302 | Location: b"], exitCode: 1, plan: "url: ws://127.0.0.1:PORT/a\n")
            #expect(run.requests.map(\.target) == ["/a"])
            #expect(run.error?.kind == "http_status" && run.error?.first?.message == "the server answered 302 Whatever")
        }

        @Test func anAnswerThatIsExpectedIsNotFollowed() async throws {
            let run = try await run(
                ["routes", "/a 302 | Location: b"],
                plan: """
                    url: ws://127.0.0.1:PORT/a
                    connect:
                      follow_redirects: 5
                    expect:
                      status: 302
                      headers:
                        Location: b
                      closed_by: plan
                    """)
            #expect(run.requests.map(\.target) == ["/a"])
        }

        /// Where following ends: the answers, and the words that come after those about the last one.
        @Test(arguments: [
            (
                ["/a 302 | Location: b", "/b 302 | Location: c", "/c 302 | Location: d"],
                "2 answers were followed already"
            ),
            (["/a 302 | Location: b", "/b 302 | Location: /a"], "leads in a circle, to 'ws://127.0.0.1:PORT/a' again"),
            (["/a 302 | Location: /a"], "leads in a circle, to 'ws://127.0.0.1:PORT/a' again"),
            (["/a 302 | Location: ftp://h/"], "leads to 'ftp://h/': 'ftp' is not the scheme of a WebSocket"),
            (["/a 308"], "has no header 'Location'"),
            (["/a 301 | Location: /b | Location: /c"], "has 2 headers 'Location'"),
            (["/a 302 | Location: b", "/b 403"], "at ws://127.0.0.1:PORT/b where it was sent to"),
        ])
        func followingEnds(_ answers: [String], _ words: String) async throws {
            let run = try await run(
                ["routes"] + answers, exitCode: 1,
                plan: """
                    url: ws://127.0.0.1:PORT/a
                    connect:
                      follow_redirects: 2
                    tags:
                      port: PORT
                    """)
            let port = run.requests.first?.headers["host"]?.split(separator: ":").last.map(String.init) ?? ""
            let message = run.error?.first?.message ?? ""
            #expect(run.error?.kind == "http_status")
            #expect(message.hasPrefix("the server answered "))
            #expect(message.hasSuffix(words.replacing("PORT", with: port)), "\(message)")
            #expect(run.error?.first?.answer != nil)
        }

        @Test func anotherHostHearsNoSecrets() async throws {
            let run = try await run(
                ["routes", "/a 302 | Location: http://localhost:PORT/b"], environment: ["TOKEN": "t0p-secret"],
                plan: """
                    url: ws://127.0.0.1:PORT/a
                    env:
                      TOKEN:
                        secret: true
                    connect:
                      follow_redirects: 1
                      resolve:
                        localhost: 127.0.0.1
                      headers:
                        Authorization: Bearer abc
                        Host: front.example
                        X-Token: its ${env.TOKEN}
                        X-Room: lobby
                      cookies:
                        mine: "1"
                      origin: https://example.com
                    on_open:
                      - close
                    """)
            let first = run.requests[0].headers
            let second = run.requests[1].headers
            #expect(first["authorization"] == "Bearer abc" && first["host"] == "front.example")
            #expect(first["x-token"] == "its t0p-secret" && first["cookie"] == "mine=1")
            #expect(second["host"]?.hasPrefix("localhost:") == true)
            for name in ["authorization", "x-token", "cookie"] { #expect(second[name] == nil) }
            for headers in [first, second] {
                #expect(headers["x-room"] == "lobby" && headers["origin"] == "https://example.com")
            }
        }

        @Test func norAnOriginThatHoldsOne() async throws {
            let run = try await run(
                ["routes", "/a 302 | Location: http://localhost:PORT/b"], environment: ["TENANT": "acme-7"],
                plan: """
                    url: ws://127.0.0.1:PORT/a
                    env:
                      TENANT:
                        secret: true
                    connect:
                      follow_redirects: 1
                      resolve:
                        localhost: 127.0.0.1
                      origin: https://${env.TENANT}.example
                    on_open:
                      - close
                    """)
            #expect(run.requests.map { $0.headers["origin"] } == ["https://acme-7.example", nil])
        }

        /// The time of all requests together is limited.
        @Test func redirectsCountIntoTheConnectTimeout() async throws {
            let run = try await run(
                ["routes", "/a 302 | Location: b | Wait: 0.3", "/b 101 | Wait: 0.4"], exitCode: 1,
                connectTimeout: "500ms",
                plan: """
                    url: ws://127.0.0.1:PORT/a
                    connect:
                      follow_redirects: 1
                    """)
            #expect(run.requests.map(\.target) == ["/a", "/b"])
            #expect(run.error?.kind == "timeout")
            #expect(run.error?.first?.message.hasPrefix("no answer to the opening handshake within 500ms, at ") == true)
        }

        // MARK: Cookies and headers

        @Test func cookiesAreKeptForTheUserAndNoOther() async throws {
            let run = try await run(
                ["routes", "/1 101 | Set-Cookie: id=one; Path=/ | Set-Cookie: gone=1; Max-Age=0", "/2 101"],
                plan: """
                    url: ws://127.0.0.1:PORT/${vu.id}
                    connect:
                      headers:
                        Cookie: own=1
                    load:
                      vus: 2
                      iterations_per_vu: 2
                    on_open:
                      - close
                    """)
            func sent(_ target: String) -> [String?] {
                run.requests.filter { $0.target == target }.map { $0.headers["cookie"] }
            }
            #expect(sent("/1") == ["own=1", "own=1; id=one"])
            #expect(sent("/2") == ["own=1", "own=1"])
        }

        /// What an expression makes of a text never breaks out of its place.
        @Test(arguments: [
            ("headers:\n    X-A: ${bad}", "header 'X-A' has a control character"),
            ("origin: ${bad}", "header 'Origin' has a control character"),
            ("cookies:\n    a: ${bad}", "cannot be the value of the cookie 'a'"),
            ("subprotocols:\n    - ${bad}", "is not an HTTP token"),
            ("headers:\n    Host: ${bad}", "header 'Host' has a control character"),
        ])
        func controlCharactersNeverReachTheWire(_ connect: String, _ words: String) async throws {
            for character in ["\\r\\n", "\\n", "\\0", "\\x7f", "\\e", "\\x85"] {
                let run = try await run(
                    ["echo"], exitCode: 1,
                    plan: """
                        url: ws://127.0.0.1:PORT/
                        vars:
                          bad: "a\(character)Injected: yes"
                        connect:
                          \(connect)
                        """)
                #expect(run.requests.isEmpty)
                #expect(run.error?.kind == "expression")
                #expect(run.error?.first?.message.contains(words) == true, "\(run.result.transcript)")
                #expect(run.result.output.contains("${bad}"), "\(run.result.transcript)")
            }
        }

        @Test func aSubprotocolThatIsOfferedTwiceIsShownWhereItIs() async throws {
            let run = try await run(
                ["echo"], exitCode: 1,
                plan: """
                    url: ws://127.0.0.1:PORT/
                    vars:
                      other: a
                    connect:
                      headers:
                        Host: example.com
                      subprotocols:
                        - a
                        - ${other}
                    """)
            #expect(run.requests.isEmpty && run.error?.kind == "expression")
            #expect(run.error?.first?.message == "subprotocol 'a' is offered twice")
            #expect(run.result.output.contains("- ${other}"), "\(run.result.transcript)")
        }

        /// A session gets its own text, and not that of the one before that looks the same.
        @Test func textsAreToldApartByTheirBytes() async throws {
            let run = try await run(
                ["echo"],
                plan: """
                    url: ws://127.0.0.1:PORT/
                    connect:
                      headers:
                        X-Name: \"${vu.iteration == 0 ? '\\u00e9' : 'e\\u0301'}\"
                    load:
                      iterations: 2
                    on_open:
                      - close
                    """)
            // The peer reads heads as Latin-1.
            #expect(run.requests.map { $0.headers["x-name"] } == ["\u{C3}\u{A9}", "e\u{CC}\u{81}"])
        }

        @Test(arguments: ["/${bad}", "/?${bad}"])
        func norInTheAddress(_ target: String) async throws {
            let run = try await run(
                ["echo"], exitCode: 1,
                plan: """
                    url: ws://127.0.0.1:PORT\(target)
                    vars:
                      bad: "a\\r\\nInjected: yes"
                    """)
            #expect(run.requests.isEmpty && run.error?.kind == "expression")
        }

        // MARK: Addresses

        @Test func aHostIsWhereThePlanSaysItIs() async throws {
            let reserved = try ReservedPort()
            let run = try await run(
                ["echo"],
                plan: """
                    url: ws://nowhere.invalid/x
                    connect:
                      resolve:
                        nowhere.invalid: 192.0.2.1
                        nowhere.invalid:80:
                          - 127.0.0.1:\(reserved.number)
                          - "[::1]:1"
                          - 127.0.0.1:PORT
                    on_open:
                      - close
                    """)
            #expect(run.requests.map { $0.headers["host"] } == ["nowhere.invalid"])
        }

        @Test(
            .enabled(if: LoopbackSocket.hasIPv6, "the loopback interface has no ::1"),
            arguments: ["[::1]", "six.invalid"])
        func anIPv6AddressIsConnectedTo(_ host: String) async throws {
            let folder = try TemporaryDirectory()
            let peer = try await EndToEnd.rawPeer("--ipv6", ["echo"])
            let plan = """
                url: ws://\(host):\(peer.port)/
                connect:
                  resolve:
                    six.invalid: ::1
                on_open:
                  - send: hello
                on_message:
                  - close
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let counts = try await peer.finish(PeerCounts.self)
            #expect(counts.requests.map(\.from) == ["::1"] && counts.messages == ["hello"])
            #expect(counts.requests.first?.headers["host"] == "\(host):\(peer.port)")
        }

        @Test func connectionsTakeTurnsWithLocalAddresses() async throws {
            let run = try await run(
                ["echo"],
                plan: """
                    url: ws://127.0.0.1:PORT/
                    connect:
                      local_addresses:
                        - 127.0.0.8/30
                        - 127.0.0.20
                        - ::1
                    load:
                      iterations: 4
                    on_open:
                      - close
                    """)
            #expect(run.requests.map(\.from) == ["127.0.0.9", "127.0.0.10", "127.0.0.20", "127.0.0.9"])
        }

        @Test(arguments: [
            ("::1", "'local_addresses' has no address that could speak to 127.0.0.1:PORT"),
            ("192.0.2.1", "cannot connect to 127.0.0.1:PORT from 192.0.2.1: Cannot assign requested address"),
        ])
        func aLocalAddressThatCannotBeUsedIsTheGeneratorsFault(_ address: String, _ words: String) async throws {
            let run = try await run(
                ["echo"], exitCode: 1,
                plan: """
                    url: ws://127.0.0.1:PORT/
                    connect:
                      local_addresses: "\(address)"
                    """)
            let parts = words.split(separator: "PORT", omittingEmptySubsequences: false)
            let message = run.error?.first?.message ?? ""
            #expect(run.error?.kind == "generator" && run.requests.isEmpty)
            #expect(message.hasPrefix(parts[0]) && message.hasSuffix(parts[1]), "\(message)")
        }

        @Test func aUnixSocketIsConnectedTo() async throws {
            let folder = try TemporaryDirectory()
            let socket = folder.path(of: "s")
            let peer = try await EndToEnd.rawPeer("--unix", [socket, "echo"])
            let plan = """
                url: ws+unix:\(socket):/path?a=b
                connect:
                  proxy: http://127.0.0.1:1
                  local_addresses: 192.0.2.1
                on_open:
                  - send: hello
                on_message:
                  - close
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let counts = try await peer.finish(PeerCounts.self)
            #expect(counts.requests.map(\.target) == ["/path?a=b"] && counts.messages == ["hello"])
            #expect(counts.requests.first?.headers["host"] == "localhost")
        }

        // MARK: Proxies

        @Test func aProxyTunnels() async throws {
            let folder = try TemporaryDirectory()
            let proxy = try await EndToEnd.rawPeer("proxy", ["200", "us er:pass%word"])
            let server = try await EndToEnd.rawPeer("echo")
            let plan = """
                url: ws://target.invalid:\(server.port)/x
                connect:
                  proxy: http://us%20er:pass%25word@127.0.0.1:\(proxy.port)
                  resolve:
                    target.invalid: 127.0.0.1
                on_open:
                  - send: hello
                on_message:
                  - close
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let asked = try await proxy.finish(PeerCounts.self).requests
            let served = try await server.finish(PeerCounts.self)
            #expect(asked.map(\.line) == ["CONNECT 127.0.0.1:\(server.port) HTTP/1.1"])
            #expect(served.requests.map(\.target) == ["/x"] && served.messages == ["hello"])
            #expect(served.requests.first?.headers["proxy-authorization"] == nil)
            #expect(served.requests.first?.headers["host"] == "target.invalid:\(server.port)")
        }

        /// TLS begins behind the tunnel, with the target and not with the proxy.
        @Test func aProxyTunnelsTLS() async throws {
            let folder = try TemporaryDirectory()
            let proxy = try await EndToEnd.rawPeer("proxy")
            let server = try await EndToEnd.tlsServer()
            let plan = EndToEnd.tlsPlan("localhost", server.port, "ca: \(EndToEnd.certificates)/ca.pem")
                .replacing("  tls:\n", with: "  proxy: http://127.0.0.1:\(proxy.port)\n  tls:\n")
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(
                try await proxy.finish(PeerCounts.self).requests.map(\.line)
                    == ["CONNECT localhost:\(server.port) HTTP/1.1"])
            let counts = try await server.finish(TLSCounts.self)
            #expect(counts.handshakes == 1 && counts.names == ["localhost"])
        }

        @Test(arguments: ["https", "wss"])
        func aRedirectLeadsToTLS(_ scheme: String) async throws {
            let folder = try TemporaryDirectory()
            let server = try await EndToEnd.tlsServer()
            let front = try await EndToEnd.rawPeer(
                "routes", ["/ 301 | Location: \(scheme)://localhost:\(server.port)/"])
            let plan = EndToEnd.tlsPlan("localhost", server.port, "ca: \(EndToEnd.certificates)/ca.pem")
                .replacing("wss://localhost:\(server.port)/", with: front.url)
                .replacing("  tls:\n", with: "  follow_redirects: 1\n  tls:\n")
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(try await server.finish(TLSCounts.self).handshakes == 1)
        }

        /// The arguments of the peer, and what is told; `PROXY` is the peer's address.
        @Test(arguments: [
            (["proxy", "200", "a:b"], "unreachable", "the proxy PROXY answered 407 Because to CONNECT"),
            (["proxy", "503"], "unreachable", "the proxy PROXY answered 503 Because to CONNECT"),
            (["close-after-request"], "handshake", "the proxy PROXY closed the connection before answering"),
            (["end-in-head"], "handshake", "the proxy PROXY closed the connection in the middle of its answer"),
            (["reset-after-request"], "reset", "the connection to the proxy PROXY broke: Connection reset by peer"),
            (["silent"], "timeout", "no answer of the proxy PROXY to CONNECT within 200ms"),
            (
                ["not-http"], "handshake",
                "the proxy PROXY: the answer is not valid HTTP: it begins with 'SSH-2.0-OpenSSH_9.2p1\\r\\n\\r\\n'"
            ),
            (
                ["endless-head", "HTTP/1.1 200 OK\r\n", "X-Filler: 0123456789\r\n"], "handshake",
                "the proxy PROXY: the answer is not valid HTTP: head with more than 128 header lines"
            ),
        ])
        func aProxyThatDoesNotTunnelIsToldByItsName(_ peer: [String], _ kind: String, _ words: String) async throws {
            let folder = try TemporaryDirectory()
            let started = try await EndToEnd.rawPeer(peer[0], Array(peer.dropFirst()))
            let plan = """
                url: ws://target.invalid/
                timeouts:
                  connect: 200ms
                  session: 5s
                connect:
                  proxy: http://127.0.0.1:\(started.port)
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.errors.map(\.kind) == [kind])
            #expect(
                report.errors.first?.first?.message == words.replacing("PROXY", with: "127.0.0.1:\(started.port)"))
            #expect(try await started.finish(PeerCounts.self).connections == 1)
        }

        @Test func aProxyThatIsNotThereIsToldAsSuch() async throws {
            let reserved = try ReservedPort()
            let folder = try TemporaryDirectory()
            let plan = """
                url: ws://target.invalid/
                timeouts:
                  session: 5s
                connect:
                  proxy: http://user:confidential@127.0.0.1:\(reserved.number)
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.errors.map(\.kind) == ["refused"])
            #expect(
                report.errors.first?.first?.message
                    == "cannot connect to the proxy 127.0.0.1:\(reserved.number): Connection refused")
            #expect(!result.transcript.contains("confidential"))
        }

        // MARK: Expectations

        @Test func theAnswerIsJudgedByWhatIsExpected() async throws {
            let run = try await run(
                ["routes", "/ 101 | Sec-WebSocket-Protocol: b | X-A: 1 | X-A: 2"], exitCode: 1,
                plan: """
                    url: ws://127.0.0.1:PORT/
                    connect:
                      subprotocols:
                        - a
                        - b
                    expect:
                      subprotocol: b
                      headers:
                        x-a: 1, 2
                        X-B: any
                      within: 5s
                      closed_by: peer
                    on_open:
                      - close
                    """)
            let passed = run.report.checks.filter { $0.passes == 1 }.map(\.name)
            let failed = run.report.checks.filter { $0.fails == 1 }.map(\.name)
            #expect(Set(passed) == ["status is 101", "subprotocol is b", "header x-a is 1, 2", "open within 5s"])
            #expect(Set(failed) == ["header X-B is any", "closed by peer"])
        }

        /// A password that stands in the plan is not shown where lines of the plan are.
        @Test func passwordsOfAddressesAreMasked() async throws {
            let run = try await run(
                ["routes", "/ 403 | X-Echo: dXNlcjpjb25maWRlbnRpYWw= | X-Word: confidential"], exitCode: 1,
                plan: """
                    url: ws://user:confidential@127.0.0.1:PORT/
                    on_error:
                      - log: ${response.headers["x-word"]}
                    """)
            #expect(run.requests.first?.headers["authorization"] == "Basic dXNlcjpjb25maWRlbnRpYWw=")
            #expect(run.result.output.contains("ws://user:************@127.0.0.1"), "\(run.result.transcript)")
            #expect(!run.result.transcript.contains("confidential"), "\(run.result.transcript)")
            #expect(!run.result.transcript.contains("dXNlcjpjb25maWRlbnRpYWw="), "\(run.result.transcript)")
            #expect(run.error?.first?.answer?.headers.contains { $0.value.contains("confidential") } == false)
        }
    }
}
