import DataTables
import Diagnostics
import Expressions
import LoadMetrics
import PlanModel
import PlanSyntax
import TestSupport
import Testing
import WebSocketCodec

struct PlanReaderTests {
    @Test(arguments: Fixture.all(in: "err", endingIn: [".yaml", ".json"]))
    func reportsAllProblems(_ fixture: Fixture) throws {
        let file = try fixture.source()
        let read = ReadPlan(file)
        let rendered = DiagnosticRenderer(file: file).render(read.diagnostics)
        Golden.expect(rendered, equals: fixture.path + ".out")
    }

    @Test(arguments: DiagnosticCode.allCases.filter { $0.rawValue.hasPrefix("WSP1") && $0.rawValue < "WSP150" })
    func everyCodeHasAFixture(_ code: DiagnosticCode) throws {
        let read = ReadPlan(try Fixture("err/\(code).yaml").source())
        #expect(read.diagnostics.contains { $0.code == code })
    }

    @Test(arguments: Fixture.all(in: "ok"))
    func readsWithoutAWord(_ fixture: Fixture) throws {
        let file = try fixture.source()
        let read = ReadPlan(file)
        #expect(DiagnosticRenderer(file: file).render(read.diagnostics) == "")
        #expect(read.plan != nil)
    }

    @Test
    func readsEveryKeyAndVerb() throws {
        let read = ReadPlan(try Fixture("ok/everything.yaml").source())
        let plan = try #require(read.plan)
        let scenario = try #require(plan.scenarios.first)
        #expect(plan.name == "everything")
        #expect(scenario.tags.map { "\($0.name.value)=\($0.value.value)" } == ["team=payments", "shard=4"])
        #expect(plan.data.map { $0.file?.value } == ["lists/users.csv", "fleet.jsonl"])
        #expect(plan.data.map(\.order) == [.shuffle, .sequential] && plan.data.map(\.end) == [.stop, .recycle])
        #expect(plan.data.map(\.per) == [.iteration, .vu] && plan.data.map(\.format) == [.csv, .jsonLines])
        #expect(scenario.load.shape.mostVUs == 3)
        guard case .sharedIterations(_, let iterations, _) = scenario.load.shape else {
            Issue.record("the load is \(scenario.load.shape)")
            return
        }
        #expect(iterations.value == 30)
        #expect(scenario.load.shape.durationNanoseconds == 60_000_000_000)
        #expect(scenario.load.rampUpNanoseconds == 1_500_000_000)
        #expect(scenario.load.pause == Load.Pause(minNanoseconds: 100_000_000, maxNanoseconds: 1_000_000_000))
        #expect(scenario.timeouts.sessionNanoseconds == 90_000_000_000)
        #expect(scenario.connect.maximumMessageSize?.value == 3 << 19)
        #expect(
            scenario.connect.keepalive
                == Connect.Keepalive(intervalNanoseconds: 20_000_000_000, writtenTimeoutNanoseconds: 5_000_000_000))
        #expect(scenario.connect.cookies.map(\.name.value) == ["session"])
        #expect(scenario.connect.origin?.literal == "https://example.com:8443")
        #expect(scenario.connect.redirectLimit == 5)
        let route = scenario.connect.route
        #expect(route.proxy?.host == "127.0.0.1" && route.proxy?.authorization == "Basic dXNlcjp3b3Jk")
        #expect(route.overrides.endpoints(of: "example.com", port: 443).map(\.port) == [8443, 8443])
        #expect(route.localAddresses.map(\.count) == [14, 1])
        #expect(scenario.secrets == ["word", "word", "dXNlcjp3b3Jk"])
        #expect(scenario.expect.subprotocol?.literal == "chat.v2" && scenario.expect.headers.count == 1)
        #expect(scenario.expect.within?.value == 2_000_000_000)
        #expect(scenario.expect.closers.map(\.value) == [.plan, .peer])
        var compression = CompressionOffer()
        compression.clientNoContextTakeover = true
        compression.clientMaximumWindowBits = 8
        compression.serverMaximumWindowBits = 15
        compression.level = 1
        compression.threshold = 1024
        #expect(scenario.connect.compression == compression)
        let tls = try #require(scenario.connect.tls)
        #expect(
            [tls.ca, tls.cert, tls.key, tls.serverName].map { $0?.value }
                == [
                    "certificates/ca.pem", "certificates/client.pem", "certificates/client.key", "chat.example.com",
                ])
        #expect(tls.minVersion?.value == .tls12 && tls.maxVersion?.value == .tls13)
        #expect(
            tls.ciphers.map(\.value) == [
                "TLS_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256",
            ])
        #expect(!tls.verify && tls.resumption)
        // The digest of nothing at all.
        #expect(tls.pins.map { $0.prefix(4) } == [[0xE3, 0xB0, 0xC4, 0x42]] && tls.pins.map(\.count) == [32])
        #expect(scenario.expect.acceptedStatuses == [101, 403])
        #expect(scenario.expect.acceptedCloseCodes == [1000])
        #expect(plan.thresholds.map(\.condition.value) == ["p(95) < 200ms", "rate > 99%"])
        #expect(scenario.handlers.map(\.event) == [.open, .message, .ping, .pong, .close, .error, .pong])
        let verbs = Set(scenario.handlers.flatMap(\.steps).flatMap(\.verbs))
        #expect(verbs == Set(Verb.allCases))
    }

    @Test
    func namesAPlanAfterItsFile() {
        let names = ["plans/echo.yaml", "a.b.json", "noextension", "<stdin>", ".yaml"].map { name in
            ReadPlan(SourceFile(name: name, bytes: Array("{\"url\": \"ws://h\"}".utf8))).plan?.name
        }
        #expect(names == ["echo", "a.b", "noextension", "plan", ".yaml"])
    }

    @Test
    func theEnvironmentStandsAboveDefaults() throws {
        let file = try Fixture("ok/everything.yaml").source()
        let plan = ReadPlan(file, environment: ["VUS": "7", "UNDECLARED": "x"]).plan
        #expect(plan?.scenarios.first?.load.shape.mostVUs == 7)
        #expect(plan?.environment.map(\.value) == ["127.0.0.1", "certificates", "7", "fleet", ""])
    }

    @Test
    func judgesWhatTheEnvironmentMakesOfAValue() {
        let yaml = """
            url: ${env.URL}
            env: {URL: {}, VUS: {}}
            load: {vus: "${env.VUS}"}
            """
        let read = { ReadPlan(yaml: yaml, environment: $0).diagnostics.map(\.code) }
        #expect(read(["URL": "ws://h", "VUS": "3"]) == [])
        #expect(read(["URL": "http://h", "VUS": "-3"]) == [.invalidURL, .outOfRange])
        #expect(read(["URL": "h", "VUS": "three"]) == [.invalidURL, .wrongType])
        #expect(read([:]) == [.missingEnvironment, .missingEnvironment])
    }

    @Test
    func numbersKeepTheirDigitsForJSON() throws {
        let yaml = """
            url: ws://h
            vars: {list: [1.50, 1e3, 0x1F, 0o17, +1, .5, 12345678901234567890, -0, 1.]}
            """
        let plan = try #require(ReadPlan(yaml: yaml).plan)
        guard case .list(let elements)? = plan.scenarios.first?.variables.first?.value.content else {
            Issue.record("no list")
            return
        }
        let digits = elements.map { element -> String? in
            guard case .number(let number) = element.content else { return nil }
            return number.json
        }
        #expect(
            digits == ["1.50", "1e3", "31", "15", "1", "0.5", "12345678901234567890", "-0", "1.0"])
    }

    /// Every place of a plan, with anything else in it.
    @Test(
        arguments: Fixture.all(in: "ok"), ["~", "text", "[1, [2]]", "{key: {x: 1}}", "${", "99999999999999999999"])
    func survivesAnythingAnywhere(_ fixture: Fixture, _ replacement: String) throws {
        let file = try fixture.source()
        let document = try #require(ReadPlan(file).document)
        let other = try #require(PlanDocument.read(SourceFile(name: "x", bytes: Array(replacement.utf8))).node)
        let variants = document.variants(with: other)
        #expect(variants.count > 1)
        for variant in variants {
            let reading = PlanReader(environment: [:]).read(variant, of: file)
            #expect((reading.plan != nil) == (variant.mapping != nil))
        }
    }
}

extension PlanNode {
    /// Copies of this document, each with another of its nodes replaced.
    fileprivate func variants(with other: PlanNode) -> [PlanNode] {
        var other = other
        other.span = span
        var variants = [other]
        switch content {
        case .scalar, .unreadable: break
        case .sequence(let elements):
            for (index, element) in elements.enumerated() {
                for variant in element.variants(with: other) {
                    var changed = elements
                    changed[index] = variant
                    variants.append(PlanNode(.sequence(changed), at: span))
                }
            }
        case .mapping(let entries):
            for (index, entry) in entries.enumerated() {
                for variant in entry.value.variants(with: other) {
                    var changed = entries
                    changed[index].value = variant
                    variants.append(PlanNode(.mapping(changed), at: span))
                }
            }
        }
        return variants
    }
}

extension Step {
    fileprivate var verbs: [Verb] {
        var verbs: [Verb] = []
        walk { verbs.append($0.verb) }
        return verbs
    }
}
