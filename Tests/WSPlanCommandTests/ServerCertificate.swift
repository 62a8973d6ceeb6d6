import TestSupport

/// A certificate for 127.0.0.1 that signs itself, and its key: files that go with the last reference.
final class ServerCertificate: Sendable {
    private let folder: TemporaryDirectory

    /// The paths of the two, in PEM.
    let certificate: String
    let key: String

    /// - Throws: `SystemCallFailure`, or `NotMade` where openssl fails.
    init() async throws {
        folder = try TemporaryDirectory()
        certificate = folder.path(of: "cert.pem")
        key = folder.path(of: "key.pem")
        let script = BuiltProducts.packageRoot + "/Tests/Interoperation/certificate.sh"
        let result = try await ProcessRunner(script, [folder.path]).run()
        guard result.exitCode == 0 else { throw NotMade(reason: result.error) }
    }

    struct NotMade: Error {
        let reason: String
    }
}
