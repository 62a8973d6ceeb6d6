import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// `wss://`: whom it speaks with, whom it does not, and what it says of it.
    @Suite struct TLS {
        /// A server, what a plan says of it, and what comes of that.
        struct Handshake: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let server: [String]
            let tls: String
            let host: String
            /// What is shown of the failure; nil where there is none.
            let words: String?

            static func refused(
                _ name: String, _ server: String..., tls: String = "ca: ca.pem", host: String = "localhost",
                saying words: String
            ) -> Handshake {
                Handshake(testDescription: name, server: server, tls: tls, host: host, words: words)
            }

            static func accepted(
                _ name: String, _ server: String..., tls: String = "ca: ca.pem", host: String = "localhost"
            ) -> Handshake {
                Handshake(testDescription: name, server: server, tls: tls, host: host, words: nil)
            }
        }

        private static let wrongPin = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        private static let client = "ca: ca.pem\ncert: client.pem\nkey: client.key"

        /// Each refusal, and its accepting twin.
        static let handshakes: [Handshake] = [
            .accepted("a certificate that is right"),
            .refused("expired", "certificate=expired", saying: "its certificate expired on 2021-02-03 04:05:06 UTC"),
            .accepted("expired, and not verified", "certificate=expired", tls: "verify: false"),
            .refused(
                "not yet valid", "certificate=not-yet-valid",
                saying: "its certificate is not valid before 2098-01-02 03:04:05 UTC"),
            .accepted("not yet valid, and not verified", "certificate=not-yet-valid", tls: "verify: false"),
            .refused(
                "wrong host", "certificate=wrong-host",
                saying: "its certificate is for DNS:other.test, IP Address:127.0.0.1, not for 'localhost'"),
            .accepted("another host by its name", "certificate=wrong-host", tls: "ca: ca.pem\nserver_name: other.test"),
            .refused(
                "wrong IP", "certificate=wrong-ip", host: "127.0.0.1",
                saying: "its certificate is for DNS:localhost, IP Address:192.0.2.1, not for '127.0.0.1'"),
            .accepted("right IP", host: "127.0.0.1"),
            .refused(
                "wrong IPv6 address", "certificate=wrong-ip", tls: "ca: ca.pem\nserver_name: \"::1\"",
                saying: "its certificate is for DNS:localhost, IP Address:192.0.2.1, not for '::1'"),
            .accepted("right IPv6 address", tls: "ca: ca.pem\nserver_name: \"::1\""),
            .refused(
                "self-signed", "certificate=self-signed",
                saying: "its certificate is self-signed and not among those trusted"),
            .accepted("self-signed and trusted", "certificate=self-signed", tls: "ca: self-signed.pem"),
            .refused(
                "unknown CA", "certificate=unknown-ca",
                saying: "its certificate was issued by 'Other CA', which is not among those trusted (unknown CA)"),
            .accepted("another CA that is known", "certificate=unknown-ca", tls: "ca: other-ca.pem"),
            .refused("the CA of the tests is not the system's", tls: "", saying: "which is not among those trusted"),
            .accepted("a certificate that is trusted by itself", tls: "ca: good.pem"),
            .refused(
                "CN only", "certificate=cn-only", saying: "it has no subjectAltName, and a common name does not count"),
            .refused("TLS 1.1", "versions=1.1", saying: "it does not speak TLS 1.2 or 1.3"),
            .accepted("TLS 1.2", "versions=1.2"),
            .refused(
                "TLS 1.2 where 1.3 is wanted", "versions=1.2", tls: "ca: ca.pem\nmin_version: 1.3", saying: "TLS 1.3"),
            .accepted("TLS 1.3 where 1.3 is wanted", "versions=1.2-1.3", tls: "ca: ca.pem\nmin_version: 1.3"),
            .refused(
                "TLS 1.3 where 1.2 is wanted", "versions=1.3", tls: "ca: ca.pem\nmax_version: 1.2", saying: "TLS 1.2"),
            .refused(
                "no client certificate, TLS 1.3", "client_ca=ca", "versions=1.3",
                saying: "it wants a client certificate, and"),
            .refused(
                "no client certificate, TLS 1.2", "client_ca=ca", "versions=1.2",
                saying: "it wants a client certificate, and"),
            .accepted("a client certificate", "client_ca=ca", tls: client),
            .accepted("a client certificate that nobody asks for", tls: client),
            .refused(
                "a client certificate of another CA", "client_ca=other-ca", "versions=1.3", tls: client,
                saying: "it does not accept the client's certificate (unknown CA)"),
            .refused(
                "wrong pin", tls: "ca: ca.pem\npin: \(wrongPin)", saying: "the pin of its public key is sha256/"),
            .refused("wrong pin, not verified", tls: "verify: false\npin: \(wrongPin)", saying: "not the one wanted"),
            .refused(
                "no common cipher", "versions=1.2", "ciphers=ECDHE-ECDSA-AES128-GCM-SHA256",
                tls: "ca: ca.pem\nciphers: ECDHE-ECDSA-AES256-GCM-SHA384", saying: "it may have no cipher in common"),
            .accepted(
                "a common cipher", "versions=1.2", "ciphers=ECDHE-ECDSA-AES128-GCM-SHA256",
                tls: "ca: ca.pem\nciphers: TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256"),
        ]

        @Test(arguments: handshakes) func handshake(_ handshake: Handshake) async throws {
            let server = try await EndToEnd.tlsServer("echo", handshake.server)
            let plan = EndToEnd.tlsPlan(handshake.host, server.port, handshake.tls)
            let (result, report) = try await run(plan)
            guard let words = handshake.words else {
                #expect(result.exitCode == 0, "\(result.transcript)")
                #expect(try await server.finish(TLSCounts.self).closes == ["close_notify"])
                return
            }
            #expect(result.exitCode == 1 && report.errors.map(\.kind) == ["tls"], "\(result.transcript)")
            let message = try #require(report.errors.first?.first).message
            #expect(message.hasPrefix("no TLS with \(handshake.host) at 127.0.0.1:\(server.port): "), "\(message)")
            #expect(message.contains(words) && result.output.contains(words), "\(result.transcript)")
        }

        /// A run of a plan beside the certificates.
        private func run(_ plan: String, _ arguments: String...) async throws -> (ProcessRunner.Result, RunReport) {
            let folder = try TemporaryDirectory()
            for name in try TextFile.names(in: EndToEnd.certificates) {
                symlink("\(EndToEnd.certificates)/\(name)", folder.path(of: name))
            }
            var runner = try EndToEnd.run(plan: plan, in: folder)
            runner.arguments += arguments
            return (try await runner.run(), try RunReport(contentsOf: folder.path(of: "report.json")))
        }

        @Test func thePinOfTheServerFits() async throws {
            let server = try await EndToEnd.tlsServer()
            let command = """
                openssl x509 -in \(EndToEnd.certificates)/good.pem -pubkey -noout | openssl pkey -pubin -outform DER |
                    openssl dgst -sha256 -binary | base64
                """
            let pin = try await ProcessRunner("/bin/sh", ["-c", command]).run().outputLines.first ?? ""
            let (result, _) = try await run(
                EndToEnd.tlsPlan(
                    "localhost", server.port, "ca: ca.pem\npin:\n  - \(Self.wrongPin)\n  - sha256/\(pin)"))
            #expect(result.exitCode == 0, "\(result.transcript)")
        }

        @Test func theServerIsToldWhatItHasToKnow() async throws {
            let server = try await EndToEnd.tlsServer("echo", ["client_ca=ca", "alpn=h2,http/1.1"])
            // The last of them is an address that has to be called by a name, as a fully qualified one.
            for (host, tls) in [("localhost", ""), ("127.0.0.1", ""), ("127.0.0.1", "\nserver_name: localhost.")] {
                let (result, report) = try await run(EndToEnd.tlsPlan(host, server.port, Self.client + tls))
                #expect(result.exitCode == 0, "\(result.transcript)")
                let tls = try #require(report.trend("ws_tls")).max
                let connecting = try #require(report.trend("ws_connecting")).max
                #expect(tls > 0 && tls < connecting)
            }
            let counts = try await server.finish(TLSCounts.self)
            #expect(counts.names == ["localhost", nil, "localhost"])
            #expect(counts.protocols == ["http/1.1", "http/1.1", "http/1.1"])
            #expect(counts.clients == ["Test Client", "Test Client", "Test Client"])
            #expect(counts.versions == ["TLSv1.3", "TLSv1.3", "TLSv1.3"])
        }

        /// Bytes are counted where they leave and reach the machine.
        @Test func theBytesOfTLSAreCounted() async throws {
            let server = try await EndToEnd.tlsServer()
            let (result, report) = try await run(EndToEnd.tlsPlan("localhost", server.port, "ca: ca.pem"))
            #expect(result.exitCode == 0, "\(result.transcript)")
            let counts = try await server.finish(TLSCounts.self)
            // The kernel counts the end of the stream as one more, once it is there.
            let sent = try #require(report.counter("data_sent"))
            #expect((sent...sent + 1).contains(counts.received), "\(sent), \(counts.received)")
        }

        @Test(arguments: ["1.2", "1.3"]) func sessionsAreResumedWhereThePlanSaysSo(_ version: String) async throws {
            for (option, resumed) in [("false", 0), ("true", 4)] {
                let server = try await EndToEnd.tlsServer("echo", ["versions=\(version)"])
                let plan = EndToEnd.tlsPlan(
                    "localhost", server.port, "ca: ca.pem\nresumption: \(option)", load: "iterations: 5")
                let (result, _) = try await run(plan)
                #expect(result.exitCode == 0, "\(result.transcript)")
                let counts = try await server.finish(TLSCounts.self)
                #expect(counts.handshakes == 5 && counts.resumed == resumed, "\(version) \(counts)")
            }
        }

        @Test func whatIsNotVerifiedIsSaid() async throws {
            let server = try await EndToEnd.tlsServer()
            let words = "no certificate was verified (verify: false)"
            for (tls, isSaid) in [("verify: false", true), ("ca: ca.pem", false)] {
                let (result, report) = try await run(EndToEnd.tlsPlan("localhost", server.port, tls))
                #expect(result.output.contains(words) == isSaid, "\(result.transcript)")
                #expect(report.notices.contains { $0.contains(words) } == isSaid)
            }
        }

        // MARK: Ends

        @Test(arguments: [
            ("end", "abnormal_closure", "the peer ended the connection without a Close frame\n"),
            ("cut_off", "abnormal_closure", "it may have been cut off"),
        ])
        func theEndOfTheStreamIsToldApart(_ mode: String, _ kind: String, _ words: String) async throws {
            let server = try await EndToEnd.tlsServer(mode)
            let plan = EndToEnd.tlsPlan("localhost", server.port, "ca: ca.pem", steps: "timeouts:\n  session: 20s\n")
            let (result, report) = try await run(plan)
            #expect(report.errors.map(\.kind) == [kind], "\(result.transcript)")
            #expect(result.output.contains(words), "\(result.transcript)")
        }

        /// RFC 6455 §7.1.4: what both Close frames have ended was ended well.
        @Test func aConnectionCutOffBehindBothCloseFramesIsClosed() async throws {
            let server = try await EndToEnd.tlsServer("cut_off_after_close")
            let steps = "on_open:\n  - wait: 10ms\n  - close\n"
            let plan = EndToEnd.tlsPlan("localhost", server.port, "ca: ca.pem", steps: steps)
            let (result, _) = try await run(plan)
            #expect(result.exitCode == 0, "\(result.transcript)")
        }

        @Test(arguments: [
            ("status", ["403"], "timeout", "no end of the TLS handshake with 127.0.0.1"),
            ("silent", [], "timeout", "no end of the TLS handshake with 127.0.0.1"),
            ("close-after-hello", [], "tls", "it ended the connection in the middle of the handshake"),
            ("reset-after-hello", [], "reset", "broke during the TLS handshake"),
            // HTTP/1.1 400
            (
                "greets", ["48 54 54 50 2f 31 2e 31 20 34 30 30 0d 0a 0d 0a"], "tls",
                "it does not speak TLS: it answers with plain HTTP"
            ),
            (
                "greets", ["53 53 48 2d 32 2e 30 2d 78 0d 0a"], "tls",
                "it does not speak TLS: what it sends is no TLS record"
            ),
            // An alert (internal_error), and the beginning of a record.
            ("greets", ["15 03 03 00 02 02 50"], "tls", "it refuses to go on: "),
            ("greets", ["16 03 03"], "timeout", "no end of the TLS handshake with 127.0.0.1"),
        ])
        func aPeerThatDoesNotSpeakTLS(_ mode: String, _ arguments: [String], _ kind: String, _ words: String)
            async throws
        {
            let peer = try await EndToEnd.rawPeer(mode, arguments)
            let plan = EndToEnd.tlsPlan("127.0.0.1", peer.port, "") + "\n  connect: 300ms\n"
            let (result, report) = try await run(plan)
            #expect(report.errors.map(\.kind) == [kind], "\(result.transcript)")
            #expect(result.output.contains(words), "\(result.transcript)")
        }

        @Test func aServerThatDoesNotWantHTTP() async throws {
            let folder = EndToEnd.certificates
            let server = try OpenSSLServer(["-cert", "\(folder)/good.pem", "-key", "\(folder)/good.key", "-alpn", "h2"])
            defer { server.stop() }
            let (result, report) = try await run(EndToEnd.tlsPlan("localhost", server.port, "ca: ca.pem"))
            #expect(report.errors.map(\.kind) == ["tls"], "\(result.transcript)")
            #expect(
                result.output.contains("it does not speak http/1.1 (no application protocol)"), "\(result.transcript)")
        }

        // MARK: Much at once

        @Test(arguments: ["1.2", "1.3"]) func nothingOfAFloodIsLost(_ version: String) async throws {
            let steps = """
                vars:
                  next: 0
                on_message:
                  - if: int(message.text.substring(0, 5)) != next
                    then:
                      - fail: out of order
                  - set:
                      next: next + 1
                timeouts:
                  session: 25s
                """
            try await session(with: "flood", ["versions=\(version)"], steps: steps, receives: 20_000)
        }

        @Test func whatThePeerDoesNotReadYetArrivesWhole() async throws {
            let steps = """
                vars:
                  block: ${random_string(1000000)}
                on_open:
                  - repeat: 12
                    do:
                      - send: ${block}
                on_message:
                  - if: message.text == "12000000"
                    then:
                      - close
                timeouts:
                  session: 25s
                """
            try await session(with: "late_reader", steps: steps, receives: 12)
        }

        /// A session of such steps ends well, with so many messages of the server's.
        private func session(
            with mode: String, _ options: [String] = [], steps: String, receives count: Int
        ) async throws {
            let server = try await EndToEnd.tlsServer(mode, options)
            let (result, report) = try await run(
                EndToEnd.tlsPlan("localhost", server.port, "ca: ca.pem", steps: steps))
            #expect(result.exitCode == 0, "\(result.transcript)")
            #expect(report.counter("ws_msgs_received") == count)
        }

        // MARK: Key log

        @Test func theKeyLogIsThePersonsWhoAskedForIt() async throws {
            let folder = try TemporaryDirectory()
            let path = folder.path(of: "keys.log")
            let server = try await EndToEnd.tlsServer()
            for runs in 1...2 {
                let (result, _) = try await run(
                    EndToEnd.tlsPlan("localhost", server.port, "ca: ca.pem"), "--keylog", path)
                #expect(result.exitCode == 0, "\(result.transcript)")
                let lines = try TextFile.read(path).split(separator: "\n")
                // NSS key log format: label, client random, secret.
                let secrets = lines.filter {
                    $0.hasPrefix("CLIENT_TRAFFIC_SECRET_0 ") && $0.split(separator: " ").count == 3
                }
                #expect(secrets.count == runs && lines.allSatisfy { $0.split(separator: " ").count == 3 }, "\(lines)")
            }
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        }

        @Test func aKeyLogThatCannotBeWrittenEndsTheRunBeforeItBegins() async throws {
            let server = try await EndToEnd.tlsServer()
            let folder = try TemporaryDirectory()
            let plan = try folder.write(EndToEnd.tlsPlan("localhost", server.port, "verify: false"), to: "plan.yaml")
            let missing = try await EndToEnd.wsplan("run", plan, "--keylog", folder.path(of: "no/such/keys.log")).run()
            #expect(missing.exitCode == 3, "\(missing.transcript)")
            #expect(missing.error.contains("cannot write the key log "), "\(missing.transcript)")
            let full = try await EndToEnd.wsplan("run", plan, "--keylog", "/dev/full").run()
            #expect(full.exitCode == 3, "\(full.transcript)")
            #expect(full.error.contains("key log /dev/full: No space left on device"), "\(full.transcript)")
            let counts = try await server.finish(TLSCounts.self)
            #expect(counts.handshakes == 1)
        }

        // MARK: Files

        /// What `lint` says of files and ciphers, and where.
        @Test(arguments: [
            ("ca: FOLDER", "4:9", "'FOLDER' is not a regular file"),
            ("ca: FOLDER/ca.key", "4:9", "'FOLDER/ca.key' holds no certificate in PEM form"),
            ("ca: FOLDER/none.pem", "4:9", "'FOLDER/none.pem' cannot be read: No such file or directory"),
            (
                "cert: FOLDER/client.key\nkey: FOLDER/client.key", "4:11",
                "'FOLDER/client.key' holds no usable certificate in PEM form"
            ),
            (
                "cert: FOLDER/client.pem\nkey: FOLDER/client.pem", "5:10",
                "'FOLDER/client.pem' holds no usable private key in PEM form"
            ),
            (
                "cert: FOLDER/client.pem\nkey: FOLDER/good.key", "5:10",
                "'FOLDER/good.key' is not the key of the certificate in 'FOLDER/client.pem'"
            ),
            ("cert: FOLDER/client.pem\nkey: FOLDER/encrypted.key", "5:10", "'FOLDER/encrypted.key' is encrypted"),
            ("server_name: .localhost", "4:18", "'.localhost' cannot be the name of a server"),
            ("ciphers: TLS_NONE", "4:14", "'TLS_NONE' is not a cipher suite of TLS 1.3 that this OpenSSL has"),
            ("ciphers: HIGH:ROT13", "4:14", "'ROT13' is not a cipher of TLS 1.2 that this OpenSSL has"),
        ])
        func aFileThatCannotBeUsedIsAnErrorOfThePlan(_ tls: String, _ place: String, _ words: String) async throws {
            let here = { (text: String) in text.replacing("FOLDER", with: EndToEnd.certificates) }
            let folder = try TemporaryDirectory()
            let plan = try folder.write(EndToEnd.tlsPlan("localhost", 1, here(tls)), to: "plan.yaml")
            for command in ["lint", "run"] {
                let result = try await EndToEnd.wsplan(command, plan).run()
                #expect(result.exitCode == 2, "\(result.transcript)")
                let text = result.output + result.error
                #expect(text.hasPrefix("\(plan):\(place): error: \(here(words))"), "\(result.transcript)")
            }
        }
    }
}

/// `openssl s_server`: TLS that another has written, for what a WebSocket server would not do.
private final class OpenSSLServer {
    let port: Int
    private let child: ChildProcess

    init(_ arguments: [String]) throws {
        child = try ChildProcess(
            "/usr/bin/env", ["openssl", "s_server", "-accept", "127.0.0.1:0"] + arguments,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], error: .inherited)
        while let line = child.readLine() {
            guard line.hasPrefix("ACCEPT "), let number = line.split(separator: ":").last.flatMap({ Int($0) }) else {
                continue
            }
            port = number
            return
        }
        throw SystemCallFailure("openssl s_server")
    }

    func stop() { child.kill() }
}
