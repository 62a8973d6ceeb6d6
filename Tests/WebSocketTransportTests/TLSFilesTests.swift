import Glibc
import TestSupport
import Testing
import WebSocketTransport

/// The files that TLS reads and writes.
struct TLSFilesTests {
    @Test func aFileThatIsTooLargeIsNotRead() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("", to: "large.pem")
        #expect(truncate(path, 1 << 32) == 0)
        var configuration = TLSConfiguration()
        configuration.authoritiesFile = path
        let error = #expect(throws: TLSContextError.self) { _ = try TLSContext(configuration) }
        #expect(error?.subject == .authorities && error?.reason == "'\(path)' is larger than 16 MiB")
    }

    /// Nor does anybody ask for a password on the terminal.
    @Test func anEncryptedCertificateIsNotRead() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(
            """
            -----BEGIN CERTIFICATE-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF

            AAAA
            -----END CERTIFICATE-----

            """, to: "client.pem")
        var configuration = TLSConfiguration()
        configuration.verifiesServer = false
        configuration.identity = .init(certificateFile: path, keyFile: path)
        let error = #expect(throws: TLSContextError.self) { _ = try TLSContext(configuration) }
        #expect(error?.subject == .certificate && error?.reason.hasPrefix("'\(path)' is encrypted") == true)
    }

    @Test func theKeyLogIsItsOwnersAloneAlsoWhereItWasThereBefore() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("# before\n", to: "keys.log")
        let link = folder.path(of: "link")
        #expect(chmod(path, 0o644) == 0 && symlink(path, link) == 0)
        _ = try TLSKeyLog(path: link)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try TextFile.read(path) == "# before\n")
    }

    @Test func aPipeThatNobodyReadsIsNotWaitedFor() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path(of: "pipe")
        #expect(mkfifo(path, 0o600) == 0)
        #expect(throws: SystemCallError(call: "open", errno: ENXIO)) { _ = try TLSKeyLog(path: path) }
    }
}
