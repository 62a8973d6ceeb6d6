import Diagnostics
import Digests
import LoadMetrics
import PlanModel

extension LoadedPlan {
    /// What a result is told to be of: the plan as it is shown, with the digests of what was read. It has no secrets in it.
    var identity: PlanIdentity {
        var digests: [String: [UInt8]] = [:]
        for source in plan?.data ?? [] {
            if let file = source.file, let digest = source.digest { digests[file.value] = digest }
        }
        for (path, bytes) in plan?.files ?? [:] { digests[path] = sha256(bytes) }
        return PlanIdentity(
            name: plan?.name ?? "", source: shownFile, digest: Self.hexadecimal(sha256(file.bytes)),
            files: digests.sorted { $0.key < $1.key }.map {
                PlanIdentity.File(path: $0.key, digest: Self.hexadecimal($0.value))
            })
    }

    private static func hexadecimal(_ digest: [UInt8]) -> String {
        digest.map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
