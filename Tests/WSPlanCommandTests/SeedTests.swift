import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The same plan and seed send the same, whatever the server and the machine make of the time.
    @Suite struct Seeds {
        /// Handlers, timers in timers, waits, awaits and the values of all places draw random numbers, while echoes come in an
        /// order and at times of the server's own. Whether the echo of an `after` has luck is drawn in the condition of its handler,
        /// which other messages come to as well. A session ends with the echo of the last of its messages: 21, and those of luck.
        private static let plan = """
            url: URL${vu.id}
            data:
              users:
                file: users.csv
                order: shuffle
                per: vu
            vu_vars:
              user: ${uuid()}
            vars:
              room: ${random_int(1, 1000000)}
              left: 21
            load:
              vus: 4
              iterations_per_vu: 3
              pause:
                min: 0s
                max: 5ms
            on_open:
              - send: open ${vu.iteration} ${user} ${room} ${data.users.name} ${uuid()}
              - every: 3ms
                times: 3
                jitter: 2ms
                do:
                  - let:
                      number: random()
                  - after: 1ms
                    do:
                      - send: after ${random_string(8)} ${number}
                  - send: tick ${pick(["a", "b", "c", "d", "e", "f", "g"])} ${uuid()}
              - wait:
                  min: 0ms
                  max: 4ms
              - send: waited ${random_int(0, 1000000)}
              - await: random() < 1.0 && message.text.startsWith("tick")
                timeout: 10s
              - send: awaited ${uuid()}
            handlers:
              - event: message
                if: message.text.startsWith("after") && random() < 0.5
                do:
                  - set:
                      left: left + 1
                  - send: lucky ${uuid()}
              - event: message
                if: "!['{', 'handled', 'lucky'].exists(kind, message.text.startsWith(kind))"
                do:
                  - send:
                      json:
                        answer: ${uuid()}
              - event: message
                if: message.text.startsWith("tick")
                do:
                  - send: handled ${uuid()}
              - event: message
                do:
                  - set:
                      left: left - 1
                  - if: left == 0
                    then:
                      - close
            """

        /// What each user sent.
        private static func payloads(seed: String, delay: String, loops: String) async throws -> [String: [String]] {
            let server = try await TestServer.start(EndToEnd.servers + "/recorder.py", [delay])
            let folder = try TemporaryDirectory()
            try folder.write("name\nAda\nBob\nCy\nDi\nEve\n", to: "users.csv")
            let plan = try folder.write(Self.plan.replacing("URL", with: server.url), to: "plan.yaml")
            let result = try await EndToEnd.wsplan("run", plan, "--seed", seed, "--loops", loops).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            return try await server.finish([String: [String]].self)
        }

        @Test func repeatThePayloadsOfEachUser() async throws {
            let swift = try await Self.payloads(seed: "7", delay: "0", loops: "1")
            let slow = try await Self.payloads(seed: "7", delay: "0.03", loops: "2")
            let other = try await Self.payloads(seed: "8", delay: "0", loops: "1")
            #expect(Set(swift.keys) == ["1", "2", "3", "4"])
            for user in swift.keys.sorted() {
                #expect(swift[user] == slow[user], "VU \(user)")
                #expect(swift[user] != other[user], "VU \(user)")
            }
            let all = swift.values.flatMap(\.self)
            #expect(Set(all).count == all.count)
            for kind in ["open", "tick", "after", "waited", "awaited", "handled", "lucky", "{"] {
                #expect(all.contains { $0.hasPrefix(kind) }, "\(kind)")
            }
        }

        @Test func areMadeAndToldWhereNoneIsGiven() async throws {
            let folder = try TemporaryDirectory()
            let plan = "serve: echo\nurl: ${server.url}\non_open:\n  - log: drawn ${uuid()}\n  - close\n"
            let first = try await EndToEnd.run(plan: plan, in: folder).run()
            let seed = try RunReport(contentsOf: folder.path(of: "report.json")).seed
            #expect(first.output.contains(", seed \(seed)\n"), "\(first.transcript)")
            let drawn = try #require(first.error.split(separator: "\n").first { $0.contains("drawn") })
            var runner = try EndToEnd.run(plan: plan, in: folder)
            let other = try await runner.run()
            #expect(!other.error.contains(drawn), "\(other.transcript)")
            runner.arguments += ["--seed", "\(seed)"]
            let again = try await runner.run()
            #expect(again.error.contains(drawn), "\(again.transcript)")
            for wrong in ["-1", "x", "9007199254740992", ""] {
                runner.arguments[runner.arguments.count - 1] = wrong
                #expect(try await runner.run().exitCode == 2, "\(wrong)")
            }
        }
    }
}
