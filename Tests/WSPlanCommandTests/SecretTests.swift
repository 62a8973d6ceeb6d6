import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The value of a secret is in no output, however it is written.
    @Suite struct Secrets {
        /// Quotes, backslashes, text beyond ASCII, spaces and `%`; a short one; one that begins another; one of several lines.
        static let secrets = [
            #"pa"ss'w\örd 50%25 +=/"#, "h4x!", "alpha-bravo", "alpha-bravo-charlie", "日本\u{1F600}\n\t\"½\"",
        ]

        /// What a plan may make of a secret.
        static let forms = [
            "env.S", "url_encode(env.S)", "base64.encode(bytes(env.S))", "base64.encode(bytes('user:' + env.S))",
            "base64.encode(bytes('me:' + env.S + ' and more'))", "base64.encode(bytes('a' + env.S + '?>'))",
            "base64url.encode(bytes('!' + env.S))", "hex(bytes(env.S))", "to_json(env.S)", "to_json(to_json([env.S]))",
            "url_encode(base64.encode(bytes('~' + env.S)))",
        ]

        /// The texts that would give a secret away, made by code that is not ours.
        static func traces(of secret: String) throws -> [String] {
            let bytes = Array(secret.utf8)
            var traces = [secret]
            let percent = try #require(secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            traces += [percent, percent.lowercased(), percent.replacing("%20", with: "+")]
            let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            traces += [hexadecimal.joined(), hexadecimal.joined().uppercased(), hexadecimal.joined(separator: " ")]
            let encoded = String(decoding: try JSONEncoder().encode([secret]), as: UTF8.self)
            let json = String(encoded.dropFirst(2).dropLast(2))
            traces += [json, json.replacing("\\/", with: "/")]
            for offset in 0..<3 {
                let base64 = Array(Data([UInt8](repeating: 0x55, count: offset) + bytes).base64EncodedString())
                let core = String(base64[(offset * 8 + 5) / 6..<(offset + bytes.count) * 8 / 6])
                traces += [core, core.replacing("+", with: "-").replacing("/", with: "_")]
            }
            return traces.filter { $0.utf8.count >= 4 }
        }

        /// Says each form wherever a plan can say something: in logs, checks, groups, errors, reasons, names, tags and addresses.
        private static let plan = """
            name: plan of ${env.S}
            description: about ${env.S}
            serve: echo
            url: ${server.url}?secret=${url_encode(env.S)}
            env:
              S:
                secret: true
            tags:
              team: ${env.S}
            vars:
              forms:
            \(forms.map { "    - ${\($0)}" }.joined(separator: "\n"))
            load:
              vus: 4
              iterations: \(forms.count)
            thresholds:
              checks: rate > 0.1%
            on_open:
              - log: "<${forms[run.iteration]}>"
              - log: "bytes: <${hex(bytes(forms[run.iteration]))}>"
              - send: ${forms[run.iteration]}
            on_message:
            \(forms.indices.map(steps).joined(separator: "\n"))
              - if: run.iteration % 3 == 0
                then:
                  - log: ${int(message.text)}
              - if: run.iteration % 3 == 1
                then:
                  - fail: failed for ${message.text}
              - close:
                  reason: "${size(bytes(message.text)) < 120 ? message.text : env.S}"
            on_error:
              - log: "error: ${error.message}"
            on_close:
              - log: "close: ${close.reason}"
              - if: run.iteration == \(forms.count - 1)
                then:
                  - stop_run: stopped for ${forms}
            """

        private static func steps(_ index: Int) -> String {
            """
              - if: run.iteration == \(index)
                then:
                  - group: form \(index)
                    do:
                      - check:
                          text: message.text == "x" || [message.text] == [] || {"k":message.text} == {}
                          bytes: message.bytes == b"x" || bytes('ab' + env.S) == b"" || message.data == ""
                          number: int(message.text) == 1
                          base64: base64.decode(message.text) == b"x"
            """
        }

        @Test(arguments: secrets) func areInNoOutput(_ secret: String) async throws {
            let folder = try TemporaryDirectory()
            var runner = try EndToEnd.run(plan: Self.plan, in: folder)
            runner.environment["S"] = secret
            let result = try await runner.run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            let report = try TextFile.read(folder.path(of: "report.json"))
            #expect(throws: Never.self) { try RunReport(contentsOf: folder.path(of: "report.json")) }
            let logged = result.error.split(separator: "\n").filter { $0.contains("] <") }
            #expect(logged.count == Self.forms.count, "\(result.transcript)")
            for line in logged { #expect(line.contains("***"), "\(line)") }
            #expect(report.contains("\"name\": \"plan of ***\"") && report.contains("\"count\": 1"), "\(report)")
            try Self.expectNoTrace(of: secret, in: [result.output, result.error, report])
        }

        /// Where the environment makes something of a plan that does not fit, and in listings.
        @Test(arguments: secrets) func areNotToldByWhatIsWrongWithThem(_ secret: String) async throws {
            let folder = try TemporaryDirectory()
            let path = try folder.write(
                """
                name: ${env.S}
                url: ws://me:${url_encode(env.S)}@127.0.0.1:1/
                env:
                  S:
                    secret: true
                data:
                  users:
                    file: ${env.S}.csv
                  other:
                    file: ${env.S}
                load:
                  vus: ${env.S}
                  duration: ${env.S}
                timeouts:
                  connect: 1${env.S}
                connect:
                  max_message_size: ${env.S}
                  compression: ${env.S}
                  tls:
                    ca: ${env.S}.pem
                  proxy: http://${env.S}@h
                  headers:
                    X: ${env.S}
                  cookies:
                    c: ${env.S}
                thresholds:
                  checks: ${env.S}
                on_open:
                  - send: ${data.users.name} ${env.S}
                  - close
                """, to: "plan.yaml")
            var outputs: [String] = []
            for command in ["lint", "compile", "run"] {
                let runner = EndToEnd.wsplan(command, path, environment: ["S": secret])
                let result = try await runner.run()
                #expect(result.exitCode == 2, "\(result.transcript)")
                outputs.append(result.output + result.error)
            }
            try Self.expectNoTrace(of: secret, in: outputs)
        }

        /// What stands in the plan itself is known to its readers; a log of what was done with it has more of them.
        @Test func ofThePlansOwnTextAreNotShownWithItsLines() async throws {
            let folder = try TemporaryDirectory()
            let text = "url: ws://me:hunter22@127.0.0.1:1/\nvars: {x: 1}\non_open:\n  - log: hunter22 END\n  - close\n"
            let good = try folder.write(text.replacing("END", with: "is ${x}"), to: "good.yaml")
            let bad = try folder.write(text.replacing("END", with: "is ${y}"), to: "bad.yaml")
            for (command, path, code) in [
                ("compile", good, 0), ("lint", bad, 2), ("compile", bad, 2), ("run", good, 1),
            ] {
                let result = try await EndToEnd.wsplan(command, path).run()
                #expect(result.exitCode == Int32(code), "\(result.transcript)")
                try Self.expectNoTrace(of: "hunter22", in: [result.output, result.error])
            }
        }

        private static func expectNoTrace(of secret: String, in outputs: [String]) throws {
            for trace in try traces(of: secret) {
                for output in outputs where output.contains(trace) {
                    let line = output.split(separator: "\n").first { $0.contains(trace) } ?? output[...]
                    Issue.record("'\(trace)' in: \(line)")
                }
            }
        }
    }
}
