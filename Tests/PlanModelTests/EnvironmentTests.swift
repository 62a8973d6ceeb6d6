import Diagnostics
import PlanModel
import PlanSyntax
import Testing

/// Outside of steps every value may be a template over `env`, which is rendered before it is judged.
@Suite struct EnvironmentTests {
    /// A place for `${env.X}`, text that fits there, and text that does not.
    struct Place: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let path: [String]
        let good: String
        let bad: String?

        init(_ path: String, _ good: String, _ bad: String?) {
            testDescription = path
            self.path = path.split(separator: "/").map(String.init)
            self.good = good
            self.bad = bad
        }

        /// The plan, in YAML's flow style. `[]` is the element of a list.
        var yaml: String {
            var value = "\"${env.X}\""
            for part in path.dropFirst().reversed() {
                value = part == "[]" ? "[\(value)]" : "{\(rest(part)): \(value)}"
            }
            let needed: [(key: String, yaml: String)] = [
                ("url", path[0] == "serve" ? "\"${server.url}\"" : "wss://h/"), ("on_open", "[close]"),
                ("env", "{X: {secret: SECRET}}"),
            ]
            return "{\(path[0]): \(value)"
                + needed.filter { $0.key != path[0] }.map { ", \($0.key): \($0.yaml)" }.joined() + "}"
        }

        /// A key and what has to stand beside it.
        private func rest(_ key: String) -> String {
            switch (path.joined(separator: "/"), key) {
            case ("connect/keepalive/timeout", "timeout"): "interval: 1s, timeout"
            case ("load/pause/min", "min"): "max: 1h, min"
            case ("load/pause/max", "max"): "min: 0s, max"
            case ("load/start_vus", "start_vus"): "stages: [{duration: 1s, target: 1}], start_vus"
            case ("load/rate", "rate"): "duration: 1s, max_vus: 1, rate"
            case ("load/max_vus", "max_vus"): "duration: 1s, rate: 1/s, max_vus"
            case ("load/start_rate", "start_rate"): "stages: [{duration: 1s, target: 1/s}], max_vus: 1, start_rate"
            case ("load/stages/[]/duration", "stages"), ("load/stages/[]/target", "stages"): "start_vus: 1, stages"
            case ("load/stages/[]/duration", "duration"): "target: 1, duration"
            case ("load/stages/[]/target", "target"): "duration: 1s, target"
            case ("connect/tls/cert", "cert"): "key: k, cert"
            case ("connect/tls/key", "key"): "cert: c, key"
            case ("handlers/[]/event", "event"): "do: [ping], event"
            case ("handlers/[]/name", "name"): "do: [ping], event: open, name"
            case ("data/u/order", "order"), ("data/u/per", "per"), ("data/u/at_end", "at_end"): "file: u.csv, \(key)"
            default: key
            }
        }
    }

    static let places = [
        Place("version", "1", "2"), Place("name", "n", nil), Place("description", "d", nil),
        Place("url", "ws://h/", "http://h/"), Place("tags/team", "t", nil), Place("serve", "echo", "repeat"),
        Place("data/u/file", "u.csv", "/u.csv"), Place("data/u/order", "shuffle", "mixed"),
        Place("data/u/per", "vu", "user"), Place("data/u/at_end", "stop", "end"),
        Place("connect/headers/A", "v", "v\nw"), Place("connect/subprotocols/[]", "chat", "a chat"),
        Place("connect/cookies/c", "v", "v w"), Place("connect/origin", "https://h", "https://h/path"),
        Place("connect/compression", "true", "maybe"), Place("connect/compression/level", "3", "30"),
        Place("connect/compression/threshold", "1KiB", "1"),
        Place("connect/compression/client_max_window_bits", "9", "7"),
        Place("connect/compression/server_max_window_bits", "9", "16"),
        Place("connect/compression/client_no_context_takeover", "true", "1"),
        Place("connect/compression/server_no_context_takeover", "false", "no"),
        Place("connect/tls/ca", "ca.pem", "c\u{1}a"), Place("connect/tls/cert", "c.pem", "c\u{1}a"),
        Place("connect/tls/key", "k.pem", "c\u{1}a"), Place("connect/tls/server_name", "h", "h/x"),
        Place("connect/tls/min_version", "1.2", "1.1"), Place("connect/tls/max_version", "1.3", "2"),
        Place("connect/tls/ciphers", "TLS_AES_128_GCM_SHA256", "c\u{1}a"),
        Place("connect/tls/ciphers/[]", "TLS_AES_128_GCM_SHA256", "c\u{1}a"),
        Place("connect/tls/verify", "true", "TRUE"), Place("connect/tls/resumption", "false", "0"),
        Place("connect/tls/pin", "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "sha256/xxxx"),
        Place("connect/proxy", "http://h:3128", "ftp://h"), Place("connect/resolve/h", "127.0.0.1", "localhost."),
        Place("connect/resolve/h/[]", "127.0.0.1", "300.0.0.1"),
        Place("connect/local_addresses/[]", "127.0.0.0/28", "127.0.0.0/40"),
        Place("connect/max_message_size", "1MiB", "1"), Place("connect/follow_redirects", "5", "500"),
        Place("connect/keepalive/interval", "1s", "1"), Place("connect/keepalive/timeout", "1s", "0s"),
        Place("timeouts/connect", "1s", "0s"), Place("timeouts/await", "1s", "soon"),
        Place("timeouts/close", "1s", "-1s"), Place("timeouts/session", "1s", "1"),
        Place("load/vus", "7", "0"), Place("load/duration", "1s", "1"), Place("load/iterations", "7", "seven"),
        Place("load/iterations_per_vu", "7", "0"), Place("load/ramp_up", "1s", "1"), Place("load/pause", "1s", "1"),
        Place("load/pause/min", "1s", "2"), Place("load/pause/max", "1s", "2"),
        Place("load/start_vus", "0", "-1"), Place("load/rate", "60/m", "60"), Place("load/max_vus", "7", "0"),
        Place("load/start_rate", "0/s", "-1/s"), Place("load/stages/[]/duration", "1s", "1"),
        Place("load/stages/[]/target", "7", "7/s"), Place("load/start_after", "1s", "1"),
        Place("load/graceful_stop", "0s", "none"), Place("expect/status", "101", "99"),
        Place("expect/status/[]", "101", "600"), Place("expect/subprotocol", "chat", "a chat"),
        Place("expect/headers/A", "v", nil), Place("expect/within", "1s", "1"), Place("expect/close", "1000", "1004"),
        Place("expect/close/[]", "1000", "999"), Place("expect/closed_by", "plan", "me"),
        Place("expect/closed_by/[]", "peer", "me"), Place("thresholds/checks", "rate > 99%", "rate > 99s"),
        Place("thresholds/checks/[]", "rate > 99%", "p(95) < 1s"), Place("handlers/[]/event", "pong", "pang"),
        Place("handlers/[]/name", "second", nil),
    ]

    @Test(arguments: places) func isRenderedBeforeItIsJudged(_ place: Place) throws {
        let words = { (value: String?, isSecret: Bool) -> [String] in
            let yaml = place.yaml.replacing("SECRET", with: "\(isSecret)")
            let read = ReadPlan(yaml: yaml, environment: value.map { ["X": $0] } ?? [:])
            return read.diagnostics.filter { $0.code != .missingEnvironment }
                .map { "\($0.message.text) [\($0.code)] \($0.help ?? "")" }
        }
        #expect(words(place.good, false) == [])
        #expect(words(nil, false) == [], "without a value")
        guard let bad = place.bad else { return }
        let said = words(bad, false)
        #expect(!said.isEmpty)
        let told = words("\(bad) hunter22 \(bad)", true)
        #expect(told.allSatisfy { !$0.contains("hunter22") }, "\(told)")
    }
}
