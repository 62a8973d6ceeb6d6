import LoadMetrics
import PlanModel

/// Keeps the values of `secret` environment variables out of logs, summaries and reports: `***` stands in their place.
struct SecretMask: Sendable {
    private static let replacement = Array("***".utf8)

    /// As UTF-8 and, the way bytes are shown in a failed check, as hexadecimal digits; the longest first, because one
    /// may be a part of another.
    private let secrets: [[UInt8]]

    init(_ environment: [EnvironmentVariable]) {
        let values = environment.filter(\.isSecret).compactMap { $0.value.map { Array($0.utf8) } }
        secrets = values.filter { !$0.isEmpty }.flatMap { [$0, Self.hexadecimal($0)] }.sorted { $0.count > $1.count }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return Array(digits.joined(separator: " ").utf8)
    }

    func masked(_ bytes: [UInt8]) -> [UInt8] {
        guard !secrets.isEmpty else { return bytes }
        var result: [UInt8] = []
        var rest = bytes[...]
        while let first = rest.first {
            if let secret = secrets.first(where: { rest.starts(with: $0) }) {
                result += Self.replacement
                rest = rest.dropFirst(secret.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    func masked(_ text: String) -> String {
        secrets.isEmpty ? text : String(decoding: masked(Array(text.utf8)), as: UTF8.self)
    }

    /// The summary without secrets in what was computed from values: the plan's own text has none.
    func masked(_ summary: RunSummary) -> RunSummary {
        guard !secrets.isEmpty else { return summary }
        var summary = summary
        for index in summary.checks.indices { mask(&summary.checks[index].firstFailure) }
        for index in summary.errors.indices { mask(&summary.errors[index].first) }
        summary.notices = summary.notices.map(masked)
        return summary
    }

    private func mask(_ failure: inout FailureInstance?) {
        guard var masking = failure else { return }
        masking.message = masked(masking.message)
        masking.operands = masking.operands.map { .init($0.text, masked($0.value)) }
        if let answer = masking.answer {
            masking.answer = .init(
                status: answer.status,
                headers: answer.headers.map { .init(masked($0.name), masked($0.value)) }, body: masked(answer.body))
        }
        failure = masking
    }
}
