import TestSupport
import Testing

/// What `wsplan` does not carry out yet, as `Tests/not-yet.txt` says, which the interoperation tests read too.
enum NotYet: String, CaseIterable, CustomTestStringConvertible {
    case tls
    case compression

    static let all: Set<NotYet> = {
        guard let names = try? TextFile.read(BuiltProducts.packageRoot + "/Tests/not-yet.txt") else { return [] }
        return Set(names.split(separator: "\n").compactMap { NotYet(rawValue: String($0)) })
    }()

    var testDescription: String { rawValue }

    /// A plan that asks for it.
    fileprivate var plan: String {
        switch self {
        case .tls: "url: wss://127.0.0.1:1/\non_open:\n  - close\n"
        case .compression: "url: ws://127.0.0.1:1/\nconnect:\n  compression: true\non_open:\n  - close\n"
        }
    }
}

extension EndToEnd {
    /// What the tests leave out is what `wsplan` refuses, and nothing else.
    @Suite struct NotYetTests {
        @Test(arguments: NotYet.allCases) func isRefusedOrCarriedOut(_ feature: NotYet) async throws {
            let folder = try TemporaryDirectory()
            let result = try await EndToEnd.wsplan("lint", folder.write(feature.plan, to: "plan.yaml")).run()
            #expect(result.exitCode == (NotYet.all.contains(feature) ? 2 : 0), "\(result.transcript)")
            #expect(result.output.contains("[WSP103]") == NotYet.all.contains(feature), "\(result.transcript)")
        }
    }
}
