import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// `send` in all its forms, byte for byte as a server of another make has them.
    @Suite struct Sending {
        /// A message as `recording_server.py` has taken it.
        private struct Message: Decodable, Equatable {
            var binary: Bool
            var hex: String
            var frames: Int

            init(_ hex: String, binary: Bool = false, frames: Int = 1) {
                self.binary = binary
                self.hex = hex
                self.frames = frames
            }

            init(text: String, frames: Int = 1) {
                self.init(Self.hex(Array(text.utf8)), frames: frames)
            }

            static func hex(_ bytes: [UInt8]) -> String {
                bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            }
        }

        /// Runs steps in one session and gives the messages that the server has seen.
        private func messages(sentBy steps: String, in folder: TemporaryDirectory) async throws -> [Message] {
            let server = try await TestServer.start(EndToEnd.servers + "/recording_server.py")
            let plan = "url: \(server.url)\nvars:\n  n: 3\n  bytes: ${b\"\\x00\\xff\"}\non_open:\n\(steps)\n"
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            return try await server.finish([Message].self)
        }

        @Test func everyFormArrivesByteForByte() async throws {
            let messages = try await messages(
                sentBy: """
                      - send: hé ${n}
                      - send: ${bytes}
                      - send:
                          text: 40
                        fragments: 2
                      - send:
                          json: {n: "${n}", m: 1.50}
                      - send:
                          base64: AP8=
                      - send:
                          base64: ${base64.encode(bytes)}
                        fragments: 2
                      - send:
                          hex: 00 FF 10
                      - send:
                          hex: 0${n}0${n + 1}
                      - send:
                          hex: ""
                      - close
                    """, in: try TemporaryDirectory())
            #expect(
                messages == [
                    Message(text: "hé 3"), Message("00ff", binary: true), Message(text: "40", frames: 2),
                    Message(text: #"{"n":3,"m":1.50}"#), Message("00ff", binary: true),
                    Message("00ff", binary: true, frames: 2), Message("00ff10", binary: true),
                    Message("0304", binary: true), Message("", binary: true),
                ])
        }

        @Test func anEchoOfWhatCameIsOfTheSameKind() async throws {
            let messages = try await messages(
                sentBy: """
                      - send:
                          hex: c3a9
                      - await: any
                      - send: ${message.data}
                      - send: é
                      - await: any
                      - await: any
                      - send: ${message.data}
                      - close
                    """, in: try TemporaryDirectory())
            #expect(
                messages == [
                    Message("c3a9", binary: true), Message("c3a9", binary: true), Message(text: "é"),
                    Message(text: "é"),
                ])
        }

        @Test func randomPayloadsHaveTheirSizeAndKind() async throws {
            let messages = try await messages(
                sentBy: """
                      - repeat: 2
                        do:
                          - send:
                              random: 1KiB
                      - send:
                          random: ${n}KB
                          as: text
                        fragments: 5
                      - send:
                          random: 0B
                      - close
                    """, in: try TemporaryDirectory())
            #expect(messages.map(\.binary) == [true, true, false, true])
            #expect(messages.map { $0.hex.utf8.count / 2 } == [1024, 1024, 3000, 0])
            #expect(messages.map(\.frames) == [1, 1, 5, 1])
            #expect(messages[0] != messages[1])
            // Printable: from 20 to 7e.
            let characters = stride(from: 0, to: 6000, by: 2).compactMap { place in
                UInt8(messages[2].hex.dropFirst(place).prefix(2), radix: 16)
            }
            #expect(characters.count == 3000 && characters.allSatisfy { (0x20...0x7E).contains($0) })
        }

        // MARK: Files

        /// A folder with files of many kinds, beside which a plan may lie.
        private func folderOfFiles() throws -> TemporaryDirectory {
            let folder = try TemporaryDirectory()
            try folder.write("hé\n", to: "text.txt")
            try TextFile.write([0x68, 0x69, 0xFF, 0x00], to: folder.path(of: "bytes.bin"))
            _ = try folder.makeDirectory("below")
            try folder.write("deep", to: "below/deep.txt")
            symlink("below/deep.txt", folder.path(of: "inside"))
            symlink("/etc/passwd", folder.path(of: "outside"))
            symlink("/dev/zero", folder.path(of: "device"))
            symlink("itself", folder.path(of: "itself"))
            mkfifo(folder.path(of: "fifo"), 0o600)
            try folder.write(String(repeating: "ü", count: 5_000), to: "long.txt")
            try folder.write("", to: "large")
            truncate(folder.path(of: "large"), 64 << 20 + 1)
            return folder
        }

        @Test func filesAreSentAsTheyAre() async throws {
            let messages = try await messages(
                sentBy: """
                      - send:
                          file: text.txt
                          as: text
                      - send:
                          file: text.txt
                      - send:
                          file: bytes.bin
                          as: binary
                        fragments: 2
                      - send:
                          file: below/../inside
                          as: text
                      - send:
                          file: long.txt
                          as: text
                      - close
                    """, in: try folderOfFiles())
            #expect(
                messages == [
                    Message("68c3a90a"), Message("68c3a90a", binary: true),
                    Message("6869ff00", binary: true, frames: 2), Message(text: "deep"),
                    Message(text: String(repeating: "ü", count: 5_000)),
                ])
        }

        @Test(arguments: [
            ("none.bin", "'none.bin' does not exist"), ("below", "'below' is a directory, not a file"),
            ("outside", "'outside' lies outside of the plan's folder"),
            ("device", "'device' lies outside of the plan's folder"), ("fifo", "'fifo' is a FIFO, not a file"),
            ("itself", "'itself' is a link that leads to itself"),
            ("large", "'large' is larger than the 64 MiB that such a file may have"),
            ("bytes.bin", "'bytes.bin' is not UTF-8, which text has to be (byte 3)"),
            ("../text.txt", "the path leads out of the plan's folder"),
            ("/etc/passwd", "the path of a file that a plan uses is relative to the plan's folder"),
        ])
        func lintSaysWhichFilesCannotBeSent(_ file: String, _ reason: String) async throws {
            let folder = try folderOfFiles()
            let plan = "url: ws://127.0.0.1/\non_open:\n  - send:\n      file: \(file)\n      as: text\n  - close\n"
            let path = try folder.write(plan, to: "plan.yaml")
            let result = try await EndToEnd.wsplan("lint", path).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            let expected = "\(path):4:13: error: \(reason) [WSP"
            #expect(result.outputLines.first?.hasPrefix(expected) == true, "\(result.transcript)")
        }
    }
}
